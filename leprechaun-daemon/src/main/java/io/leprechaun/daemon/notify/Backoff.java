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

    /** After what may have arrived: a hundred and eighty times as long, from 15 minutes, and up to four hours. */
    Backoff cautious() {
        return new Backoff(first.multipliedBy(180), longest.multipliedBy(24));
    }

    /** So long at least that somebody asked for; but not a day because a server says so. */
    private static final Duration LONGEST_ASKED = Duration.ofHours(1);

    /**
     * As {@link #after(int)}, and as long as was asked for, up to an hour.
     *
     * @param failures in a row, from 1
     */
    Duration after(int failures, Duration asked) {
        Duration wait = after(failures);
        Duration heeded = asked.compareTo(LONGEST_ASKED) < 0 ? asked : LONGEST_ASKED;
        return wait.compareTo(heeded) < 0 ? heeded : wait;
    }

    /** @param failures in a row, from 1 */
    Duration after(int failures) {
        Duration wait = first;
        for (int i = 1; i < failures && wait.compareTo(longest) < 0; i++) {
            wait = wait.multipliedBy(2);
        }
        return wait.compareTo(longest) < 0 ? wait : longest;
    }
}
