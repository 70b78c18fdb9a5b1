package io.leprechaun.daemon.history;

import io.leprechaun.daemon.recipe.RecipeName;
import io.leprechaun.daemon.settings.RetentionLimits;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** The history as something that grows and is kept small. Thread-safe; futures complete as the {@link RunStore}'s do. */
public interface Archive {
    /** What there is of each recipe that was ever due, by name. */
    List<KeptRuns> kept();

    /** When the oldest record of a recipe that is not over, or is, was made. */
    Optional<Instant> oldest(RecipeName recipe);

    /**
     * Removes the oldest records of a recipe beyond what is to be kept, a few at a time.
     *
     * @param now what the clock shows; records are as old as the time that elapsed since, whatever the clock was set to
     * @return how many were removed; fewer than asked for: it is small enough
     */
    CompletableFuture<Integer> remove(RecipeName recipe, RetentionLimits keep, Instant now, int most);

    /** Removes the oldest records of all recipes beyond what is to be kept of them together; the same otherwise. */
    CompletableFuture<Integer> removeOldest(RetentionLimits keep, Instant now, int most);

    /** Forgets deliveries that came before an instant, a few at a time; the same otherwise. */
    CompletableFuture<Integer> removeDeliveries(Instant before, int most);

    /** Runs whose records are gone and whose files may still be there, at most so many. */
    List<Long> leftovers(int most);

    /** Keeps that the files of some runs are gone. */
    CompletableFuture<?> cleaned(List<Long> runs);

    /** The large bodies that the history refers to, by the names of their files. */
    Set<String> bodies();

    /** How far room that is not needed was given back to the disk. */
    enum Shrunk {
        /** A little; there may be more to give. */
        SOME,
        /** There is no more to give. */
        ALL,
        /** There is no more to give, but the file is as long as before: somebody reads an older state of it. */
        HELD
    }

    /** Gives room that is not needed back to the disk, a little at a time. */
    CompletableFuture<Shrunk> shrink();

    /** What the store itself occupies. */
    Size size();

    /**
     * What there is of a recipe.
     *
     * @param runs how many that have started are over
     * @param bytes what these occupy, in output and bodies
     */
    record KeptRuns(RecipeName recipe, long runs, long bytes) {}

    /**
     * What a store occupies, in bytes.
     *
     * @param file the file
     * @param log what was written and is not in the file yet
     * @param free the part of the file that waits to be used, the reserve for a full disk among it
     */
    record Size(long file, long log, long free) {}
}
