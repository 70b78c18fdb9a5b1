package io.leprechaun.daemon.process;

import io.leprechaun.daemon.lifecycle.SupervisedThread;
import io.leprechaun.daemon.posix.PosixException;
import io.leprechaun.daemon.posix.Usage;
import io.leprechaun.daemon.posix.Wait;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Semaphore;

/** The one thread that waits for the ends of all children and adopted orphans. */
final class Reaper {
    private final Children children;
    private final Orphans orphans;

    /** A permit for each start since the last time that there was no child. */
    private final Semaphore started = new Semaphore(0);

    private final SupervisedThread thread = SupervisedThread.vital("reaper", "reaps processes", this::run);
    private volatile boolean closing;

    private Reaper(Children children, Orphans orphans) {
        this.children = children;
        this.orphans = orphans;
    }

    static Reaper start(Children children, Orphans orphans) {
        var reaper = new Reaper(children, orphans);
        reaper.thread.start();
        return reaper;
    }

    /** Wakes the thread. To be called after each start of a process. */
    void wake() {
        started.release();
    }

    /** Makes the next end of a child the last one that is processed. */
    void closeAfterNext() {
        closing = true;
        thread.closing();
    }

    /** Waits for the end of the thread, and returns whether it has ended. */
    boolean join(long millis) throws InterruptedException {
        return thread.join(Duration.ofMillis(millis));
    }

    private boolean run() {
        try (var wait = new Wait()) {
            boolean reaped;
            do {
                reaped = reap(wait);
            } while (!reaped || !closing);
        }
        return false;
    }

    /** Waits for the end of a child, or for a start if there is no child. Returns whether a child has ended. */
    private boolean reap(Wait wait) {
        Optional<Wait.ExitedChild> ended = any(wait);
        if (ended.isEmpty()) {
            started.acquireUninterruptibly();
            started.drainPermits(); // the next wait sees all processes started before this
            return false;
        }
        take(wait, ended.get());
        return true;
    }

    private static Optional<Wait.ExitedChild> any(Wait wait) {
        try {
            return wait.any();
        } catch (PosixException e) {
            throw new IllegalStateException(e);
        }
    }

    private void take(Wait wait, Wait.ExitedChild ended) {
        var memory = wait.isItsOwn(ended.peakMemory()) ? OptionalLong.of(ended.peakMemory()) : OptionalLong.empty();
        var usage = new Usage(ended.cpu(), memory, ended.read(), ended.written());
        if (!children.ended(ended.pid(), new Exit(ended.code(), usage))) {
            orphans.ended(ended.pid());
        }
    }
}
