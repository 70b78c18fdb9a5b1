package io.leprechaun.daemon.recipe;

import java.time.Duration;

/**
 * How often and when a run that failed is tried again.
 *
 * @param times further attempts, 0 to 1000
 * @param delay before the first of them, up to a year
 * @param backoff by how much each delay is longer than the one before, 1 to 100
 * @param maxDelay the longest delay, up to a year
 */
public record Retry(int times, Duration delay, double backoff, Duration maxDelay) {
    /** One attempt and no more. */
    public static final Retry NONE = new Retry(0, Duration.ofSeconds(10), 2, Duration.ofHours(1));

    /** Whether there is another attempt after this one, from 1. */
    public boolean follows(int attempt) {
        return attempt <= times;
    }

    /** How long to wait after an attempt, from 1. */
    public Duration after(int attempt) {
        double nanos = delay.toNanos() * Math.pow(backoff, attempt - 1.0);
        return nanos < maxDelay.toNanos() ? Duration.ofNanos((long) nanos) : maxDelay;
    }
}
