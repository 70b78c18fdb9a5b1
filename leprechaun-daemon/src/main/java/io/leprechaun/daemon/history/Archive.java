package io.leprechaun.daemon.history;

import io.leprechaun.daemon.recipe.RecipeName;
import io.leprechaun.daemon.settings.RetentionLimits;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * The history as something that grows and is kept small. Thread-safe; futures complete as the {@link RunStore}'s do.
 */
public interface Archive {
    /** Returns the number and size of the kept runs of each recipe that was ever due, by name. */
    List<KeptRuns> kept();

    /** Returns the instant at which the oldest record of a recipe was made, whether that run is over or not. */
    Optional<Instant> oldest(RecipeName recipe);

    /**
     * Removes the oldest records of a recipe beyond what is to be kept, a few at a time.
     *
     * @param now the time by the clock; the age of a record is the time that has elapsed since, whatever the clock was
     *     set to
     * @return the number of removed records; fewer than asked for: the history is small enough
     */
    CompletableFuture<Integer> remove(RecipeName recipe, RetentionLimits keep, Instant now, int most);

    /**
     * Removes the oldest records of all recipes beyond what is to be kept of them together; otherwise like
     * {@link #remove}.
     */
    CompletableFuture<Integer> removeOldest(RetentionLimits keep, Instant now, int most);

    /** Removes deliveries that came before an instant, a few at a time; otherwise like {@link #remove}. */
    CompletableFuture<Integer> removeDeliveries(Instant before, int most);

    /** Returns runs whose records are removed and whose files may still exist, at most this many. */
    List<Long> leftovers(int most);

    /** Records that the files of some runs are removed. */
    CompletableFuture<?> cleaned(List<Long> runs);

    /** Returns the large bodies to which the history refers, by the names of their files. */
    Set<String> bodies();

    /** The result of giving unused space back to the disk. */
    enum Shrunk {
        /** Some was given back; there may be more. */
        SOME,
        /** Nothing is left to give back. */
        ALL,
        /**
         * Nothing is left to give back, but the file is as long as before: a reader still uses an older state of it.
         */
        HELD
    }

    /** Gives unused space back to the disk, a little at a time. */
    CompletableFuture<Shrunk> shrink();

    /** Returns the space that the store itself occupies. */
    Size size();

    /**
     * The number and size of a recipe's kept runs.
     *
     * @param runs the number of runs that have started and are over
     * @param bytes the space that these occupy, in output and bodies
     */
    record KeptRuns(RecipeName recipe, long runs, long bytes) {}

    /**
     * The space that a store occupies, in bytes.
     *
     * @param file the size of the file
     * @param log the size of the log: changes that are not in the file yet
     * @param free the unused part of the file, including the reserve for a full disk
     */
    record Size(long file, long log, long free) {}
}
