package io.leprechaun.daemon.notify;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * How fast letters follow each other: a few at once, each of one notice; when more come, one of all that wait, now and then. Times are {@link System#nanoTime}'s. Not thread-safe.
 */
final class SendThrottle {
    private final Pace limits;
    private final Deque<Long> written = new ArrayDeque<>();

    /**
     * When letters are too many.
     *
     * @param alone so many may go within the window, each of one notice
     * @param window how long is looked back
     * @param between how long it takes then from one letter to the next
     */
    record Pace(int alone, Duration window, Duration between) {
        /** At most sixteen letters a minute. */
        static final Pace USUAL = new Pace(10, Duration.ofMinutes(1), Duration.ofSeconds(10));
    }

    SendThrottle(Pace limits) {
        this.limits = limits;
    }

    /** Whether the next letter may be of one notice alone. */
    boolean isSlow(long now) {
        forget(now);
        return written.size() < limits.alone();
    }

    private void forget(long now) {
        while (!written.isEmpty() && now - written.getFirst() >= limits.window().toNanos()) {
            written.removeFirst();
        }
    }

    /** How long the next letter has to wait; zero: it may go now. */
    Duration pause(long now) {
        return isSlow(now) || written.isEmpty()
                ? Duration.ZERO
                : Duration.ofNanos(
                        Math.max(0, written.getLast() + limits.between().toNanos() - now));
    }

    /** That a letter went out. */
    void wrote(long now) {
        written.addLast(now);
        forget(now);
    }
}
