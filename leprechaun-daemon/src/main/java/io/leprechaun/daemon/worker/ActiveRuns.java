package io.leprechaun.daemon.worker;

import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** The jobs of one recipe that are not over. */
final class ActiveRuns {
    private static final Comparator<Job> BY_AGE = Comparator.comparingLong(Job::id);

    private final TreeSet<Job> jobs = new TreeSet<>(BY_AGE);
    /** The jobs that work, and those between two attempts. */
    private final TreeSet<Job> begun = new TreeSet<>(BY_AGE);

    private final Set<Job> working = new HashSet<>();
    /** The jobs that have not begun, by their coalesce value. */
    private final Map<String, Set<Job>> alike = new HashMap<>();

    void add(Job job) {
        jobs.add(job);
        if (job.begun) {
            begun.add(job);
        } else {
            job.coalesce.ifPresent(value -> alike.computeIfAbsent(value, unused -> new LinkedHashSet<>())
                    .add(job));
        }
    }

    void remove(Job job) {
        jobs.remove(job);
        begun.remove(job);
        working.remove(job);
        removeAlike(job);
    }

    private void removeAlike(Job job) {
        job.coalesce.ifPresent(
                value -> alike.computeIfPresent(value, (unused, all) -> all.remove(job) && all.isEmpty() ? null : all));
    }

    /** Records that a job makes an attempt. */
    void begins(Job job) {
        removeAlike(job);
        job.begun = true;
        begun.add(job);
        working.add(job);
    }

    /** Records that a job has made an attempt, and may make another one. */
    void pauses(Job job) {
        working.remove(job);
    }

    boolean isEmpty() {
        return jobs.isEmpty();
    }

    /**
     * Returns whether no other job is at work or between two attempts. Of several between two attempts, the oldest
     * continues first, so that they do not wait for each other.
     */
    boolean isFreeFor(Job job) {
        return working.isEmpty() && (begun.isEmpty() || begun.first() == job);
    }

    Optional<Job> oldest() {
        return jobs.isEmpty() ? Optional.empty() : Optional.of(jobs.first());
    }

    Optional<Job> newest() {
        return jobs.isEmpty() ? Optional.empty() : Optional.of(jobs.last());
    }

    /** Returns the jobs that have not begun and have this coalesce value, the oldest first; none where it is empty. */
    List<Job> alike(Optional<String> coalesce) {
        return coalesce.map(value -> List.copyOf(alike.getOrDefault(value, Set.of())))
                .orElse(List.of());
    }

    /** Returns all jobs, the oldest first. */
    List<Job> all() {
        return List.copyOf(jobs);
    }
}
