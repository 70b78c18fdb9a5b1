package io.leprechaun.daemon.schedule;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What holds for all schedules. */
public final class Schedules {
    /** Nobody waits longer: 40 years, so that 29 February is seen across 2100. */
    static final int YEARS_IN_SIGHT = 40;

    private static final Duration SIGHT = Duration.ofDays(YEARS_IN_SIGHT * 366L);

    private Schedules() {}

    /** Due whenever one of the schedules is; the same instant once. */
    public static Schedule union(List<Schedule> schedules) {
        List<Schedule> all = List.copyOf(schedules);
        return all.size() == 1
                ? all.getFirst()
                : after -> all.stream()
                        .map(schedule -> schedule.next(after))
                        .flatMap(Optional::stream)
                        .min(Instant::compareTo);
    }

    static boolean inSight(Instant after, Instant next) {
        return Duration.between(after, next).compareTo(SIGHT) <= 0;
    }
}
