package io.leprechaun.daemon.agent;

import io.leprechaun.daemon.lifecycle.HostClock;
import io.leprechaun.daemon.units.Durations;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * Decides whether the host's clock can be believed. What it shows is held against what it should show: the last time at which it was believed, and what has elapsed since. Within one boot of
 * the machine that is known exactly; after another boot, nobody knows how long the machine was down. Thread-safe.
 */
public final class ClockGuard {
    /** A clock that is further behind is in doubt: up to this cron(8) takes a clock for one that was corrected. */
    public static final Duration FARTHEST_BEHIND = DueQueue.LARGE;
    /** A clock that is further ahead is in doubt: few machines are down for longer. */
    public static final Duration FARTHEST_AHEAD = Duration.ofDays(35);

    /** What makes a clock right bit by bit may be off by less than this in what the next daemon is told: less is never taken for a clock that was set. */
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
     * What is to be known by the next daemon.
     *
     * @param boot of the machine
     * @param at what the clock showed
     * @param elapsed of the boot then, in nanoseconds
     * @param doubt empty: the clock is believed
     */
    public record ClockState(String boot, Instant at, long elapsed, Optional<Doubt> doubt) {
        /**
         * Whether this and an earlier word of the same boot tell the next daemon the same, which goes on from there by elapsed time.
         *
         * @param most how old the earlier one may be
         */
        public boolean follows(ClockState earlier, Duration most) {
            long since = elapsed - earlier.elapsed;
            Duration slewed = Duration.between(earlier.at.plusNanos(since), at).abs();
            return since < most.toNanos()
                    && slewed.compareTo(SLEWED) < 0
                    && boot.equals(earlier.boot)
                    && doubt.map(Doubt::from).equals(earlier.doubt.map(Doubt::from));
        }

        /** What a clock should show that is believed, when so much of the boot has elapsed. */
        private Instant expected(long now) {
            return doubt.map(Doubt::believed).orElse(at).plusNanos(now - elapsed);
        }
    }

    /**
     * A clock in doubt.
     *
     * @param since what it showed at first
     * @param from what it had shown when it was believed last
     * @param believed what it should show, as far as is known
     */
    public record Doubt(Instant since, Instant from, Instant believed) {
        private boolean isAhead() {
            return since.isAfter(from);
        }
    }

    /**
     * What came of a look.
     *
     * @param set how far the clock was set forward since the last look, negative for back; mostly zero
     * @param accepted by how much the clock had seemed to be wrong, if it is believed now as it is; empty otherwise
     * @param cleared what nobody knew until now, while the clock was ahead
     */
    public record ClockLook(Duration set, Optional<Duration> accepted, Optional<Cleared> cleared) {}

    /**
     * A stretch of time in which nobody knew what was due.
     *
     * @param from what the clock showed when it was believed last
     * @param until where it ends
     */
    public record Cleared(Instant from, Instant until) {}

    /**
     * A guard that has looked at the clock.
     *
     * @param boot what tells this boot of the machine from all others
     * @param last what the last daemon knew; empty: there was none
     * @param synchronised whether something keeps the clock right, as far as the kernel knows
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

    /** Whether an earlier daemon was started in this boot of the machine. */
    public boolean isSameBoot() {
        return sameBoot;
    }

    /** How far the clock was set forward before this daemon was started, negative for back. Only the part that cannot be time in which the machine was down. */
    public Duration setBeforeStart() {
        return setBeforeStart;
    }

    /** When the last daemon looked at the clock last, by the clock as it is now. */
    Instant lastSeen() {
        return lastSeen;
    }

    /** What came of the look at the start. */
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

    /** What the clock would show if it had not been set since it was looked at last. For times that have to elapse. */
    public synchronized Instant steady() {
        return known.at().plusNanos(clock.elapsedNanos() - known.elapsed());
    }

    /** Believes the clock as it is. */
    public synchronized ClockLook accept() {
        var reading = watch.read();
        long elapsed = clock.elapsedNanos();
        return believe(
                reading, elapsed, known.doubt().map(_ -> Duration.between(known.expected(elapsed), reading.now())));
    }

    /** @param ahead how far the clock seems to be wrong, if it does */
    private ClockLook believe(ClockWatch.ClockReading reading, long elapsed, Optional<Duration> ahead) {
        Optional<Doubt> before = known.doubt();
        known = new ClockState(boot, reading.now(), elapsed, Optional.empty());
        return new ClockLook(
                reading.set(),
                ahead.filter(_ -> before.isPresent()),
                before.filter(Doubt::isAhead) // else what was due meanwhile comes again, or the clock goes past it
                        .map(doubt -> new Cleared(doubt.from(), ahead.isPresent() ? doubt.since() : reading.now()))
                        .filter(cleared -> cleared.from().isBefore(cleared.until())));
    }

    /**
     * Whether the clock has gone ahead of what is believed since an instant: then nobody knows what was due since.
     *
     * @param last until when all is accounted for
     */
    synchronized boolean isAhead(Instant last) {
        return known.doubt()
                .filter(doubt -> doubt.isAhead() && last.isBefore(doubt.since()))
                .isPresent();
    }

    /** Learns that a clock that is in doubt was believed at an instant a little later than was known: work of that time is on record. */
    public synchronized void believedAt(Instant at) {
        known = new ClockState(
                boot,
                known.at(),
                known.elapsed(),
                known.doubt()
                        .map(doubt ->
                                at.isAfter(doubt.from()) ? new Doubt(doubt.since(), at, doubt.believed()) : doubt));
    }

    /** What is to be known by the next daemon. */
    public synchronized ClockState known() {
        return known;
    }

    /** When the clock was believed last, by what it showed. */
    public synchronized Instant believed() {
        return known.doubt().map(Doubt::from).orElse(known.at());
    }

    /** What is wrong with the clock and what to do, in a sentence that stays the same; empty: it is believed. */
    public synchronized Optional<String> doubt() {
        return known.doubt().map(doubt -> {
            Duration ahead = Duration.between(doubt.from(), doubt.since());
            return "the clock is in doubt: it showed " + doubt.since().truncatedTo(ChronoUnit.SECONDS) + ", "
                    + Durations.format(Duration.ofSeconds(ahead.abs().toSeconds()))
                    + (ahead.isNegative() ? " before" : " after") + " the last time known: set it, or confirm it with"
                    + " `leprechaun daemon clock accept`; no run is removed for its age until then";
        });
    }
}
