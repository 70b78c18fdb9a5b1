/**
 * The output of runs, as it is printed for users.
 *
 * <p>{@code run --follow} reads one stream of frames ({@link FrameWriter}): output, and words about it. So both stay in
 * their order, and nothing that a step prints can pass for the program's own words.
 */
@NullMarked
package io.leprechaun.daemon.desk.output;

import org.jspecify.annotations.NullMarked;
