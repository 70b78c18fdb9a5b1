package io.leprechaun.daemon.worker;

import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/** One recipe's jobs that are not over. Guarded by the dispatcher's lock. */
final class Unfinished {
    private final TreeMap<Long, Job> jobs = new TreeMap<>();
    private int working;

    void add(Job job) {
        jobs.put(job.id(), job);
    }

    void remove(Job job) {
        if (jobs.remove(job.id()) != null && job.isWorking()) {
            working--;
        }
    }

    /** One of them has begun to work. */
    void begun() {
        working++;
    }

    boolean isEmpty() {
        return jobs.isEmpty();
    }

    /** Whether nobody works for the recipe. */
    boolean isIdle() {
        return working == 0;
    }

    Optional<Job> oldest() {
        return jobs.isEmpty() ? Optional.empty() : Optional.of(jobs.firstEntry().getValue());
    }

    /** All, the oldest first. */
    List<Job> all() {
        return List.copyOf(jobs.values());
    }
}
