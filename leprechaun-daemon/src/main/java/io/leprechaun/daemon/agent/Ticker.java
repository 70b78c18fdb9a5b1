package io.leprechaun.daemon.agent;

import io.leprechaun.daemon.lifecycle.Threads;
import io.leprechaun.daemon.recipe.Recipe;
import io.leprechaun.daemon.schedule.Schedule;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells which recipes are due, on one thread for all of them, woken only when something is. Never early. Thread-safe. */
final class Ticker {
    private static final Logger LOG = LoggerFactory.getLogger(Ticker.class);
    /** The wall clock may be set while nobody looks: it is looked at this often. */
    private static final Duration LONGEST_SLEEP = Duration.ofMinutes(1);
    /** What is later than this was missed: the machine slept or its clock was set. */
    private static final Duration TOO_LATE = Duration.ofMinutes(1);

    private final InstantSource clock;
    private final Consumer<Due> told;
    private final String name;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    /** Guarded by lock. */
    private final PriorityQueue<Entry> entries = new PriorityQueue<>(Comparator.comparing(Entry::next));
    /** Guarded by lock. Empty while stopped. */
    private Optional<Thread> thread = Optional.empty();

    Ticker(String name, InstantSource clock, Consumer<Due> told) {
        this.name = name;
        this.clock = clock;
        this.told = told;
    }

    /**
     * A recipe that is due.
     *
     * @param missed what was due before and is too late now, if anything
     */
    record Due(Recipe recipe, Optional<Instant> at, Optional<Missed> missed) {}

    private record Entry(Recipe recipe, Schedule schedule, Instant next) {}

    void start(Map<Recipe, Schedule> schedules) {
        lock.lock();
        try {
            replace(schedules);
            var ticking = Threads.platform(name + "-timer", this::tick);
            thread = Optional.of(ticking);
            ticking.start();
        } finally {
            lock.unlock();
        }
    }

    /** Takes other schedules. What is due by now is told by the old ones first, so that nothing falls between. */
    void update(Map<Recipe, Schedule> schedules) {
        List<Due> due;
        lock.lock();
        try {
            due = due(clock.instant());
            replace(schedules);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        due.forEach(this::tell);
    }

    private void replace(Map<Recipe, Schedule> schedules) {
        entries.clear();
        Instant now = clock.instant();
        schedules.forEach((recipe, schedule) ->
                schedule.next(now).ifPresent(next -> entries.add(new Entry(recipe, schedule, next))));
    }

    /** Nothing is due any more. */
    void stop() {
        lock.lock();
        try {
            thread = Optional.empty();
            entries.clear();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void tick() {
        while (true) {
            List<Due> due;
            lock.lock();
            try {
                if (!isMine()) {
                    return;
                }
                due = await();
            } catch (InterruptedException e) {
                return;
            } finally {
                lock.unlock();
            }
            due.forEach(this::tell);
        }
    }

    /** Whether the calling thread is the one that ticks: after a stop and a start it may be another. */
    private boolean isMine() {
        return thread.isPresent() && thread.get() == Thread.currentThread();
    }

    /** What is due, once something is. */
    private List<Due> await() throws InterruptedException {
        List<Due> due = due(clock.instant());
        while (due.isEmpty() && isMine()) {
            if (entries.isEmpty()) {
                changed.await();
            } else {
                Duration left =
                        Duration.between(clock.instant(), entries.element().next());
                changed.awaitNanos(
                        left.compareTo(LONGEST_SLEEP) > 0 ? LONGEST_SLEEP.toNanos() : Math.max(1, left.toNanos()));
            }
            due = due(clock.instant());
        }
        return due;
    }

    private List<Due> due(Instant now) {
        var due = new ArrayList<Due>();
        while (!entries.isEmpty() && !entries.element().next().isAfter(now)) {
            Entry entry = entries.remove();
            Instant at = entry.next();
            Instant limit = now.minus(TOO_LATE);
            if (at.isBefore(limit)) {
                var missed = Missed.between(entry.schedule(), at, limit);
                due.add(new Due(entry.recipe(), Optional.empty(), Optional.of(missed)));
                at = missed.last();
            } else {
                due.add(new Due(entry.recipe(), Optional.of(at), Optional.empty()));
            }
            entry.schedule().next(at).ifPresent(next -> entries.add(new Entry(entry.recipe(), entry.schedule(), next)));
        }
        return due;
    }

    private void tell(Due due) {
        try {
            told.accept(due);
        } catch (RuntimeException e) { // one recipe must not keep the others from being due
            LOG.error("{} was due and could not be started", due.recipe().name(), e);
        }
    }
}
