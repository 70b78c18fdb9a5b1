package io.leprechaun.daemon.worker;

import io.leprechaun.daemon.recipe.Lock;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The holders of locks, and the number of jobs that wait for each: changed only where a job enters or leaves a stack or
 * a queue.
 */
final class Locks {
    private final Map<Lock, Set<Job>> holders = new HashMap<>();
    private final Map<Lock, Integer> waiting = new HashMap<>();

    void taken(Job job) {
        job.locks()
                .forEach(lock -> holders.computeIfAbsent(lock, unused -> new LinkedHashSet<>())
                        .add(job));
    }

    void given(Job job) {
        job.locks()
                .forEach(lock ->
                        holders.computeIfPresent(lock, (unused, all) -> all.remove(job) && all.isEmpty() ? null : all));
    }

    void awaited(Job job) {
        job.locks().forEach(lock -> waiting.merge(lock, 1, Integer::sum));
    }

    void awaitedNoMore(Job job) {
        job.locks().forEach(lock -> waiting.computeIfPresent(lock, (unused, all) -> all == 1 ? null : all - 1));
    }

    /** Returns a working job that prevents others from holding these locks. */
    Optional<Job> holder(List<Lock> locks) {
        return locks.stream()
                .flatMap(lock -> lock.rivals().stream())
                .map(rival -> held(rival))
                .flatMap(Set::stream)
                .findFirst();
    }

    /** Returns the holders of a lock; none while a counted one has room. */
    private Set<Job> held(Lock lock) {
        Set<Job> all = holders.getOrDefault(lock, Set.of());
        return all.size() < lock.most() ? Set.of() : all;
    }

    /** Returns whether a waiting job wants a lock that excludes these locks. */
    boolean isAwaited(List<Lock> locks) {
        return areExcluded(locks, waiting.keySet());
    }

    /** Returns whether one of these locks cannot be held beside one of the others. */
    static boolean areExcluded(List<Lock> locks, Set<Lock> others) {
        return locks.stream().anyMatch(lock -> lock.rivals().stream().anyMatch(others::contains));
    }
}
