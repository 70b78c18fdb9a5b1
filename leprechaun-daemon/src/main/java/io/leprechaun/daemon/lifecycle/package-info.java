/**
 * Parts that are opened and closed in order, and the only source of threads.
 *
 * <p>{@link Alarms} is one thread for all time-outs. Its tasks are short: they ask a run to stop, and the run's own
 * thread does the work. {@link SupervisedThread}s live as long as the daemon. {@link SelfWatch} checks every five
 * seconds that they and the channels live, and that due instants get records. A fault that stays for four checks is an
 * alarm: in the log, in a notice without a run, and in {@code daemon health}. {@link Parts} closes parts in reverse
 * order, past failures.
 */
@NullMarked
package io.leprechaun.daemon.lifecycle;

import org.jspecify.annotations.NullMarked;
