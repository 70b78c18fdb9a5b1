package io.leprechaun.daemon.schedule;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * A schedule at a fixed interval of elapsed time, independent of local time. It is first due one interval after the
 * anchor.
 *
 * @param anchor the start of the count; never due itself
 * @param every the interval, at least one second, in whole milliseconds
 */
public record IntervalSchedule(Instant anchor, Duration every) implements Schedule {
    public IntervalSchedule {
        if (every.compareTo(Duration.ofSeconds(1)) < 0) {
            throw new IllegalArgumentException("an interval of " + every + " is shorter than a second");
        }
        if (every.getNano() % 1_000_000 != 0) {
            throw new IllegalArgumentException("an interval of " + every + " has a fraction of a millisecond");
        }
    }

    @Override
    public Optional<Instant> next(Instant after) {
        try {
            long passed =
                    after.isBefore(anchor) ? 0 : Duration.between(anchor, after).toMillis() / every.toMillis();
            Instant next = anchor.plus(every.multipliedBy(Math.addExact(passed, 1)));
            return Optional.of(next).filter(instant -> Schedules.inSight(after, instant));
        } catch (DateTimeException | ArithmeticException e) { // beyond the end of time
            return Optional.empty();
        }
    }

    @Override
    public IntervalSchedule shifted(Duration by) {
        return new IntervalSchedule(anchor.plus(by), every);
    }
}
