package io.leprechaun.daemon.agent;

import io.leprechaun.daemon.schedule.Schedule;
import io.leprechaun.daemon.schedule.Schedules;
import java.time.Instant;
import java.util.Optional;

/**
 * Due instants that nobody was there for.
 *
 * @param count how many, at least 1; counted up to {@value #COUNTED}
 */
record Missed(Instant first, Instant last, int count) {
    /** A recipe of every second has as many in a day; beyond, only the first and the last instant are told. */
    static final int COUNTED = 100_000;

    /** What was due from an instant that was due until another, exclusively. */
    static Missed between(Schedule schedule, Instant first, Instant until) {
        int count = 1;
        Instant last = first;
        Optional<Instant> next = schedule.next(last);
        while (next.isPresent() && next.get().isBefore(until) && count < COUNTED) {
            last = next.get();
            count++;
            next = schedule.next(last);
        }
        return count < COUNTED
                ? new Missed(first, last, count)
                : new Missed(first, lastBefore(schedule, last, until), count);
    }

    private static Instant lastBefore(Schedule schedule, Instant from, Instant until) {
        return Schedules.last(schedule, from, until, 1).stream().findFirst().orElse(from);
    }

    /** What was due after an instant until another, exclusively, if anything. */
    static Optional<Missed> after(Schedule schedule, Instant accounted, Instant until) {
        return schedule.next(accounted)
                .filter(first -> first.isBefore(until))
                .map(first -> between(schedule, first, until));
    }
}
