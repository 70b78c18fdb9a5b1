package io.leprechaun.daemon.worker;

import io.leprechaun.daemon.recipe.Lock;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Who holds which lock, and how many wait for it: written where a job enters or leaves a stack or a queue, and nowhere else. Guarded by the dispatcher's lock. */
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

    /** Somebody who works and keeps others from holding these locks. */
    Optional<Job> holder(List<Lock> locks) {
        return locks.stream()
                .flatMap(lock -> lock.rivals().stream())
                .map(rival -> held(rival))
                .flatMap(Set::stream)
                .findFirst();
    }

    /** Those who hold a lock that nobody else can have beside them; none while a counted one has room. */
    private Set<Job> held(Lock lock) {
        Set<Job> all = holders.getOrDefault(lock, Set.of());
        return all.size() < lock.most() ? Set.of() : all;
    }

    /** Whether somebody who waits wants what keeps others from holding these locks. */
    boolean isAwaited(List<Lock> locks) {
        return areExcluded(locks, waiting.keySet());
    }

    /** Whether one of these locks cannot be held beside one of others. */
    static boolean areExcluded(List<Lock> locks, Set<Lock> others) {
        return locks.stream().anyMatch(lock -> lock.rivals().stream().anyMatch(others::contains));
    }
}
