package io.leprechaun.daemon.worker;

import io.leprechaun.daemon.recipe.Recipe;
import io.leprechaun.daemon.recipe.Windows;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Which of those that wait have to start by a moment, by a clock that is never set, or within windows. One alarm, for the earliest, is enough for all of them. Guarded by the dispatcher's lock. */
final class Deadlines {
    private final TreeSet<Deadline> deadlines = new TreeSet<>();
    /** Those that may start within windows only, by the version of their recipe. */
    private final Map<Recipe, Set<Job>> windowed = new IdentityHashMap<>();

    private record Deadline(Instant latest, Job job) implements Comparable<Deadline> {
        private static final Comparator<Deadline> ORDER = Comparator.comparing(Deadline::latest)
                .thenComparing(deadline -> deadline.job().id());

        @Override
        public int compareTo(Deadline other) {
            return ORDER.compare(this, other);
        }
    }

    /** Watches a job that waits. */
    void add(Job job) {
        job.deadline().ifPresent(latest -> deadlines.add(new Deadline(latest, job)));
        if (isWindowed(job)) {
            windowed.computeIfAbsent(job.recipe, unused -> new HashSet<>()).add(job);
        }
    }

    /** Watches a job no longer; its state is still as it was while it waited. */
    void remove(Job job) {
        job.deadline().ifPresent(latest -> deadlines.remove(new Deadline(latest, job)));
        if (isWindowed(job)) {
            windowed.computeIfPresent(job.recipe, (unused, all) -> all.remove(job) && all.isEmpty() ? null : all);
        }
    }

    private static boolean isWindowed(Job job) {
        return !job.begun
                && !job.forced
                && !job.recipe.policy().timing().windows().equals(Windows.ANY);
    }

    /** The earliest deadline. */
    Optional<Instant> first() {
        return deadlines.isEmpty()
                ? Optional.empty()
                : Optional.of(deadlines.first().latest());
    }

    /** Those whose deadline has passed, the earliest first, and no more than so many. */
    List<Job> passed(Instant steady, int most) {
        return deadlines.stream()
                .takeWhile(deadline -> deadline.latest().isBefore(steady))
                .limit(most)
                .map(Deadline::job)
                .toList();
    }

    /** Those whose windows are closed. */
    List<Job> closed(Instant now) {
        return windowed.entrySet().stream()
                .filter(waiting -> Admission.closed(waiting.getKey(), now).isPresent())
                .flatMap(waiting -> waiting.getValue().stream())
                .toList();
    }
}
