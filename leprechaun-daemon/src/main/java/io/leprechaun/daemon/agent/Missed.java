package io.leprechaun.daemon.agent;

import io.leprechaun.daemon.schedule.Schedule;
import io.leprechaun.daemon.schedule.Schedules;
import java.time.Instant;
import java.util.Optional;

/**
 * A range of due instants that the daemon missed.
 *
 * @param count the number of instants, at least 1; counted up to {@value #COUNTED}
 */
record Missed(Instant first, Instant last, int count) {
    /**
     * The largest count, somewhat more than the seconds of a day; beyond it, only the first and the last instant are
     * reported.
     */
    static final int COUNTED = 100_000;

    /** Returns the instants from a due one, inclusive, to another, exclusive. */
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

    /** Returns the due instants between two instants, both exclusive; empty if there is none. */
    static Optional<Missed> after(Schedule schedule, Instant accounted, Instant until) {
        return schedule.next(accounted)
                .filter(first -> first.isBefore(until))
                .map(first -> between(schedule, first, until));
    }
}
