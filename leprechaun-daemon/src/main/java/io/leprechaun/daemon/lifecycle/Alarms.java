package io.leprechaun.daemon.lifecycle;

import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Does something once an elapsed time is over, on one thread of its own. What it does must be short: it holds up the other alarms. */
public final class Alarms implements AutoCloseable {
    private final ScheduledThreadPoolExecutor thread;

    private Alarms(ScheduledThreadPoolExecutor thread) {
        this.thread = thread;
    }

    /** Starts the thread. */
    public static Alarms open() {
        var thread = new ScheduledThreadPoolExecutor(1, Threads.platform("alarms"));
        thread.setRemoveOnCancelPolicy(true);
        thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        return new Alarms(thread);
    }

    /** Something that will be done. */
    public static final class Alarm {
        private final Future<?> future;

        private Alarm(Future<?> future) {
            this.future = future;
        }

        /** Takes it back, unless it is being done already. */
        public void cancel() {
            future.cancel(false);
        }
    }

    /** Sets an alarm. */
    public Alarm in(Duration delay, Runnable task) {
        return new Alarm(thread.schedule(task, saturated(delay), TimeUnit.NANOSECONDS));
    }

    private static long saturated(Duration delay) {
        return delay.compareTo(Duration.ofDays(36_500)) > 0 ? Long.MAX_VALUE / 2 : delay.toNanos();
    }

    /** Takes back every alarm. */
    @Override
    public void close() {
        thread.shutdownNow();
    }
}
