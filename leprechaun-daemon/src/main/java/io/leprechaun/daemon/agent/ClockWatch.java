package io.leprechaun.daemon.agent;

import io.leprechaun.daemon.lifecycle.HostClock;
import java.time.Duration;
import java.time.Instant;

/** The detection of changes of the wall clock: it advanced by a time other than the elapsed one. Not thread-safe. */
final class ClockWatch {
    /**
     * The smallest change that counts: smaller ones are usual clock synchronisation, and change nothing that is due.
     */
    static final Duration NOTICED = Duration.ofMillis(500);
    /** The longest time between the readings of the two clocks, in nanoseconds: a slower reading is discarded. */
    private static final long LONGEST_READING = 1_000_000;

    private static final int TRIES = 100;
    private static final Duration HALF_A_MILLISECOND = Duration.ofNanos(500_000);

    private final HostClock clock;
    /** The time that the wall clock would have shown when the elapsed time was zero. */
    private Instant origin;

    ClockWatch(HostClock clock) {
        this.clock = clock;
        this.origin = look().origin;
    }

    /**
     * @param now the time that the wall clock shows
     * @param set the duration by which it was set forward since the last look, in whole milliseconds, negative for
     *     back; mostly zero
     */
    record ClockReading(Instant now, Duration set) {}

    private record Look(Instant now, Instant origin) {}

    ClockReading read() {
        Look look = look();
        Duration exactly = Duration.between(origin, look.origin);
        Duration size = Duration.ofMillis(exactly.abs().plus(HALF_A_MILLISECOND).toMillis());
        boolean noticed = size.compareTo(NOTICED) >= 0;
        origin = look.origin; // a clock that is slewed is never noticed
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
