package io.leprechaun.daemon.worker;

import io.leprechaun.daemon.recipe.RecipeName;
import io.leprechaun.daemon.recipe.folder.RecipeBook;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The recipes of accepted runs that are not in force. Their runs wait. Runs of a recipe that stays removed are ended
 * after {@link #PATIENCE}.
 */
final class Absences {
    /**
     * The time that a recipe must be gone: rsync, checkouts and deployments remove files for seconds. Elapsed time,
     * from the start of the daemon at the earliest.
     */
    static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Duration patience;
    /** The recipes in force; empty: no recipe is known to be missing. */
    private Optional<RecipeBook> book = Optional.empty();
    /** The book's answer for each recipe that was looked up. */
    private final Map<RecipeName, Optional<RecipeBook.Missing>> asked = new HashMap<>();
    /**
     * The recipes that are removed, with the instant by the steady clock after which that is final; the first first.
     */
    private final Map<RecipeName, Instant> leaving = new LinkedHashMap<>();

    Absences(Duration patience) {
        this.patience = patience;
    }

    /** Replaces the book, and returns the recipes of the given jobs that are in force again. */
    Collection<RecipeName> update(RecipeBook next, Collection<Job> jobs, Moment at, List<Effect> effects) {
        book = Optional.of(next);
        asked.clear();
        var freed = new HashSet<RecipeName>();
        var removed = new HashSet<RecipeName>();
        for (Job job : jobs) {
            if (!job.left) {
                boolean waited = job.missing.isPresent();
                check(job, at, effects);
                if (waited && job.missing.isEmpty()) {
                    freed.add(job.recipe.name());
                }
                if (isRemoved(job)) {
                    removed.add(job.recipe.name());
                }
            }
        }
        leaving.keySet().retainAll(removed);
        return freed;
    }

    /** Records whether a job's recipe is in force, and starts the time until a removal is final. */
    void check(Job job, Moment at, List<Effect> effects) {
        RecipeName name = job.recipe.name();
        job.missing = asked.computeIfAbsent(name, unused -> book.flatMap(read -> read.missing(job.recipe)));
        if (!isRemoved(job)) {
            job.removed = false;
        } else if (!job.removed && !leaving.containsKey(name)) {
            effects.add(new Effect.Warn(
                    "recipe=%s is missing: %s; its accepted runs wait, and are rejected in %d s unless it returns"
                            .formatted(name, job.missing.get().reason(), patience.toSeconds())));
            leaving.put(name, at.steady().plus(patience));
        }
    }

    private static boolean isRemoved(Job job) {
        return job.missing.filter(RecipeBook.Missing::removed).isPresent();
    }

    /** Returns the instant after which the next removal is final. */
    Optional<Instant> first() {
        return leaving.values().stream().findFirst();
    }

    /** Takes the recipes whose removal is final at an instant. */
    List<RecipeName> passed(Instant steady) {
        List<RecipeName> gone = leaving.entrySet().stream()
                .filter(entry -> entry.getValue().isBefore(steady))
                .map(Map.Entry::getKey)
                .toList();
        leaving.keySet().removeAll(gone);
        return gone;
    }

    /** Takes all recipes that are removed: their removal is final. */
    List<RecipeName> confirm() {
        var gone = new ArrayList<>(leaving.keySet());
        leaving.clear();
        return gone;
    }
}
