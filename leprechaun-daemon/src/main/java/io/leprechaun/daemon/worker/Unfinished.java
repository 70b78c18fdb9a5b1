package io.leprechaun.daemon.worker;

import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/** One recipe's jobs that are not over. Guarded by the dispatcher's lock. */
final class Unfinished {
    private final TreeMap<Long, Job> jobs = new TreeMap<>();
    private int begun;

    void add(Job job) {
        jobs.put(job.id(), job);
        begun += job.begun ? 1 : 0;
    }

    void remove(Job job) {
        if (jobs.remove(job.id()) != null) {
            begun -= job.begun ? 1 : 0;
        }
    }

    /** One of them makes an attempt. */
    void begins(Job job) {
        begun += job.begun ? 0 : 1;
        job.begun = true;
    }

    boolean isEmpty() {
        return jobs.isEmpty();
    }

    /** Whether no other one is at work or between two attempts. */
    boolean isFreeFor(Job job) {
        return begun == (job.begun ? 1 : 0);
    }

    Optional<Job> oldest() {
        return jobs.isEmpty() ? Optional.empty() : Optional.of(jobs.firstEntry().getValue());
    }

    /** Those that have not begun and have this in common, the oldest first; none where it is empty. */
    List<Job> alike(Optional<String> coalesce) {
        return coalesce.isEmpty()
                ? List.of()
                : jobs.values().stream()
                        .filter(job -> !job.begun && job.coalesce.equals(coalesce))
                        .toList();
    }

    /** All, the oldest first. */
    List<Job> all() {
        return List.copyOf(jobs.values());
    }
}
