package io.leprechaun.daemon.agent;

import io.leprechaun.daemon.lifecycle.HostClock;
import io.leprechaun.daemon.units.Durations;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * The check whether the host's clock can be believed. Its time is compared with the expected time: the last time at
 * which it was believed, plus the elapsed time since. Within one boot of the machine that is known exactly; after
 * another boot, the downtime of the machine is unknown. Thread-safe.
 */
public final class ClockGuard {
    /**
     * The largest lag of a clock that is believed: up to this, cron(8) treats a change as a correction of the clock.
     */
    public static final Duration FARTHEST_BEHIND = DueQueue.LARGE;
    /** The largest lead of a clock that is believed: few machines are down for longer. */
    public static final Duration FARTHEST_AHEAD = Duration.ofDays(35);

    /**
     * The exclusive limit of the slewing error in the state for the next daemon: a smaller error is never taken for a
     * clock that was set.
     */
    private static final Duration SLEWED = ClockWatch.NOTICED.dividedBy(10);

    private final HostClock clock;
    private final boolean sameBoot;
    private final String boot;
    private final BooleanSupplier synchronised;
    private final Duration setBeforeStart;
    private final Instant lastSeen;
    private final ClockLook first;
    /** Guarded by this. */
    private final ClockWatch watch;
    /** Guarded by this. */
    private ClockState known;

    /**
     * The state of the clock that is kept for the next daemon.
     *
     * @param boot the identifier of the machine's boot
     * @param at the time that the clock showed
     * @param elapsed the elapsed time of the boot then, in nanoseconds
     * @param doubt the doubt about the clock; empty: the clock is believed
     */
    public record ClockState(String boot, Instant at, long elapsed, Optional<Doubt> doubt) {
        /**
         * Returns whether this state and an earlier one of the same boot are equivalent for the next daemon, which
         * continues from there by elapsed time.
         *
         * @param most the largest age of the earlier state
         */
        public boolean follows(ClockState earlier, Duration most) {
            long since = elapsed - earlier.elapsed;
            Duration slewed = Duration.between(earlier.at.plusNanos(since), at).abs();
            return since < most.toNanos()
                    && slewed.compareTo(SLEWED) < 0
                    && boot.equals(earlier.boot)
                    && doubt.map(Doubt::from).equals(earlier.doubt.map(Doubt::from));
        }

        /** Returns the time that a believed clock should show after this elapsed time of the boot. */
        private Instant expected(long now) {
            return doubt.map(Doubt::believed).orElse(at).plusNanos(now - elapsed);
        }
    }

    /**
     * A clock in doubt.
     *
     * @param since the time that it showed when the doubt began
     * @param from the time that it had shown when it was believed last
     * @param believed the time that it should show, as far as is known
     */
    public record Doubt(Instant since, Instant from, Instant believed) {
        private boolean isAhead() {
            return since.isAfter(from);
        }
    }

    /**
     * The result of a look at the clock.
     *
     * @param set the duration by which the clock was set forward since the last look, negative for back; mostly zero
     * @param accepted the apparent error of the clock, if it is believed now as it is; empty otherwise
     * @param cleared the stretch of time that was unknown until now, while the clock was ahead
     */
    public record ClockLook(Duration set, Optional<Duration> accepted, Optional<Cleared> cleared) {}

    /**
     * A stretch of time for which the due instants were unknown.
     *
     * @param from the time that the clock showed when it was believed last
     * @param until the end of the stretch
     */
    public record Cleared(Instant from, Instant until) {}

    /**
     * Creates a guard and looks at the clock.
     *
     * @param boot an identifier of this boot of the machine, different from all others
     * @param last the state that the last daemon kept; empty: there was none
     * @param synchronised whether the clock is synchronised, as far as the kernel knows
     */
    public ClockGuard(HostClock clock, String boot, Optional<ClockState> last, BooleanSupplier synchronised) {
        this.clock = clock;
        this.boot = boot;
        this.synchronised = synchronised;
        this.watch = new ClockWatch(clock);
        Instant now = clock.instant();
        long elapsed = clock.elapsedNanos();
        this.sameBoot = last.filter(before -> before.boot().equals(boot)).isPresent();
        this.known = last.map(before -> sameBoot ? before : new ClockState(boot, before.at(), elapsed, before.doubt()))
                .orElse(new ClockState(boot, now, elapsed, Optional.empty()));
        boolean doubted = known.doubt().isPresent();
        Duration set = Duration.between(known.at().plusNanos(elapsed - known.elapsed()), now);
        Instant seen = known.at();
        this.first = look();
        boolean isPlausible = doubt().isEmpty() || set.compareTo(FARTHEST_AHEAD) <= 0;
        boolean mayBeDowntime = !sameBoot && !set.isNegative() && doubted == doubt().isPresent() && isPlausible;
        this.setBeforeStart = mayBeDowntime || set.abs().compareTo(ClockWatch.NOTICED) < 0
                ? Duration.ZERO
                : Duration.ofMillis(set.toMillis());
        this.lastSeen = seen.plus(setBeforeStart);
    }

    /** Returns whether an earlier daemon was started in this boot of the machine. */
    public boolean isSameBoot() {
        return sameBoot;
    }

    /**
     * Returns the duration by which the clock was set forward before this daemon was started, negative for back. Zero
     * where it may be downtime of the machine.
     */
    public Duration setBeforeStart() {
        return setBeforeStart;
    }

    /** Returns the time of the last daemon's last look at the clock, by the clock as it is now. */
    Instant lastSeen() {
        return lastSeen;
    }

    /** Returns the result of the look at the start. */
    public ClockLook first() {
        return first;
    }

    /** Looks at the clock. */
    public synchronized ClockLook look() {
        var reading = watch.read();
        Instant now = reading.now();
        long elapsed = clock.elapsedNanos();
        Instant expected = known.expected(elapsed);
        Duration ahead = Duration.between(expected, now);
        boolean far = ahead.compareTo(FARTHEST_AHEAD) > 0 || ahead.negated().compareTo(FARTHEST_BEHIND) > 0;
        if (far && !synchronised.getAsBoolean()) {
            var doubt = known.doubt()
                    .map(before -> new Doubt(before.since(), before.from(), expected))
                    .orElseGet(() -> new Doubt(now, known.at(), expected));
            known = new ClockState(boot, now, elapsed, Optional.of(doubt));
            return new ClockLook(reading.set(), Optional.empty(), Optional.empty());
        }
        return believe(reading, elapsed, far ? Optional.of(ahead) : Optional.empty());
    }

    /**
     * Returns the time that the clock would show if it had not been set since the last look. For times that have to
     * elapse.
     */
    public synchronized Instant steady() {
        return known.at().plusNanos(clock.elapsedNanos() - known.elapsed());
    }

    /** Accepts the clock as it is. */
    public synchronized ClockLook accept() {
        var reading = watch.read();
        long elapsed = clock.elapsedNanos();
        return believe(
                reading, elapsed, known.doubt().map(_ -> Duration.between(known.expected(elapsed), reading.now())));
    }

    /** @param ahead the apparent error of the clock, if any */
    private ClockLook believe(ClockWatch.ClockReading reading, long elapsed, Optional<Duration> ahead) {
        Optional<Doubt> before = known.doubt();
        known = new ClockState(boot, reading.now(), elapsed, Optional.empty());
        return new ClockLook(
                reading.set(),
                ahead.filter(_ -> before.isPresent()),
                before.filter(Doubt::isAhead) // else its due instants come again, or are passed
                        .map(doubt -> new Cleared(doubt.from(), ahead.isPresent() ? doubt.since() : reading.now()))
                        .filter(cleared -> cleared.from().isBefore(cleared.until())));
    }

    /**
     * Returns whether the clock has gone ahead of the believed time since an instant: then the due instants since are
     * unknown.
     *
     * @param last the instant until which all is accounted for
     */
    synchronized boolean isAhead(Instant last) {
        return known.doubt()
                .filter(doubt -> doubt.isAhead() && last.isBefore(doubt.since()))
                .isPresent();
    }

    /**
     * Records that a clock in doubt was still believed at an instant a little later than was known: runs of that time
     * are on record.
     */
    public synchronized void believedAt(Instant at) {
        known = new ClockState(
                boot,
                known.at(),
                known.elapsed(),
                known.doubt()
                        .map(doubt ->
                                at.isAfter(doubt.from()) ? new Doubt(doubt.since(), at, doubt.believed()) : doubt));
    }

    /** Returns the state that is kept for the next daemon. */
    public synchronized ClockState known() {
        return known;
    }

    /** Returns the time that the clock showed when it was believed last. */
    public synchronized Instant believed() {
        return known.doubt().map(Doubt::from).orElse(known.at());
    }

    /**
     * Returns the fault of the clock and the remedy, in a sentence that stays the same; empty: the clock is believed.
     */
    public synchronized Optional<String> doubt() {
        return known.doubt().map(doubt -> {
            Duration ahead = Duration.between(doubt.from(), doubt.since());
            return "the clock is in doubt: it showed " + doubt.since().truncatedTo(ChronoUnit.SECONDS) + ", "
                    + Durations.brief(Duration.ofSeconds(ahead.abs().toSeconds()))
                    + (ahead.isNegative() ? " before" : " after") + " the last known time: set it, or confirm it with"
                    + " `leprechaun daemon clock accept`; until then no run is removed for its age";
        });
    }
}
