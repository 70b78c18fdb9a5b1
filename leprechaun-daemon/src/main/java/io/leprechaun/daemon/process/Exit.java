package io.leprechaun.daemon.process;

import io.leprechaun.daemon.posix.Usage;

/**
 * The end of a process and its resource usage.
 *
 * @param code the exit code, 0 to 255; 128 + signal for a process that a signal ended, as in shells
 */
public record Exit(int code, Usage usage) {
    /** Returns whether the process succeeded. */
    public boolean success() {
        return code == 0;
    }
}
