package io.leprechaun.daemon.lifecycle;

import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A thread that lives as long as its part. A turn that fails, also by an {@link Error}, is logged, and the next one
 * follows. {@link SelfWatch} restarts a thread that ends all the same; the daemon ends where the thread is vital.
 * Thread-safe.
 */
public final class SupervisedThread implements Supervised {
    private static final Logger LOG = LoggerFactory.getLogger(SupervisedThread.class);
    /** The time for which a restarted thread counts as faulty: long enough for a monitor to see it. */
    private static final Duration PROBATION = Duration.ofMinutes(1);
    /** The longest time that one task may take. */
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private static final long FIRST_PAUSE_MILLIS = 100;
    private static final long LONGEST_PAUSE_MILLIS = 5_000;
    /** The number of failures in a row that is a fault. */
    private static final int MANY = 3;

    private final String name;
    private final String duty;
    private final Duration patience;
    private final boolean vital;
    private final Turn turn;
    private volatile String check = SelfWatch.THREADS;

    private volatile Thread thread;
    private volatile boolean closing;
    /** The kind and the cause of its unwanted end, for messages. */
    private volatile String ended = "could not be started";

    /** The class of the exception of the last failed turn; empty: none has failed. */
    private volatile String cause = "";
    /** The number of failed turns in a row. Only the thread changes it. */
    private volatile int failures;

    private volatile boolean busy;
    /** The beginning of the current or last task, by {@code nanoTime}. */
    private volatile long busySince;

    private volatile boolean revived;
    /** The time of the last restart, by {@code nanoTime}. */
    private volatile long revivedAt;

    /** One task of a thread, and the wait for it. */
    @FunctionalInterface
    public interface Turn {
        /**
         * Takes a turn.
         *
         * @return false: the thread has nothing more to do
         * @throws InterruptedException when the thread is to end
         */
        boolean take() throws InterruptedException;
    }

    private SupervisedThread(String name, String duty, Duration patience, boolean vital, Turn turn) {
        this.name = name;
        this.duty = duty;
        this.patience = patience;
        this.vital = vital;
        this.turn = turn;
        this.thread = Threads.platform(name, this::run);
    }

    /**
     * Creates a thread that takes one turn after another. It is not started yet.
     *
     * @param duty its work, as in "the thread retention, which {@code removes old runs}, …"
     */
    public static SupervisedThread of(String name, String duty, Turn turn) {
        return new SupervisedThread(name, duty, PATIENCE, false, turn);
    }

    /** Creates the same for tasks that may take longer than a minute. */
    public static SupervisedThread of(String name, String duty, Duration patience, Turn turn) {
        return new SupervisedThread(name, duty, patience, false, turn);
    }

    /**
     * Creates a thread that ends with the first turn that fails, and the daemon with it: the state of its task is
     * unknown then.
     */
    public static SupervisedThread vital(String name, String duty, Turn turn) {
        return new SupervisedThread(name, duty, PATIENCE, true, turn);
    }

    /** Sets the name of the check of the daemon's health to which it belongs, and returns this thread. */
    public SupervisedThread in(String name) {
        check = name;
        return this;
    }

    /**
     * Starts the thread; does nothing where it was started or its end is wanted. It is supervised from now on, also
     * when the system has no room for a thread now.
     */
    public synchronized void start() {
        if (closing || thread.getState() != Thread.State.NEW) {
            return;
        }
        Threads.supervise(this);
        thread.start();
    }

    /** Marks the beginning of a task; to be called by the thread. */
    public void busy() {
        busySince = System.nanoTime();
        busy = true;
    }

    /**
     * Marks the end of a task; to be called by the thread before it waits for the next one. The end of a turn does the
     * same.
     */
    public void idle() {
        busy = false;
    }

    /** Returns whether the calling thread is this one. */
    public boolean isCurrent() {
        return Thread.currentThread() == thread;
    }

    /** Marks its end as wanted from now on. It is not supervised any more. */
    public synchronized void closing() {
        closing = true;
        Threads.release(this);
    }

    /** Marks its end as wanted, and interrupts it. */
    public void interrupt() {
        closing();
        thread.interrupt();
    }

    /** Marks its end as wanted, and waits for it; returns whether the thread has ended or was never started. */
    public boolean join(Duration most) throws InterruptedException {
        closing();
        Thread last = thread;
        return last.getState() == Thread.State.NEW || last.join(most);
    }

    /**
     * Interrupts it and waits for its end, for the given time at most. An interrupt of the caller ends the wait and
     * stays set.
     */
    public void end(Duration most) {
        interrupt();
        try {
            join(most);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try {
            while (goesOn()) {
                failures = 0;
            }
            ended = "ended without a reason";
        } catch (RuntimeException | Error e) {
            ended = "ended by " + e.getClass().getName();
            throw e; // logged by Threads
        } finally {
            idle();
        }
    }

    /** Takes turns until one does not fail, and returns whether another one follows. */
    private boolean goesOn() {
        while (true) {
            try {
                return turn.take() && !isInterruptedToEnd();
            } catch (InterruptedException e) {
                if (closing) {
                    return false;
                }
                LOG.warn("thread {}: interrupted; continuing", name);
            } catch (RuntimeException | Error e) {
                if (vital) {
                    throw e;
                }
                failures++;
                note(e);
                pause();
            } finally {
                idle();
            }
        }
    }

    private boolean isInterruptedToEnd() {
        return closing && Thread.currentThread().isInterrupted();
    }

    /** Logs the first of many failures, and each time that their number has doubled. */
    private void note(Throwable e) {
        cause = e.getClass().getName();
        if (Integer.bitCount(failures) == 1) {
            LOG.error("thread {} ({}): task failed; continuing", name, duty, e);
        }
    }

    private void pause() {
        long millis = Math.min(LONGEST_PAUSE_MILLIS, FIRST_PAUSE_MILLIS << Math.min(failures - 1, 10));
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the next turn reacts to it
        }
    }

    @Override
    public synchronized Optional<String> revive() {
        if (closing) {
            return Optional.empty();
        }
        if (thread.isAlive()) {
            return revived && System.nanoTime() - revivedAt < PROBATION.toNanos()
                    ? Optional.of(words() + " and was restarted: report this defect with the log")
                    : Optional.empty();
        }
        if (vital) {
            return Optional.of(
                    words() + "; its last task may be half done: the daemon stops, and its next start records it");
        }
        try {
            var next = Threads.platform(name, this::run);
            thread = next;
            next.start();
        } catch (OutOfMemoryError e) {
            return Optional.of(words() + " and cannot be restarted yet (" + e.getMessage()
                    + "): raise the limit of processes (TasksMax=, ulimit -u) or end some");
        }
        revived = true;
        revivedAt = System.nanoTime();
        return Optional.of(words() + " and was restarted: report this defect with the log");
    }

    private String words() {
        return "thread " + name + " (" + duty + ") " + ended;
    }

    @Override
    public String check() {
        return check;
    }

    @Override
    public boolean isLost() {
        return vital && !closing && !thread.isAlive();
    }

    @Override
    public Optional<String> fault() {
        if (busy && System.nanoTime() - busySince > patience.toNanos()) {
            return Optional.of("thread " + name + " (" + duty + ") has been busy with one task for more than "
                    + patience.toSeconds() + " s: if this lasts, restart the daemon");
        }
        return failures >= MANY
                ? Optional.of(
                        "thread " + name + " (" + duty + ") fails at each task (" + cause + "): see the daemon's log")
                : Optional.empty();
    }
}
