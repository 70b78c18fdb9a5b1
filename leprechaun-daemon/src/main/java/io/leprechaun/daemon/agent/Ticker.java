package io.leprechaun.daemon.agent;

import io.leprechaun.daemon.lifecycle.HostClock;
import io.leprechaun.daemon.lifecycle.SelfWatch;
import io.leprechaun.daemon.lifecycle.SupervisedThread;
import io.leprechaun.daemon.recipe.Recipe;
import io.leprechaun.daemon.schedule.Schedule;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The timer that reports the events of a {@link DueQueue}, on one thread for all recipes. Never early. Thread-safe. */
final class Ticker {
    private static final Logger LOG = LoggerFactory.getLogger(Ticker.class);
    /** The longest time between two looks at the clock, as it may be set meanwhile. */
    private static final Duration LONGEST_SLEEP = Duration.ofSeconds(10);

    private static final Duration NOTHING_DUE = Duration.ofDays(36_500);

    private final String name;
    private final HostClock clock;
    private final Consumer<DueEvent> listener;
    /**
     * The lock for reporting events, held from before they are taken until they are reported, and taken before the
     * other lock. So events are reported in their order, whichever thread reports them. The record of a later instant
     * implies that the earlier ones have theirs.
     */
    private final ReentrantLock telling = new ReentrantLock();

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    /** Guarded by lock. */
    private final ClockWatch watch;
    /** Guarded by lock. */
    private final DueQueue queue;
    /** True if the queue was changed since the last look. Guarded by lock. */
    private boolean stirred;
    /** Guarded by lock. Empty while stopped. */
    private Optional<SupervisedThread> thread = Optional.empty();

    Ticker(String name, HostClock clock, Consumer<DueEvent> listener) {
        this.name = name;
        this.clock = clock;
        this.listener = listener;
        this.watch = new ClockWatch(clock);
        this.queue = new DueQueue(name);
    }

    /**
     * Begins to report.
     *
     * @param after the instant after which due recipes are reported
     * @param already the instant until which fixed local times were reported before the clock was set back
     */
    void start(Map<Recipe, Schedule> schedules, Instant after, Instant already) {
        lock.lock();
        try {
            queue.reset(schedules, after, already, watch.read().now());
            var ticking = SupervisedThread.of(name + "-timer", "triggers due recipes", this::tick)
                    .in(SelfWatch.TIMERS);
            thread = Optional.of(ticking);
            ticking.start();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Replaces the schedules. Recipes due until now are reported by the old ones first, so that no instant is lost in
     * between.
     *
     * @return the instant after which new recipes are due
     */
    Instant update(Map<Recipe, Schedule> schedules) {
        telling.lock();
        try {
            var news = new ArrayList<DueEvent>();
            Instant now = locked(() -> {
                var reading = watch.read();
                news.addAll(queue.news(reading));
                queue.replace(schedules);
                stir();
                return reading.now();
            });
            news.forEach(this::tell);
            return now;
        } finally {
            telling.unlock();
        }
    }

    /** Returns the schedules of recipes; none while stopped. */
    Map<Recipe, Schedule> schedules() {
        return locked(queue::schedules);
    }

    /** Stops the timer: nothing is due any more, and earlier events have been reported. */
    void stop() {
        telling.lock();
        try {
            locked(() -> {
                thread.ifPresent(SupervisedThread::closing);
                thread = Optional.empty();
                queue.clear();
                stir();
                return thread;
            });
        } finally {
            telling.unlock();
        }
    }

    /** Returns its fault, in a sentence that stays the same; empty: none. */
    Optional<String> fault() {
        try {
            if (!lock.tryLock(1, TimeUnit.SECONDS)) {
                return Optional.of("the timer of " + name + " is stuck: restart the daemon");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
        try {
            return queue.next()
                    .filter(clock.instant()::isAfter)
                    .map(next -> name + " has not triggered the recipes due at " + next);
        } finally {
            lock.unlock();
        }
    }

    private boolean tick() throws InterruptedException {
        if (!tellNews()) {
            return false;
        }
        sleep();
        return true;
    }

    /** Returns whether the calling thread is the timer's: after a stop and a start it may be another. */
    private boolean isMine() {
        return thread.filter(SupervisedThread::isCurrent).isPresent();
    }

    /** Reports the pending events. Returns false if the calling thread is not the timer's any more. */
    private boolean tellNews() {
        telling.lock();
        try {
            Optional<List<DueEvent>> news = locked(() -> isMine() ? Optional.of(look()) : Optional.empty());
            news.ifPresent(all -> all.forEach(this::tell));
            return news.isPresent();
        } finally {
            telling.unlock();
        }
    }

    private List<DueEvent> look() {
        stirred = false;
        return queue.news(watch.read());
    }

    private void stir() {
        stirred = true;
        changed.signalAll();
    }

    /**
     * Waits until a recipe is due by the clock as it is now, or the queue is changed. A change of the clock meanwhile
     * is noticed at the end of that time.
     */
    private void sleep() throws InterruptedException {
        lock.lock();
        try {
            long left = untilNext();
            long end = System.nanoTime() + left;
            while (isMine() && !stirred && left > 0) {
                changed.awaitNanos(left);
                left = end - System.nanoTime();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Returns the time until the next look, in nanoseconds. */
    private long untilNext() {
        return queue.next()
                .map(next -> Duration.between(clock.instant(), next))
                .map(left -> left.compareTo(LONGEST_SLEEP) > 0 ? LONGEST_SLEEP : left)
                .orElse(NOTHING_DUE)
                .toNanos();
    }

    private <T> T locked(Supplier<T> action) {
        lock.lock();
        try {
            return action.get();
        } finally {
            lock.unlock();
        }
    }

    private void tell(DueEvent event) {
        try {
            listener.accept(event);
        } catch (RuntimeException | Error e) { // one recipe must not keep the others from being due
            LOG.error("agent={} could not trigger its due recipes", name, e);
        }
    }
}
