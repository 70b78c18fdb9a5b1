/** The agent that runs recipes on an interval. */
@NullMarked
package io.leprechaun.daemon.agent.scheduler;

import org.jspecify.annotations.NullMarked;
