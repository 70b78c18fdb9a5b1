package io.leprechaun.daemon.output;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/** The threads that follow runs: they wait for further output or for another state. Thread-safe. */
public final class Followers {
    /** The longest wait: a change that is not reported is seen at its end. */
    private static final Duration LONGEST = Duration.ofSeconds(1);

    private final Map<Long, Set<Follow>> following = new ConcurrentHashMap<>();

    /** A thread's interest in a run, until it is closed. Waiting and closing are for that thread. */
    public final class Follow implements AutoCloseable {
        private final long run;
        private final Thread thread = Thread.currentThread();
        private final AtomicBoolean changed = new AtomicBoolean();

        private Follow(long run) {
            this.run = run;
        }

        private void wake() {
            changed.set(true);
            LockSupport.unpark(thread);
        }

        /** Waits for the next change of the run, or returns at once if it has changed since the last wait. */
        public void await() {
            long begun = System.nanoTime();
            while (!changed.getAndSet(false)) {
                long left = LONGEST.toNanos() - (System.nanoTime() - begun);
                if (left <= 0 || thread.isInterrupted()) {
                    return;
                }
                LockSupport.parkNanos(left);
            }
        }

        @Override
        public void close() {
            following.computeIfPresent(run, (_, all) -> all.remove(this) && all.isEmpty() ? null : all);
        }
    }

    /** Reports changes of a run to the calling thread from now on. */
    public Follow follow(long run) {
        var follow = new Follow(run);
        following.compute(run, (_, others) -> {
            Set<Follow> all = others == null ? ConcurrentHashMap.newKeySet() : others;
            all.add(follow);
            return all;
        });
        return follow;
    }

    /** Wakes the followers of a run: it has printed something, or changed its state. */
    public void changed(long run) {
        following.getOrDefault(run, Set.of()).forEach(Follow::wake);
    }
}
