package io.leprechaun.daemon.process;

import io.leprechaun.daemon.posix.Usage;

/**
 * How a process ended and what it used.
 *
 * @param code 0 to 255; 128 + signal for a process that a signal ended, as shells say it
 */
public record Exit(int code, Usage usage) {
    /** Whether it ended well. */
    public boolean success() {
        return code == 0;
    }
}
