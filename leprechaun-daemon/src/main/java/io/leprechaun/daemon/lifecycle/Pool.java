package io.leprechaun.daemon.lifecycle;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * A fixed number of platform threads that take tasks in their order. All are started at once, so that none is missing
 * when the system has no room for one later. Thread-safe.
 */
public final class Pool implements Supervised, Executor {
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final String name;
    private final ThreadPoolExecutor threads;

    /** @param since the time of its submission, by {@code nanoTime} */
    private record Task(Runnable task, long since) implements Runnable {
        @Override
        public void run() {
            task.run();
        }
    }

    private Pool(String name, ThreadPoolExecutor threads) {
        this.name = name;
        this.threads = threads;
    }

    /** Starts threads named {@code NAME-0}, {@code NAME-1} and so on. */
    public static Pool open(String name, int size) {
        var threads = new ThreadPoolExecutor(
                size, size, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), Threads.platform(name));
        var pool = new Pool(name, threads);
        Threads.supervise(pool);
        threads.prestartAllCoreThreads();
        return pool;
    }

    /** @throws RejectedExecutionException when it is closed */
    @Override
    public void execute(Runnable task) {
        threads.execute(new Task(task, System.nanoTime()));
    }

    /**
     * Accepts no more tasks, and waits for the end of those that it has accepted.
     *
     * @return false: some had not ended when the time was over
     */
    public boolean close(Duration most) throws InterruptedException {
        Threads.release(this);
        threads.shutdown();
        return threads.awaitTermination(most.toNanos(), TimeUnit.NANOSECONDS);
    }

    @Override
    public Optional<String> revive() {
        if (!threads.isShutdown()) {
            try {
                threads.prestartAllCoreThreads();
            } catch (OutOfMemoryError e) {
                return Optional.of("a thread of pool " + name + " has ended and cannot be restarted yet ("
                        + e.getMessage() + "): raise the limit of processes (TasksMax=, ulimit -u) or end some");
            }
        }
        return Optional.empty();
    }

    @Override
    public Optional<String> fault() {
        return threads.getQueue().peek() instanceof Task first && System.nanoTime() - first.since() > PATIENCE.toNanos()
                ? Optional.of("thread pool " + name + " has not started a task for more than " + PATIENCE.toSeconds()
                        + " s: if this lasts, restart the daemon")
                : Optional.empty();
    }
}
