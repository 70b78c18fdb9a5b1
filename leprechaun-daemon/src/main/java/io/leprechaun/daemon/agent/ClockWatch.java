package io.leprechaun.daemon.agent;

import io.leprechaun.daemon.lifecycle.HostClock;
import java.time.Duration;
import java.time.Instant;

/** Notices that the wall's clock was set: it went on by something else than what elapsed. Not thread-safe. */
final class ClockWatch {
    /** Less is the daily work of what keeps clocks right, and changes nothing that is due. */
    static final Duration NOTICED = Duration.ofMillis(500);
    /** Two clocks are not read at one moment: a reading that took longer is worth nothing. */
    private static final long LONGEST_READING = 1_000_000;

    private static final int TRIES = 100;
    private static final Duration HALF_A_MILLISECOND = Duration.ofNanos(500_000);

    private final HostClock clock;
    /** What the wall's clock would have shown when the other one was at nought, in nanoseconds since that. */
    private Instant origin;

    ClockWatch(HostClock clock) {
        this.clock = clock;
        this.origin = look().origin;
    }

    /**
     * @param now what the wall's clock shows
     * @param set how far it was set forward since the last look, in whole milliseconds, negative for back; mostly zero
     */
    record ClockReading(Instant now, Duration set) {}

    private record Look(Instant now, Instant origin) {}

    ClockReading read() {
        Look look = look();
        Duration exactly = Duration.between(origin, look.origin);
        Duration size = Duration.ofMillis(exactly.abs().plus(HALF_A_MILLISECOND).toMillis());
        boolean noticed = size.compareTo(NOTICED) >= 0;
        origin = look.origin; // a clock that is made right bit by bit is never noticed
        return new ClockReading(look.now, !noticed ? Duration.ZERO : exactly.isNegative() ? size.negated() : size);
    }

    private Look look() {
        long before = clock.elapsedNanos();
        Instant now = clock.instant();
        long after = clock.elapsedNanos();
        for (int tries = 1; after - before > LONGEST_READING && tries < TRIES; tries++) {
            before = after;
            now = clock.instant();
            after = clock.elapsedNanos();
        }
        return new Look(now, now.minusNanos(after));
    }
}
