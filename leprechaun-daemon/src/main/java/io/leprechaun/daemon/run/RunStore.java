package io.leprechaun.daemon.run;

import io.leprechaun.daemon.recipe.Recipe;
import io.leprechaun.daemon.recipe.RecipeName;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * Where runs are kept. Changes are committed in the order in which they were asked for, those that wait together in one commit; a future completes after its commit, or exceptionally
 * with a {@link StoreException} when nothing of the change was kept. Thread-safe.
 */
public interface RunStore extends Outbox {
    /** What the marks of this store's processes begin with, different for every store. */
    String identity();

    /** An id for a new run, larger than every earlier one. */
    long nextId();

    /** Keeps an accepted run, queued or running, with the recipe's version and what it was given. */
    CompletableFuture<Void> accept(Run run, Recipe recipe, Input input);

    /**
     * Keeps that something due starts nothing. An outcome equal to the last one of its recipe and trigger, with nothing between them, is counted in the same record.
     *
     * @param tell which notices are wanted; one is kept for a new record, none for what is only counted
     * @return the id of the record
     */
    CompletableFuture<Long> refuse(Run run, Set<Notice.Kind> tell);

    /** Keeps that a run is told to end, soon; a failure is logged. */
    void stopping(Run run);

    /**
     * Keeps the end of a run, the start of those that take its place and what is to be told of it, in one commit.
     *
     * @param tell which notices are wanted
     */
    CompletableFuture<Void> end(Run ended, List<Run> started, Set<Notice.Kind> tell);

    /** Keeps that a run is between two attempts, with what came of the one before, and the start of those that take its place, in one commit. */
    CompletableFuture<Void> attempted(Run waiting, List<Run> started);

    /** Keeps the start of queued runs. */
    CompletableFuture<Void> start(List<Run> started);

    /** Accepted runs that are not over, in the order in which they were accepted. */
    List<Run> unfinished();

    /** The text of a recipe's version, and the file it was read from. */
    Optional<RecipeVersion> version(String hash);

    /** What a run was given. */
    Input input(long run);

    /** One run with its steps. */
    Optional<Run> find(long id);

    /** Runs with their steps, the newest first. */
    List<Run> list(RunFilter filter);

    /** The newest run of each recipe that has any, of those that were accepted. */
    Map<RecipeName, Run> last();

    /** Where the counting of a recipe's intervals begins, if they are still of this length. */
    Optional<Instant> anchor(RecipeName recipe, long periodSeconds);

    /** Keeps where the counting of a recipe's intervals begins, soon; a failure is logged. */
    void anchor(RecipeName recipe, long periodSeconds, Instant anchor);

    /** The last instant at which a recipe was due by a kind of trigger, whatever became of it. */
    Optional<Instant> lastDue(RecipeName recipe, TriggerKind trigger);

    /** Keeps that due instants of a recipe until this one are accounted for, soon; a failure is logged. */
    void accounted(RecipeName recipe, TriggerKind trigger, Instant until);

    /**
     * A recipe's text as a run was accepted with it.
     *
     * @param file where it was read from
     */
    record RecipeVersion(String file, String text) {}
}
