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

/**
 * The waiting jobs with a deadline, by a clock that is never set, and those with windows. One alarm, for the earliest
 * deadline, is enough.
 */
final class Deadlines {
    private final TreeSet<Deadline> deadlines = new TreeSet<>();
    /** The jobs that may start only within windows, by the version of their recipe. */
    private final Map<Recipe, Set<Job>> windowed = new IdentityHashMap<>();

    private record Deadline(Instant latest, Job job) implements Comparable<Deadline> {
        private static final Comparator<Deadline> ORDER = Comparator.comparing(Deadline::latest)
                .thenComparing(deadline -> deadline.job().id());

        @Override
        public int compareTo(Deadline other) {
            return ORDER.compare(this, other);
        }
    }

    /** Adds a waiting job. */
    void add(Job job) {
        job.deadline().ifPresent(latest -> deadlines.add(new Deadline(latest, job)));
        if (isWindowed(job)) {
            windowed.computeIfAbsent(job.recipe, unused -> new HashSet<>()).add(job);
        }
    }

    /** Removes a job whose state is still as it was while it waited. */
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

    /** Returns the earliest deadline. */
    Optional<Instant> first() {
        return deadlines.isEmpty()
                ? Optional.empty()
                : Optional.of(deadlines.first().latest());
    }

    /** Returns the jobs whose deadline has passed, the earliest first. */
    List<Job> passed(Instant steady) {
        return deadlines.stream()
                .takeWhile(deadline -> deadline.latest().isBefore(steady))
                .map(Deadline::job)
                .toList();
    }

    /** Returns the jobs whose windows are closed. */
    List<Job> closed(Instant now) {
        return windowed.entrySet().stream()
                .filter(waiting -> Admission.closed(waiting.getKey(), now).isPresent())
                .flatMap(waiting -> waiting.getValue().stream())
                .toList();
    }
}
