package io.leprechaun.daemon.output;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/** The threads that follow runs: they wait for further output or for another state. Thread-safe. */
public final class Followers {
    /** The longest wait: a change that is not reported is seen at its end. */
    private static final Duration LONGEST = Duration.ofSeconds(1);

    private final Map<Long, Set<Thread>> following = new ConcurrentHashMap<>();

    /** The end of a thread's interest in a run. */
    @FunctionalInterface
    public interface Follow extends AutoCloseable {
        @Override
        void close();
    }

    /** Reports changes of a run to the calling thread from now on. */
    public Follow follow(long run) {
        Thread follower = Thread.currentThread();
        following.compute(run, (_, others) -> {
            Set<Thread> all = others == null ? ConcurrentHashMap.newKeySet() : others;
            all.add(follower);
            return all;
        });
        return () -> following.computeIfPresent(run, (_, all) -> all.remove(follower) && all.isEmpty() ? null : all);
    }

    /** Wakes the followers of a run: it has printed something, or changed its state. */
    public void changed(long run) {
        following.getOrDefault(run, Set.of()).forEach(LockSupport::unpark);
    }

    /** Waits for the next change of the run that the calling thread follows, or a change since the last wait. */
    public static void await() {
        LockSupport.parkNanos(LONGEST.toNanos());
    }
}
