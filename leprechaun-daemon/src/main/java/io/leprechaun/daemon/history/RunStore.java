package io.leprechaun.daemon.history;

import io.leprechaun.daemon.recipe.Recipe;
import io.leprechaun.daemon.recipe.RecipeName;
import io.leprechaun.daemon.run.Input;
import io.leprechaun.daemon.run.Pause;
import io.leprechaun.daemon.run.Run;
import io.leprechaun.daemon.settings.AgentName;
import io.leprechaun.daemon.settings.NotifyRules;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Where runs are kept. Changes are committed in the order in which they were asked for, those that wait together in one commit; a future completes after its commit, or exceptionally
 * with a {@link StoreException} when nothing of the change was kept. Thread-safe.
 */
public interface RunStore {
    /** What was due until when. */
    Ledger ledger();

    /** What the host's clock did. */
    ClockLog clock();

    /** What is to be told. */
    Outbox outbox();

    /** What the marks of this store's processes begin with, different for every store. */
    String identity();

    /** What keeps the store from taking new work, if anything does: it is full, failed or damaged. */
    Optional<StoreException> trouble();

    /** An id for a new run, larger than every earlier one. */
    long nextId();

    /** Keeps an accepted run, queued or running, with the recipe's version and what it was given. */
    CompletableFuture<Void> accept(Run run, Recipe recipe, Input input);

    /**
     * Keeps that something due starts nothing. An outcome equal to the last one of its recipe and trigger, with nothing between them, is counted in the same record.
     *
     * @param tell which notices are wanted; one is kept for a new record, and for what was skipped three times in a row
     * @return the id of the record
     */
    CompletableFuture<Long> refuse(Run run, NotifyRules tell);

    /** Keeps that a run is told to end, or when its next attempt begins, soon; a failure is logged. */
    void changed(Run run);

    /**
     * Keeps the end of a run, the start of those that take its place and what is to be told of it, in one commit.
     *
     * @param tell which notices are wanted
     * @return the number of this end: {@linkplain Ledger ends} are counted in the order in which they are kept
     */
    CompletableFuture<Long> end(Run ended, List<Run> started, NotifyRules tell);

    /** Keeps that a run is between two attempts, with what came of the one before, and the start of those that take its place, in one commit. */
    CompletableFuture<Void> attempted(Run waiting, List<Run> started);

    /** Keeps the start of queued runs. */
    CompletableFuture<Void> start(List<Run> started);

    /** Accepted runs that are not over, in the order in which they were accepted. */
    List<Run> unfinished();

    /** The text of a recipe's version, and the file it was read from. */
    Optional<RecipeVersion> version(String hash);

    /** What a run was given. By which delivery its sender knows it is left out. */
    Input input(long run);

    /** The run that a delivery of this name led to, if it came at this instant or later. */
    Optional<Long> delivered(RecipeName recipe, String delivery, Instant since);

    /** One run with its steps. */
    Optional<Run> find(long id);

    /** The record of the last instant until another one at which a recipe was due, whatever came of it; with it stands the last of several equal ones. */
    Optional<Run> due(RecipeName recipe, Instant until);

    /** The numbers of runs, the newest first. */
    List<Long> ids(RunFilter filter);

    /** Runs with their steps, in the order of their numbers given; those that are not there any more are left out. */
    List<Run> list(List<Long> ids);

    /** Runs with their steps, the newest first. */
    default List<Run> list(RunFilter filter) {
        return list(ids(filter));
    }

    /** The newest runs of a recipe that have started and are over, without their steps, the newest first. */
    List<Run> recent(RecipeName recipe, int most);

    /** The newest run of each recipe that has any, of those that were accepted. */
    Map<RecipeName, Run> last();

    /** Keeps that a recipe is held back, in place of what was kept before; empty: that it is not. */
    CompletableFuture<Void> pause(RecipeName recipe, Optional<Pause> pause);

    /** What holds recipes back, also where that is over by itself. */
    Map<RecipeName, Pause> pauses();

    /** Keeps that an agent is paused, in place of what was kept before; empty: that it is not. */
    CompletableFuture<Void> pauseAgent(AgentName agent, Optional<Pause> pause);

    /** What an agent is paused by, also where that is over by itself. */
    Optional<Pause> agentPause(AgentName agent);

    /**
     * A recipe's text as a run was accepted with it.
     *
     * @param file where it was read from
     */
    record RecipeVersion(String file, String text) {}
}
