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
    /** Set back by more than this, the clock was wrong before: to wait until it comes there again could take years. */
    private static final Duration WAS_WRONG = Duration.ofHours(3);

    private final InstantSource clock;
    private final Consumer<Due> told;
    private final String name;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    /** Guarded by lock. */
    private final PriorityQueue<Entry> entries = new PriorityQueue<>(Comparator.comparing(Entry::next));
    /** What the entries were made from. Guarded by lock. */
    private Map<Recipe, Schedule> schedules = Map.of();
    /** What the clock showed last. Guarded by lock. */
    private Instant seen = Instant.MIN;
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

    /**
     * Begins to tell.
     *
     * @param after what is due after this instant is told
     */
    void start(Map<Recipe, Schedule> schedules, Instant after) {
        lock.lock();
        try {
            this.schedules = schedules;
            seen = clock.instant();
            reset(after);
            var ticking = Threads.platform(name + "-timer", this::tick);
            thread = Optional.of(ticking);
            ticking.start();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Takes other schedules. What is due by now is told by the old ones first, so that nothing falls between; a recipe that stays goes on as it was, so that a clock that was set back
     * repeats nothing.
     */
    void update(Map<Recipe, Schedule> schedules) {
        List<Due> due;
        lock.lock();
        try {
            Instant now = clock.instant();
            due = due(now);
            var before = this.schedules;
            this.schedules = schedules;
            entries.removeIf(entry -> !schedules.containsKey(entry.recipe()));
            schedules.forEach((recipe, schedule) -> {
                if (!before.containsKey(recipe)) {
                    add(recipe, schedule, now);
                }
            });
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        due.forEach(this::tell);
    }

    private void reset(Instant after) {
        entries.clear();
        schedules.forEach((recipe, schedule) -> add(recipe, schedule, after));
    }

    private void add(Recipe recipe, Schedule schedule, Instant after) {
        schedule.next(after).ifPresent(next -> entries.add(new Entry(recipe, schedule, next)));
    }

    /** Nothing is due any more. */
    void stop() {
        lock.lock();
        try {
            thread = Optional.empty();
            schedules = Map.of();
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
        if (now.isBefore(seen) && Duration.between(now, seen).compareTo(WAS_WRONG) > 0) {
            LOG.warn("the clock was set back from {} to {}: what is due is counted from there", seen, now);
            reset(now);
        }
        seen = now;
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
            add(entry.recipe(), entry.schedule(), at);
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
