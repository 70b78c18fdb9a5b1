/** The parts that all agents share: start, stop, pause, and the commands for workers. */
@NullMarked
package io.leprechaun.daemon.agent;

import org.jspecify.annotations.NullMarked;
