/** The agent that runs recipes by webhook. */
@NullMarked
package io.leprechaun.daemon.agent.server;

import org.jspecify.annotations.NullMarked;
