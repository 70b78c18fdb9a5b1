package io.leprechaun.daemon.posix;

import java.time.Duration;
import java.util.OptionalLong;

/**
 * The resources that a process and the descendants for which it waited have used.
 *
 * @param cpu the processor time
 * @param peakMemory the largest resident set in bytes; empty: it is not known, because the kernel counts the daemon's
 *     own in, and it was not larger than that
 * @param read the bytes that came from a disk
 * @param written the bytes that go to a disk
 */
public record Usage(Duration cpu, OptionalLong peakMemory, long read, long written) {
    /** No usage, or an unknown one. */
    public static final Usage NONE = new Usage(Duration.ZERO, OptionalLong.empty(), 0, 0);
}
