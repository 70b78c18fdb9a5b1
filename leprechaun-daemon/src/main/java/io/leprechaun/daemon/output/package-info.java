/**
 * The output of steps: the files that hold it, their size limits, and the secrets hidden in them.
 *
 * <p>Output is files, {@code output/N/RUN/ATTEMPT-STEP.log}, written by the steps themselves. {@link OutputWatch} holds
 * them to their limit. One thread looks at growing files every 5 to 20 ms, and punches holes into the longest; inotify
 * watches files at rest. Beyond twice the limit it stops the writers' process groups for a moment. {@link OutputText}
 * reads around the holes, which {@code lseek} finds by SEEK_DATA and SEEK_HOLE.
 *
 * <p>{@link Mask} hides secrets by stars while output is read. When a run is over, it hides them in the files
 * themselves, in as many bytes, so that offsets stay. {@link LeftMasks} continues while something that the run left
 * behind lives. A reader holds back bytes that may be the beginning of a secret.
 */
@NullMarked
package io.leprechaun.daemon.output;

import org.jspecify.annotations.NullMarked;
