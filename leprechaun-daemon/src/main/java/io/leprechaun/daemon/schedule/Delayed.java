package io.leprechaun.daemon.schedule;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * A schedule that is due a fixed time later than another one.
 *
 * @param by the time by which it is later
 */
public record Delayed(Schedule schedule, Duration by) implements Schedule {
    /** Returns a schedule that is later by a time, which may be zero. */
    public static Schedule by(Duration time, Schedule schedule) {
        return time.isZero() ? schedule : new Delayed(schedule, time);
    }

    @Override
    public Optional<Instant> next(Instant after) {
        return next(after, after);
    }

    @Override
    public Optional<Instant> next(Instant after, Instant fixedAfter) {
        return schedule.next(after.minus(by), fixedAfter.minus(by)).map(due -> due.plus(by));
    }

    @Override
    public Schedule shifted(Duration set) {
        Schedule shifted = schedule.shifted(set);
        return shifted.equals(schedule) ? this : new Delayed(shifted, by);
    }

    @Override
    public Optional<String> note(Instant due) {
        return schedule.note(due.minus(by));
    }

    @Override
    public Optional<Instant> clockChange(Instant after) {
        return schedule.clockChange(after);
    }
}
