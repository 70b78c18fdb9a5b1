package io.leprechaun.daemon.notify;

import java.time.Duration;

/**
 * How long to wait after failures in a row: each time twice as long as before.
 *
 * @param first after the first failure, more than zero
 * @param longest at most, not shorter than the first
 */
record Backoff(Duration first, Duration longest) {
    /** From 5 seconds to 10 minutes. */
    static final Backoff USUAL = new Backoff(Duration.ofSeconds(5), Duration.ofMinutes(10));

    /** @param failures in a row, from 1 */
    Duration after(int failures) {
        Duration wait = first;
        for (int i = 1; i < failures && wait.compareTo(longest) < 0; i++) {
            wait = wait.multipliedBy(2);
        }
        return wait.compareTo(longest) < 0 ? wait : longest;
    }
}
