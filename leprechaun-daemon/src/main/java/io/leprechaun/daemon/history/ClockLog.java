package io.leprechaun.daemon.history;

import io.leprechaun.daemon.units.Durations;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The changes of the host's clock that daemons noticed. Without them, times in the history cannot be compared across a
 * clock that was set. Thread-safe.
 */
public interface ClockLog {
    /** The kind of a change. */
    enum ClockEvent {
        /** A daemon was started. */
        START,
        /** The clock was set while a daemon ran. */
        SET,
        /** An administrator confirmed that the clock is right: the apparent error was time that had passed. */
        ACCEPTED;

        /** Returns its name in JSON and in the store. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * One change of the clock.
     *
     * @param run the last run that was accepted before the change; 0 for none
     * @param at the time by the clock when the change was noticed
     * @param by the duration by which the clock had been set forward, negative for back; zero for a start that found it
     *     unchanged
     */
    record ClockChange(long run, ClockEvent kind, Instant at, Duration by) {
        /** Returns whether the change made the clock skip a time of this span, or show one twice. */
        public boolean touches(Instant from, Instant to) {
            Instant before = at.minus(by);
            Instant first = by.isNegative() ? at : before;
            Instant last = by.isNegative() ? before : at;
            return !first.isAfter(to) && !last.isBefore(from);
        }

        /** Returns a sentence that describes the change, without its time. */
        public String sentence() {
            String far = Durations.brief(by.abs());
            boolean back = by.isNegative();
            return switch (kind) {
                case START ->
                    by.isZero()
                            ? "the daemon started"
                            : "the daemon started; the clock had been set " + (back ? "back" : "forward") + " by "
                                    + far;
                case SET -> "the clock was set " + (back ? "back" : "forward") + " by " + far;
                case ACCEPTED -> "the clock was confirmed: " + far + " had passed";
            };
        }
    }

    /**
     * Records a change, soon; a failure is logged. The future completes once the change and all earlier ones are on
     * disk, or cannot be written.
     */
    CompletableFuture<@Nullable Void> add(ClockEvent kind, Instant at, Duration by);

    /** Returns the changes by which the clock was set since the oldest kept run, in their order. */
    List<ClockChange> sets();

    /** Returns the duration by which the clock was set since a run was accepted. */
    Duration since(long run);

    /** Returns the newest changes, newest first. */
    List<ClockChange> newest(int most);
}
