package io.leprechaun.daemon.schedule;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;

/** Operations on all kinds of schedules. */
public final class Schedules {
    /** The largest number of years to look ahead: 40, so that 29 February is seen across 2100. */
    static final int YEARS_IN_SIGHT = 40;

    private static final Duration SIGHT = Duration.ofDays(YEARS_IN_SIGHT * 366L);

    private static final Duration LOOK_BACK = Duration.ofMinutes(1);
    private static final Duration FARTHEST_BACK = Duration.ofDays(800);

    private Schedules() {}

    /**
     * Returns a schedule that is due whenever one of the schedules is; the same instant once. Without any schedule it
     * is never due.
     */
    public static Schedule union(List<Schedule> schedules) {
        return schedules.size() == 1 ? schedules.getFirst() : new Union(List.copyOf(schedules));
    }

    private record Union(List<Schedule> all) implements Schedule {
        @Override
        public Optional<Instant> next(Instant after) {
            return next(after, after);
        }

        @Override
        public Optional<Instant> next(Instant after, Instant fixedAfter) {
            return all.stream()
                    .map(schedule -> schedule.next(after, fixedAfter))
                    .flatMap(Optional::stream)
                    .min(Instant::compareTo);
        }

        @Override
        public Optional<String> note(Instant due) {
            return all.stream()
                    .filter(schedule -> schedule.next(due.minusNanos(1)).equals(Optional.of(due)))
                    .map(schedule -> schedule.note(due))
                    .flatMap(Optional::stream)
                    .findFirst();
        }

        @Override
        public Optional<Instant> clockChange(Instant after) {
            return all.stream()
                    .map(schedule -> schedule.clockChange(after))
                    .flatMap(Optional::stream)
                    .min(Instant::compareTo);
        }
    }

    /**
     * Returns the last due instants before another one, the earliest first. Looks back by a minute, by two, by four and
     * so on, for two years.
     *
     * @param from the earliest instant to return
     * @param most the largest number of instants
     */
    public static List<Instant> last(Schedule schedule, Instant from, Instant end, int most) {
        var last = new ArrayDeque<Instant>();
        for (Duration back = LOOK_BACK;
                last.size() < most && back.compareTo(FARTHEST_BACK) < 0;
                back = back.multipliedBy(2)) {
            last.clear();
            Instant begin = end.minus(back);
            Optional<Instant> next = schedule.next((begin.isAfter(from) ? begin : from).minusNanos(1));
            while (next.isPresent() && next.get().isBefore(end)) {
                last.addLast(next.get());
                if (last.size() > most) {
                    last.removeFirst();
                }
                next = schedule.next(next.get());
            }
            if (begin.isBefore(from)) {
                break;
            }
        }
        return List.copyOf(last);
    }

    static boolean inSight(Instant after, Instant next) {
        return Duration.between(after, next).compareTo(SIGHT) <= 0;
    }
}
