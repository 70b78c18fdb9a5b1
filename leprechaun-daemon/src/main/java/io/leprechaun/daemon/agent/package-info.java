/** What every agent can do: start, stop, pause, and answer for its workers. */
@NullMarked
package io.leprechaun.daemon.agent;

import org.jspecify.annotations.NullMarked;
