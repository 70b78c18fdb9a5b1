package io.leprechaun.daemon.output;

/**
 * How much a step printed into its log, in bytes.
 *
 * @param dropped how many of them, from the middle, were not kept
 */
public record OutputSize(long bytes, long dropped) {
    /** Nothing. */
    public static final OutputSize NOTHING = new OutputSize(0, 0);
}
