/**
 * A run and its parts, as values: its cause, its input, its state, its steps and its outcome.
 *
 * <p>A {@link Run} is one execution of a recipe with a number, or the record of the reason that there was none.
 * {@link RunState} is its state. These transitions exist, and no others:
 *
 * <ul>
 *   <li>QUEUED becomes RUNNING, WAITING, KILLED, REJECTED, SKIPPED or LOST. LOST: it was claimed, and may have started.
 *   <li>WAITING becomes RUNNING, QUEUED, FAILED, KILLED, TIMED_OUT, REJECTED, SKIPPED or LOST.
 *   <li>RUNNING becomes STOPPING, WAITING, SUCCEEDED, FAILED, KILLED, TIMED_OUT or LOST.
 *   <li>STOPPING becomes SUCCEEDED, FAILED, KILLED, TIMED_OUT or LOST.
 * </ul>
 *
 * <p>All other states are final. HELD, SKIPPED and REJECTED are decisions of admission; MISSED is recorded before it.
 * WAITING is between two attempts. A run that waits for a lock is QUEUED in the store, and shown as waiting.
 */
@NullMarked
package io.leprechaun.daemon.run;

import org.jspecify.annotations.NullMarked;
