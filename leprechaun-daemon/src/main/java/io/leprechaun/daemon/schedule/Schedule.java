package io.leprechaun.daemon.schedule;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** The due instants of a recipe. Implementations are immutable and read no clock. */
@FunctionalInterface
public interface Schedule {
    /** Returns the first due instant strictly later than {@code after}; empty if there is none within forty years. */
    Optional<Instant> next(Instant after);

    /**
     * Returns the first due instant after the clock was set, when patterns of fixed local times are counted from
     * another instant than the rest.
     *
     * @param fixedAfter the start for patterns whose minute and hour do not begin with a star: each of their local
     *     times on a day is due once, however the clock is set
     */
    default Optional<Instant> next(Instant after, Instant fixedAfter) {
        return next(after);
    }

    /**
     * Returns the schedule after the clock was set: schedules of elapsed time are shifted.
     *
     * @param by the time by which the clock was set forward, negative for back
     */
    default Schedule shifted(Duration by) {
        return this;
    }

    /**
     * Returns a note on a due instant, in words, for example that its local time does not exist; empty: there is
     * nothing to note.
     */
    default Optional<String> note(Instant due) {
        return Optional.empty();
    }

    /**
     * Returns the first change of the clocks strictly later, in the schedule's zone; empty if there is none, or the
     * schedule has no zone.
     */
    default Optional<Instant> clockChange(Instant after) {
        return Optional.empty();
    }
}
