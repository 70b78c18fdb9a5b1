package io.leprechaun.daemon.history;

import io.leprechaun.daemon.units.Durations;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** What the host's clock did as far as daemons noticed: without it, times in the history cannot be compared across a clock that was set. Thread-safe. */
public interface ClockLog {
    /** What happened. */
    enum ClockEvent {
        /** A daemon was started. */
        START,
        /** The clock was set while a daemon ran. */
        SET,
        /** An administrator confirmed that the clock is right: what had seemed to be a wrong clock was time that had passed. */
        ACCEPTED;

        /** The word for it in JSON and in the store. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * One change.
     *
     * @param run the last run that was accepted before it; 0 for none
     * @param at what the clock showed when it was noticed
     * @param by how far the clock had been set forward, negative for back; zero for a start after which it is as it was
     */
    record ClockChange(long run, ClockEvent kind, Instant at, Duration by) {
        /** Whether it made the clock skip a time of this span, or show one twice. */
        public boolean touches(Instant from, Instant to) {
            Instant before = at.minus(by);
            Instant first = by.isNegative() ? at : before;
            Instant last = by.isNegative() ? before : at;
            return !first.isAfter(to) && !last.isBefore(from);
        }

        /** It in a sentence, without when it was. */
        public String sentence() {
            String far = Durations.format(by.abs());
            boolean back = by.isNegative();
            return switch (kind) {
                case START ->
                    by.isZero()
                            ? "the daemon started"
                            : "the daemon started, and the clock had been set " + (back ? "back" : "forward") + " by "
                                    + far;
                case SET -> "the clock was set " + (back ? "back" : "forward") + " by " + far;
                case ACCEPTED -> "the clock was confirmed: " + far + " had passed";
            };
        }
    }

    /** Keeps a change, soon; a failure is logged. The future completes once it is on disk, with all that was to be kept before, or will not be. */
    CompletableFuture<@Nullable Void> add(ClockEvent kind, Instant at, Duration by);

    /** Each time that the clock was set since the oldest run that is kept, in their order. */
    List<ClockChange> sets();

    /** How far the clock was set since a run was accepted. */
    Duration since(long run);

    /** The newest changes, the newest first. */
    List<ClockChange> newest(int most);
}
