/** Executes an attempt of a run: its steps as processes, in chains, with their limits, expectations and environment. */
@NullMarked
package io.leprechaun.daemon.execution;

import org.jspecify.annotations.NullMarked;
