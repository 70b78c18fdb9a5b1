package io.leprechaun.daemon.lifecycle;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Delayed;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tasks that run after an elapsed time, on one thread of their own. A task must be short, because it delays the other
 * alarms. The failure of a task is logged.
 */
public final class Alarms implements Supervised, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Alarms.class);
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final ScheduledThreadPoolExecutor thread;
    /** The repeated tasks by their period. */
    private final Map<Duration, List<Runnable>> repeated = new ConcurrentHashMap<>();

    private Alarms(ScheduledThreadPoolExecutor thread) {
        this.thread = thread;
    }

    /** Starts the thread. */
    public static Alarms open() {
        var thread = new ScheduledThreadPoolExecutor(1, Threads.platform("alarms"));
        thread.setRemoveOnCancelPolicy(true);
        thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        var alarms = new Alarms(thread);
        Threads.supervise(alarms);
        thread.prestartAllCoreThreads();
        return alarms;
    }

    /** A task that waits for its time. */
    public static final class Alarm {
        private final Future<?> future;

        private Alarm(Future<?> future) {
            this.future = future;
        }

        /** Cancels the task, unless it has begun. */
        public void cancel() {
            future.cancel(false);
        }
    }

    /** Runs a task once after a delay. */
    public Alarm in(Duration delay, Runnable task) {
        return new Alarm(thread.schedule(guarded(task), saturated(delay), TimeUnit.NANOSECONDS));
    }

    /**
     * Runs a task again and again, whether or not it failed the last time. Tasks with the same period run together: an
     * idle machine is woken once for all of them.
     */
    public void every(Duration period, Runnable task) {
        repeated.computeIfAbsent(period, this::repeat).add(guarded(task));
    }

    private List<Runnable> repeat(Duration period) {
        var tasks = new CopyOnWriteArrayList<Runnable>();
        long nanos = period.toNanos();
        var unused =
                thread.scheduleWithFixedDelay(() -> tasks.forEach(Runnable::run), nanos, nanos, TimeUnit.NANOSECONDS);
        return tasks;
    }

    /** Returns a task that logs its failure. The executor would hide the failure, and would never repeat the task. */
    private static Runnable guarded(Runnable task) {
        return () -> {
            try {
                task.run();
            } catch (RuntimeException | Error e) {
                LOG.error("thread alarms: task failed; continuing", e);
            }
        };
    }

    private static long saturated(Duration delay) {
        return delay.compareTo(Duration.ofDays(36_500)) > 0 ? Long.MAX_VALUE / 2 : delay.toNanos();
    }

    @Override
    public String check() {
        return SelfWatch.TIMERS;
    }

    @Override
    public Optional<String> revive() {
        if (!thread.isShutdown()) {
            try {
                thread.prestartAllCoreThreads();
            } catch (OutOfMemoryError e) {
                return Optional.of("thread alarms has ended and cannot be restarted yet (" + e.getMessage()
                        + "): raise the limit of processes (TasksMax=, ulimit -u) or end some");
            }
        }
        return Optional.empty();
    }

    @Override
    public Optional<String> fault() {
        return thread.getQueue().peek() instanceof Delayed first
                        && first.getDelay(TimeUnit.NANOSECONDS) < -PATIENCE.toNanos()
                ? Optional.of("thread alarms is stuck before alarm " + (thread.getCompletedTaskCount() + 1)
                        + ": if this lasts, restart the daemon")
                : Optional.empty();
    }

    /** Cancels every alarm. */
    @Override
    public void close() {
        Threads.release(this);
        thread.shutdownNow();
    }
}
