/**
 * The output of steps: the pipes that they print into, the files that keep it, and the secrets hidden in it.
 *
 * <p>A step prints into a pipe of the kernel ({@link io.leprechaun.daemon.posix.OutputPipe}). {@link OutputPump} moves
 * what comes out of it into {@code output/N/RUN/ATTEMPT-STEP.log}, by {@code splice} where nothing is to be hidden, so
 * that it never passes through the heap. The file is made by the first output: a silent step makes none. One thread
 * looks at the pipes of steps that print, every 5 ms, and waits for the others by {@code epoll}. The run's own thread
 * takes the rest when the step ends. So most short steps never reach the pump's thread.
 *
 * <p>A pipe can be opened again by every user that has it, which a file of the daemon's cannot. So {@code echo text >
 * /dev/stderr} adds a line, and erases nothing. A pipe slows a step down that prints faster than the disk takes it.
 * Where the output exceeds the limit, {@link OutputFile} punches a hole into its middle, so that offsets stay.
 * {@link OutputText} reads around the holes, which {@code lseek} finds by SEEK_DATA and SEEK_HOLE. Output that cannot
 * be written is lost, and the run reports it; the step does not fail by it.
 *
 * <p>{@link TimesFile} notes when a step printed, at most once a second, in a file beside the output.
 *
 * <p>{@link Mask} hides secrets by stars before anything is written, in as many bytes. The beginning of a secret is
 * held back until it is decided, or the step ends.
 *
 * <p>A process that a step leaves behind prints into the same pipe, and the pump goes on. {@link Successors} hold the
 * pipes of such processes, and of steps that take more than a second. They read them once the daemon has ended. So no
 * crash of the daemon ends such a process by SIGPIPE. What it prints without a daemon is kept as far as the limit has
 * room, and its secrets are not hidden.
 */
@NullMarked
package io.leprechaun.daemon.output;

import org.jspecify.annotations.NullMarked;
