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
 * What is due when, and what became due meanwhile. Reads no clock, and is told what one shows. Not thread-safe.
 *
 * <p>What is late by more than one period of its own is told as late: it goes by the recipe's {@code catch_up}. When the clock was set, it goes by cron's rule (cronie's cron(8)). Forward by up to three hours: what was
 * due at fixed local times in between is due now, once; by up to five minutes, so is the rest. Back by up to three hours: fixed local times are not due again, and the rest goes on by the
 * new time. By more: the clock is taken to have been wrong before. What comes to nothing is told as missed. Intervals go by elapsed time.
 */
final class DueQueue {
    private static final Logger LOG = LoggerFactory.getLogger(DueQueue.class);
    /** Where the clock was set, what was due up to this long ago is told, however much it is. */
    private static final Duration LATE = Duration.ofMinutes(1);
    /** In a gap up to this long, everything is made up for. */
    private static final Duration SMALL = Duration.ofMinutes(5);
    /** In a gap up to this long, what was due at fixed local times is made up for. A larger one says that the clock was wrong before. */
    static final Duration LARGE = Duration.ofHours(3);

    static final Duration MOMENT = Duration.ofNanos(1000); // what the store tells apart

    private final String name;
    private final PriorityQueue<DueEntry> entries = new PriorityQueue<>(Comparator.comparing(DueEntry::next));
    /** What the entries were made from. */
    private final Map<Recipe, Schedule> schedules = new IdentityHashMap<>();
    /** What the clock showed last. */
    private Instant seen = Instant.MIN;
    /** What the clock had shown before it was set back: fixed local times until then were told. */
    private Instant told = Instant.MIN;

    /** An empty one. */
    DueQueue(String name) {
        this.name = name;
    }

    private record DueEntry(Recipe recipe, Schedule schedule, Instant next) {}

    /**
     * Begins anew, with what is due after an instant.
     *
     * @param already until when fixed local times were told before the clock was set back
     */
    void reset(Map<Recipe, Schedule> all, Instant after, Instant already, Instant now) {
        clear();
        schedules.putAll(all);
        seen = now;
        told = already;
        schedules.forEach((recipe, schedule) -> add(recipe, schedule, next(schedule, after)));
    }

    /** Nothing is due any more. */
    void clear() {
        schedules.clear();
        entries.clear();
        told = Instant.MIN;
    }

    /** Takes other schedules: a recipe that stays keeps its own, and is due as it was. */
    void replace(Map<Recipe, Schedule> all) {
        entries.removeIf(entry -> !all.containsKey(entry.recipe()));
        schedules.keySet().removeIf(recipe -> !all.containsKey(recipe));
        all.forEach((recipe, schedule) -> {
            if (schedules.putIfAbsent(recipe, schedule) == null) {
                add(recipe, schedule, next(schedule, seen));
            }
        });
    }

    /** By what recipes are due now. */
    Map<Recipe, Schedule> schedules() {
        return new IdentityHashMap<>(schedules);
    }

    /** The next instant at which something is due; empty if nothing is. */
    Optional<Instant> next() {
        return Optional.ofNullable(entries.peek()).map(DueEntry::next);
    }

    private void add(Recipe recipe, Schedule schedule, Optional<Instant> next) {
        next.ifPresent(at -> entries.add(new DueEntry(recipe, schedule, at)));
    }

    private Optional<Instant> next(Schedule schedule, Instant after) {
        return schedule.next(after, later(after, told));
    }

    /** Gives what there is to tell now, in its order. */
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

    /** Tells what is late by more than one period of its own, and gives the first due instant that is not. */
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
        LOG.warn("{}: the clock was set forward by {}, to {}", name, Durations.format(by), now);
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
        LOG.warn("{}: the clock was set back by {}, to {}", name, Durations.format(by.abs()), now);
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

    /** Whether a recipe is due by elapsed time: then it is due as long from now as before. */
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

    /** Lets a recipe be due at the latest of what is to be made up for, and tells the rest as missed. */
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
