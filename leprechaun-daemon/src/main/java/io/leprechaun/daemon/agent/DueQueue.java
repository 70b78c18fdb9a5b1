package io.leprechaun.daemon.agent;

import io.leprechaun.daemon.recipe.Recipe;
import io.leprechaun.daemon.schedule.Schedule;
import io.leprechaun.daemon.schedule.Schedules;
import io.leprechaun.daemon.units.Durations;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The queue of due instants, with the recipes that became due since the last look. It reads no clock: the caller passes
 * the readings. Not thread-safe.
 *
 * <p>Instants late by more than one period of their schedule are reported as late: the recipe's {@code catch_up}
 * applies. When the clock was set, cron's rule applies (cronie's cron(8)). Forward by up to three hours: a recipe due
 * at fixed local times in between is due now, once; by up to five minutes, so are the others. Back by up to three
 * hours: fixed local times are not due again, and the others continue by the new time. By more: the clock is taken to
 * have been wrong before. Instants that are not run are reported as missed. Intervals go by elapsed time.
 */
final class DueQueue {
    private static final Logger LOG = LoggerFactory.getLogger(DueQueue.class);
    /** The age up to which instants are made up for after a change of any size. */
    private static final Duration LATE = Duration.ofMinutes(1);
    /** The largest gap in which all due instants are made up for. */
    private static final Duration SMALL = Duration.ofMinutes(5);
    /**
     * The largest gap in which fixed local times are made up for. A larger one means that the clock was wrong before.
     */
    static final Duration LARGE = Duration.ofHours(3);

    static final Duration MOMENT = Duration.ofNanos(1000); // the resolution of the store

    private final String name;
    private final PriorityQueue<DueEntry> entries = new PriorityQueue<>(Comparator.comparing(DueEntry::next));
    /** The schedules from which the entries were made. */
    private final Map<Recipe, Schedule> schedules = new IdentityHashMap<>();
    /** The last reading of the clock. */
    private Instant seen = Instant.MIN;
    /** The time that the clock had shown before it was set back: fixed local times until then were reported. */
    private Instant told = Instant.MIN;

    /** Creates an empty queue. */
    DueQueue(String name) {
        this.name = name;
    }

    private record DueEntry(Recipe recipe, Schedule schedule, Instant next) {}

    /**
     * Begins again, with the instants that are due after the given one.
     *
     * @param already the instant until which fixed local times were reported before the clock was set back
     */
    void reset(Map<Recipe, Schedule> all, Instant after, Instant already, Instant now) {
        clear();
        schedules.putAll(all);
        seen = now;
        told = already;
        schedules.forEach((recipe, schedule) -> add(recipe, schedule, next(schedule, after)));
    }

    /** Removes all entries: nothing is due any more. */
    void clear() {
        schedules.clear();
        entries.clear();
        told = Instant.MIN;
    }

    /** Replaces the schedules: a recipe that stays keeps its own, and is due as it was. */
    void replace(Map<Recipe, Schedule> all) {
        entries.removeIf(entry -> !all.containsKey(entry.recipe()));
        schedules.keySet().removeIf(recipe -> !all.containsKey(recipe));
        all.forEach((recipe, schedule) -> {
            if (schedules.putIfAbsent(recipe, schedule) == null) {
                add(recipe, schedule, next(schedule, seen));
            }
        });
    }

    /** Returns the current schedules of recipes. */
    Map<Recipe, Schedule> schedules() {
        return new IdentityHashMap<>(schedules);
    }

    /** Returns the next instant at which a recipe is due; empty if none is. */
    Optional<Instant> next() {
        return Optional.ofNullable(entries.peek()).map(DueEntry::next);
    }

    private void add(Recipe recipe, Schedule schedule, Optional<Instant> next) {
        next.ifPresent(at -> entries.add(new DueEntry(recipe, schedule, at)));
    }

    private Optional<Instant> next(Schedule schedule, Instant after) {
        return schedule.next(after, later(after, told));
    }

    /** Returns the events to report now, in their order. */
    List<DueEvent> news(ClockWatch.ClockReading clock) {
        var news = new ArrayList<DueEvent>();
        Instant now = clock.now();
        if (clock.set().isPositive()) {
            wasSetForward(clock.set(), now, news);
        } else if (clock.set().isNegative()) {
            wasSetBack(clock.set(), now, news);
        }
        if (!clock.set().isZero()) {
            news.add(new DueEvent.ClockSet());
        }
        seen = now;
        while (!entries.isEmpty() && !entries.element().next().isAfter(now)) {
            DueEntry entry = entries.remove();
            Instant at = lateUntil(entry, now, news);
            news.add(new DueEvent.Due(entry.recipe(), at));
            add(entry.recipe(), entry.schedule(), next(entry.schedule(), at));
        }
        return news;
    }

    /**
     * Adds an event for instants that are late by more than one period of their schedule, and returns the first due
     * instant that is not.
     */
    private Instant lateUntil(DueEntry entry, Instant now, List<DueEvent> news) {
        Instant first = entry.next();
        Schedule untold = after -> next(entry.schedule(), after);
        if (untold.next(first).filter(next -> !next.isAfter(now)).isEmpty()) {
            return first;
        }
        return Schedules.last(untold, first.minus(MOMENT), now.plus(MOMENT), 1).stream()
                .filter(first::isBefore)
                .map(last -> {
                    var late = Missed.between(untold, first, last);
                    news.add(new DueEvent.Late(entry.recipe(), entry.schedule(), late));
                    return last;
                })
                .findFirst()
                .orElse(first);
    }

    private void wasSetForward(Duration by, Instant now, List<DueEvent> news) {
        LOG.warn("agent={} saw the clock set forward by {}, to {}", name, Durations.format(by), now);
        for (DueEntry entry : takeAll()) {
            if (!isShifted(entry, by, now, Optional.empty(), news)) {
                if (entry.next().isAfter(now)) {
                    entries.add(entry);
                } else {
                    makeUp(entry, by, now, news);
                }
            }
        }
    }

    private void wasSetBack(Duration by, Instant now, List<DueEvent> news) {
        LOG.warn("agent={} saw the clock set back by {}, to {}", name, Durations.format(by.abs()), now);
        Instant shown = now.minus(by);
        Instant since = earlier(seen.plus(by), now); // the last look, by the clock as it is now
        told = by.abs().compareTo(LARGE) > 0 ? Instant.MIN : later(told, shown);
        for (DueEntry entry : takeAll()) {
            if (!isShifted(entry, by, now, Optional.of(shown), news)) {
                news.add(new DueEvent.Recounted(entry.recipe(), entry.schedule(), since, Optional.of(shown)));
                add(entry.recipe(), entry.schedule(), next(entry.schedule(), since));
            }
        }
    }

    private List<DueEntry> takeAll() {
        var all = List.copyOf(entries);
        entries.clear();
        return all;
    }

    /**
     * Returns whether a recipe is due by elapsed time. If so, shifts its schedule: the time until it is due stays the
     * same.
     */
    private boolean isShifted(DueEntry entry, Duration by, Instant now, Optional<Instant> shown, List<DueEvent> news) {
        Schedule shifted = entry.schedule().shifted(by);
        if (shifted.equals(entry.schedule())) {
            return false;
        }
        Instant next = entry.next().plus(by);
        Instant since =
                next.isAfter(now) ? now : next.minus(MOMENT); // it is due by the new count, or was in this moment
        schedules.put(entry.recipe(), shifted);
        entries.add(new DueEntry(entry.recipe(), shifted, next));
        news.add(new DueEvent.Recounted(entry.recipe(), shifted, since, shown));
        return true;
    }

    /**
     * Makes a recipe due at the latest of the instants that are to be made up for, and reports the others as missed.
     */
    private void makeUp(DueEntry entry, Duration gap, Instant now, List<DueEvent> news) {
        Schedule schedule = entry.schedule();
        Schedule untold = after -> next(schedule, after);
        Instant first = entry.next();
        Instant all = first.minus(MOMENT);
        Instant recent = later(all, now.minus(LATE));
        Optional<Instant> latest = latest(
                schedule,
                gap.compareTo(SMALL) > 0 ? recent : all,
                later(gap.compareTo(LARGE) > 0 ? recent : all, told),
                now);
        Instant end = now.plus(MOMENT);
        if (first.isBefore(latest.orElse(end))) {
            var missed = Missed.between(untold, first, latest.orElse(end));
            news.add(new DueEvent.PassedBy(entry.recipe(), schedule, missed));
        }
        latest.ifPresent(at -> {
            news.add(new DueEvent.Due(entry.recipe(), at));
            Missed.after(untold, at, end)
                    .ifPresent(missed -> news.add(new DueEvent.PassedBy(entry.recipe(), schedule, missed)));
        });
        add(entry.recipe(), schedule, untold.next(now));
    }

    private static Optional<Instant> latest(Schedule schedule, Instant after, Instant fixedAfter, Instant now) {
        Optional<Instant> latest = Optional.empty();
        Optional<Instant> next = schedule.next(after, fixedAfter);
        while (next.isPresent() && !next.get().isAfter(now)) {
            latest = next;
            next = schedule.next(later(after, next.get()), later(fixedAfter, next.get()));
        }
        return latest;
    }

    private static Instant earlier(Instant one, Instant other) {
        return one.isBefore(other) ? one : other;
    }

    private static Instant later(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }
}
