package io.leprechaun.daemon.recipe;

import java.time.Duration;

/**
 * The number of further attempts of a failed run, and the delays before them.
 *
 * @param times the number of further attempts, 0 to 1000
 * @param delay the delay before the first of them, up to a year
 * @param backoff the factor from each delay to the next, 1 to 100
 * @param maxDelay the longest delay, up to a year
 */
public record Retry(int times, Duration delay, double backoff, Duration maxDelay) {
    /** One attempt, no further ones. */
    public static final Retry NONE = new Retry(0, Duration.ofSeconds(10), 2, Duration.ofHours(1));

    /** Returns whether another attempt follows this one, counted from 1. */
    public boolean follows(int attempt) {
        return attempt <= times;
    }

    /** Returns the delay after an attempt, counted from 1. */
    public Duration after(int attempt) {
        double nanos = delay.toNanos() * Math.pow(backoff, attempt - 1.0);
        return nanos < maxDelay.toNanos() ? Duration.ofNanos((long) nanos) : maxDelay;
    }
}
