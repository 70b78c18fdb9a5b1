package io.leprechaun.daemon.output;

/**
 * The size of the output of a step, in bytes.
 *
 * @param dropped the number of bytes from the middle that were not kept
 */
public record OutputSize(long bytes, long dropped) {
    /** The size of no output. */
    public static final OutputSize NOTHING = new OutputSize(0, 0);
}
