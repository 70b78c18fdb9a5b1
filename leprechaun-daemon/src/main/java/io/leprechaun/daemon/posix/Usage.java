package io.leprechaun.daemon.posix;

import java.time.Duration;
import java.util.OptionalLong;

/**
 * What a process and the descendants it waited for have used.
 *
 * @param cpu processor time
 * @param peakMemory the largest resident set in bytes; empty where it was not larger than the daemon's own: the kernel counts that in, so nobody knows
 * @param read bytes that came from a disk
 * @param written bytes that go to a disk
 */
public record Usage(Duration cpu, OptionalLong peakMemory, long read, long written) {
    /** Nothing, or not known. */
    public static final Usage NONE = new Usage(Duration.ZERO, OptionalLong.empty(), 0, 0);
}
