/** The agent that runs recipes by cron pattern. */
@NullMarked
package io.leprechaun.daemon.agent.cron;

import org.jspecify.annotations.NullMarked;
