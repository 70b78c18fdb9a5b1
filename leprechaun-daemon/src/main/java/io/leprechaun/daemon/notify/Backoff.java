package io.leprechaun.daemon.notify;

import java.time.Duration;

/**
 * The waits after failures in a row: each one is twice as long as the one before.
 *
 * @param first the wait after the first failure, more than zero
 * @param longest the longest wait, not shorter than the first
 */
record Backoff(Duration first, Duration longest) {
    /** The usual waits, from 5 seconds to 10 minutes. */
    static final Backoff USUAL = new Backoff(Duration.ofSeconds(5), Duration.ofMinutes(10));

    /**
     * Returns the waits after a notice that may have arrived. They begin 180 times as long, usually with 15 minutes,
     * and grow to 24 times the longest, usually four hours.
     */
    Backoff cautious() {
        return new Backoff(first.multipliedBy(180), longest.multipliedBy(24));
    }

    /** The longest wait that is granted to a server that asks for one: not a day. */
    private static final Duration LONGEST_ASKED = Duration.ofHours(1);

    /**
     * Returns the wait of {@link #after(int)}, but at least the time that the server asked for, up to an hour.
     *
     * @param failures the number of failures in a row, from 1
     */
    Duration after(int failures, Duration asked) {
        Duration wait = after(failures);
        Duration heeded = asked.compareTo(LONGEST_ASKED) < 0 ? asked : LONGEST_ASKED;
        return wait.compareTo(heeded) < 0 ? heeded : wait;
    }

    /** @param failures the number of failures in a row, from 1 */
    Duration after(int failures) {
        Duration wait = first;
        for (int i = 1; i < failures && wait.compareTo(longest) < 0; i++) {
            wait = wait.multipliedBy(2);
        }
        return wait.compareTo(longest) < 0 ? wait : longest;
    }
}
