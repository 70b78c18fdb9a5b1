package io.leprechaun.daemon.agent;

import io.leprechaun.daemon.lifecycle.HostClock;
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

/** Tells what is due by an {@link DueQueue}, on one thread for all recipes, woken only when something is. Never early. Thread-safe. */
final class Ticker {
    private static final Logger LOG = LoggerFactory.getLogger(Ticker.class);
    /** The clock may be set while nobody looks: it is looked at this often. */
    private static final Duration LONGEST_SLEEP = Duration.ofSeconds(10);

    private static final Duration NOTHING_DUE = Duration.ofDays(36_500);

    private final String name;
    private final HostClock clock;
    private final Consumer<DueEvent> listener;
    /**
     * Held from before news is taken until it is told, and taken before the other lock: what is due is told in its order whichever thread tells it. The record of a later instant says that
     * the earlier ones have theirs.
     */
    private final ReentrantLock telling = new ReentrantLock();

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    /** Guarded by lock. */
    private final ClockWatch watch;
    /** Guarded by lock. */
    private final DueQueue queue;
    /** Whether the queue was changed since it was looked at. Guarded by lock. */
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
     * Begins to tell.
     *
     * @param after what is due after this instant is told
     * @param already until when fixed local times were told before the clock was set back
     */
    void start(Map<Recipe, Schedule> schedules, Instant after, Instant already) {
        lock.lock();
        try {
            queue.reset(schedules, after, already, watch.read().now());
            var ticking = SupervisedThread.of(name + "-timer", "makes recipes due", this::tick);
            thread = Optional.of(ticking);
            ticking.start();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Takes other schedules. What is due by now is told by the old ones first, so that nothing falls between.
     *
     * @return the instant after which those that are new are due
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

    /** By what recipes are due; none while stopped. */
    Map<Recipe, Schedule> schedules() {
        return locked(queue::schedules);
    }

    /** Nothing is due any more; what was has been told. */
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

    /** What is wrong with it, in a sentence that stays the same; empty: nothing. */
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
                    .map(next -> "what was due by " + name + " at " + next + " has not been told");
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

    /** Whether the calling thread is the one that ticks: after a stop and a start it may be another. */
    private boolean isMine() {
        return thread.filter(SupervisedThread::isCurrent).isPresent();
    }

    /** Tells what there is to tell; false: the calling thread does not tick any more. */
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

    /** Until something is due by the clock as it is now, or there is something else to look at. A clock that is set meanwhile is seen at the end of that time. */
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

    /** In nanoseconds. */
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
            LOG.error("what is due by {} could not be told", name, e);
        }
    }
}
