package io.leprechaun.daemon.metrics;

import io.leprechaun.daemon.recipe.Windows;
import io.leprechaun.daemon.schedule.Schedule;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * The search for the longest time between two due instants within 400 days. The number of instants that it looks at is
 * limited, whatever the schedule: the first ones are looked at one by one, and then only those around probes. Two
 * probes are at least two hours apart, so that a longer gap is always found. A shorter gap that only comes after the
 * first instants may be missed. For one search.
 */
final class GapSearch {
    private static final Duration SIGHT = Duration.ofDays(400);
    private static final int ONE_BY_ONE = 2000;
    /** The distance of probes: a prime number of seconds, so that they come at all times of the day. */
    private static final Duration PROBES = Duration.ofSeconds(7211);

    private static final Duration SECOND = Duration.ofSeconds(1);
    /** The largest number of instants that are looked at. */
    static final int MOST = 50_000;

    private final Schedule schedule;
    private final Windows windows;
    private final ZoneId zone;
    private int looks;

    GapSearch(Schedule schedule, Windows windows, ZoneId zone) {
        this.schedule = schedule;
        this.windows = windows;
        this.zone = zone;
    }

    /** Returns the longest gap that begins within 400 days; empty: there are no two due instants. */
    Optional<Duration> longest(Instant now) {
        Instant end = now.plus(SIGHT);
        Optional<Instant> first = next(now);
        Duration longest = Duration.ZERO;
        Instant at = first.orElse(Instant.MAX);
        for (int i = 0; i < ONE_BY_ONE && at.isBefore(end); i++) {
            Optional<Instant> next = next(at);
            if (next.isEmpty()) {
                return positive(longest);
            }
            longest = longer(longest, Duration.between(at, next.get()));
            at = next.get();
        }
        while (at.isBefore(end) && looks < MOST) {
            Instant probe = at.plus(longest.compareTo(PROBES) > 0 ? longest : PROBES);
            Optional<Instant> next = next(probe);
            if (next.isEmpty()) {
                break;
            }
            if (endsAfter(next.get(), longest)) {
                longest = Duration.between(last(at, next.get()), next.get());
            }
            at = next.get();
        }
        return positive(longest);
    }

    /** Returns whether the gap before a due instant is longer than a duration. */
    private boolean endsAfter(Instant due, Duration longest) {
        return next(due.minus(longest).minus(SECOND)).equals(Optional.of(due));
    }

    /**
     * Returns the last due instant before another one, to the second.
     *
     * @param from an earlier due instant
     */
    private Instant last(Instant from, Instant due) {
        Instant low = from; // its next due instant may be an earlier one
        Instant high = due;
        while (Duration.between(low, high).compareTo(SECOND) > 0 && looks < MOST) {
            Instant middle = low.plus(Duration.between(low, high).dividedBy(2));
            if (next(middle).equals(Optional.of(due))) {
                high = middle;
            } else {
                low = middle;
            }
        }
        return high.truncatedTo(ChronoUnit.SECONDS);
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) > 0 ? one : other;
    }

    private static Optional<Duration> positive(Duration longest) {
        return Optional.of(longest).filter(Duration::isPositive);
    }

    /** Returns the next due instant inside the windows. Windows begin and end at whole minutes. */
    private Optional<Instant> next(Instant after) {
        looks++;
        Optional<Instant> next = schedule.next(after);
        while (next.isPresent()
                && windows.closed(next.get().atZone(zone).toLocalDateTime()).isPresent()) {
            if (looks++ >= MOST) {
                return Optional.empty();
            }
            Instant minute = next.get().truncatedTo(ChronoUnit.MINUTES).plus(1, ChronoUnit.MINUTES);
            next = schedule.next(minute.minusNanos(1));
        }
        return next;
    }
}
