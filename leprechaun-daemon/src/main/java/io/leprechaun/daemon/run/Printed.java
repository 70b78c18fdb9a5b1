package io.leprechaun.daemon.run;

/**
 * How much a step printed into its log, in bytes.
 *
 * @param dropped how many of them, from the middle, were not kept
 */
public record Printed(long bytes, long dropped) {
    /** Nothing. */
    public static final Printed NOTHING = new Printed(0, 0);
}
