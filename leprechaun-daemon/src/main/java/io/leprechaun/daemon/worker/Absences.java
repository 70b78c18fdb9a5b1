package io.leprechaun.daemon.worker;

import io.leprechaun.daemon.lifecycle.Alarms;
import io.leprechaun.daemon.recipe.RecipeName;
import io.leprechaun.daemon.recipe.folder.RecipeBook;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The recipes of accepted runs that are not in force. Their runs wait. Runs of a recipe that stays removed are ended
 * after {@link #PATIENCE}. Guarded by the dispatcher's lock.
 */
final class Absences {
    /**
     * The time that a recipe must be gone: rsync, checkouts and deployments remove files for seconds. Elapsed time,
     * from the start of the daemon at the earliest.
     */
    static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final Logger LOG = LoggerFactory.getLogger(Absences.class);

    private final QueueState queues;
    private final Attempts attempts;
    private final Alarms alarms;
    private final Duration patience;
    /** The recipes in force; empty: no recipe is known to be missing. */
    private Optional<RecipeBook> book = Optional.empty();
    /** The book's answer for each recipe that was looked up. */
    private final Map<RecipeName, Optional<RecipeBook.Missing>> asked = new HashMap<>();
    /** The recipes that are removed, until that is final. */
    private final Map<RecipeName, Leaving> leaving = new HashMap<>();

    /** A removal that is not final yet. */
    private final class Leaving {
        private final Alarms.Alarm alarm;

        Leaving(RecipeName name) {
            alarm = alarms.in(
                    patience,
                    () -> queues.locked(() -> {
                        if (leaving.remove(name, this)) {
                            remove(name);
                        }
                        return name;
                    }));
        }
    }

    Absences(QueueState queues, Attempts attempts, Alarms alarms, Duration patience) {
        this.queues = queues;
        this.attempts = attempts;
        this.alarms = alarms;
        this.patience = patience;
    }

    /**
     * Replaces the book.
     *
     * @return whether jobs may start now that could not start before
     */
    boolean update(RecipeBook next) {
        book = Optional.of(next);
        asked.clear();
        var freed = new HashSet<RecipeName>();
        var removed = new HashSet<RecipeName>();
        for (Job job : queues.jobs()) {
            if (!job.left) {
                boolean waited = job.missing.isPresent();
                check(job);
                if (waited && job.missing.isEmpty()) {
                    freed.add(job.recipe.name());
                }
                if (isRemoved(job)) {
                    removed.add(job.recipe.name());
                }
            }
        }
        leaving.entrySet().removeIf(gone -> {
            boolean back = !removed.contains(gone.getKey());
            if (back) {
                gone.getValue().alarm.cancel();
            }
            return back;
        });
        freed.forEach(queues::wake);
        return !freed.isEmpty();
    }

    /** Records whether a job's recipe is in force, and starts the time until a removal is final. */
    void check(Job job) {
        RecipeName name = job.recipe.name();
        job.missing = asked.computeIfAbsent(name, unused -> book.flatMap(read -> read.missing(job.recipe)));
        if (!isRemoved(job)) {
            job.removed = false;
        } else if (!job.removed && !leaving.containsKey(name)) {
            LOG.warn(
                    "recipe={} is missing: {}; its accepted runs wait, and are rejected in {} s unless it returns",
                    name,
                    job.missing.get().reason(),
                    patience.toSeconds());
            leaving.put(name, new Leaving(name));
        }
    }

    private static boolean isRemoved(Job job) {
        return job.missing.filter(RecipeBook.Missing::removed).isPresent();
    }

    /** Ends at once the waiting runs of recipes that are removed. */
    void confirm() {
        leaving.forEach((name, gone) -> {
            gone.alarm.cancel();
            remove(name);
        });
        leaving.clear();
    }

    private void remove(RecipeName name) {
        for (Job job : queues.unfinished(name).all()) {
            job.removed = true;
            if (!job.isWorking()) {
                attempts.endRemoved(job);
            }
        }
    }
}
