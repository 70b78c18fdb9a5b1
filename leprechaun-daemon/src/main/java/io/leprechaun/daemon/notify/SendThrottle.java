package io.leprechaun.daemon.notify;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The pace of messages. A few go out at once, each of one notice. When more come, a message of all that wait goes out
 * at intervals. Times are {@link System#nanoTime}'s. Not thread-safe.
 */
final class SendThrottle {
    private final Pace limits;
    private final Deque<Long> written = new ArrayDeque<>();

    /**
     * The limits on the number of messages.
     *
     * @param alone the number of messages that may go within the window, each of one notice
     * @param window the period before now in which messages are counted
     * @param between the time from one message to the next when there were more
     */
    record Pace(int alone, Duration window, Duration between) {
        /** The usual limits: at most sixteen messages a minute. */
        static final Pace USUAL = new Pace(10, Duration.ofMinutes(1), Duration.ofSeconds(10));
    }

    SendThrottle(Pace limits) {
        this.limits = limits;
    }

    /** Returns whether the next message may be of one notice alone. */
    boolean isSlow(long now) {
        forget(now);
        return written.size() < limits.alone();
    }

    private void forget(long now) {
        while (!written.isEmpty() && now - written.getFirst() >= limits.window().toNanos()) {
            written.removeFirst();
        }
    }

    /** Returns the time that the next message has to wait; zero: it may go now. */
    Duration pause(long now) {
        return isSlow(now) || written.isEmpty()
                ? Duration.ZERO
                : Duration.ofNanos(
                        Math.max(0, written.getLast() + limits.between().toNanos() - now));
    }

    /** Records that a message went out. */
    void wrote(long now) {
        written.addLast(now);
        forget(now);
    }
}
