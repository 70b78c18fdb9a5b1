package io.leprechaun.daemon.process;

import java.time.Duration;

/**
 * How a process ended and what it used.
 *
 * @param code 0 to 255; 128 + signal for a process that a signal ended, as shells say it
 * @param cpu processor time of it and of its waited-for descendants
 * @param peakMemory the largest resident set was this or less, in bytes: the kernel counts in what the daemon had resident when it started the process
 */
public record Exit(int code, Duration cpu, long peakMemory) {
    /** Whether it ended well. */
    public boolean success() {
        return code == 0;
    }
}
