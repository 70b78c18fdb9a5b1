package io.leprechaun.daemon.history;

import io.leprechaun.daemon.recipe.Recipe;
import io.leprechaun.daemon.recipe.RecipeName;
import io.leprechaun.daemon.run.Input;
import io.leprechaun.daemon.run.Pause;
import io.leprechaun.daemon.run.Run;
import io.leprechaun.daemon.settings.AgentName;
import io.leprechaun.daemon.settings.notify.NotifyRules;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * The store of runs. Changes are committed in the order of the calls, those that wait together in one commit. A future
 * completes after its commit, or exceptionally with a {@link StoreException} when nothing of the change was kept.
 * Thread-safe.
 */
public interface RunStore {
    /** Returns the record of due instants that are accounted for. */
    Ledger ledger();

    /** Returns the record of changes of the host's clock. */
    ClockLog clock();

    /** Returns the notices to send. */
    Outbox outbox();

    /** Returns the prefix of the marks of this store's processes, different for every store. */
    String identity();

    /** Returns the fault that keeps the store from taking new work, if any: it is full, failed or damaged. */
    Optional<StoreException> trouble();

    /** Returns an id for a new run, larger than every earlier one. */
    long nextId();

    /** Records an accepted run, queued or running, with the recipe's version and its input. */
    CompletableFuture<Void> accept(Run run, Recipe recipe, Input input);

    /**
     * Records that a due instant starts no run. An outcome equal to the last one of its recipe and trigger, with
     * nothing between them, is counted in the same record.
     *
     * @param tell the rules for notices; one is kept for a new record, and for a run that was skipped three times in a
     *     row
     * @return the id of the record
     */
    CompletableFuture<Long> refuse(Run run, NotifyRules tell);

    /** Records that a run was requested to end, or the time of its next attempt, soon; a failure is logged. */
    void changed(Run run);

    /**
     * Records the end of a run, the start of those that take its place and the notices of it, in one commit.
     *
     * @param tell the rules for notices
     * @return the number of this end: {@linkplain Ledger ends} are counted in the order in which they are recorded
     */
    CompletableFuture<Long> end(Run ended, List<Run> started, NotifyRules tell);

    /**
     * Records a run between two attempts, the outcome of the last one, and the start of runs that take its place, in
     * one commit.
     */
    CompletableFuture<Void> attempted(Run waiting, List<Run> started);

    /** Records the start of queued runs. */
    CompletableFuture<Void> start(List<Run> started);

    /** Records the runs that may start before that is recorded, in place of earlier ones. */
    CompletableFuture<Void> claim(Claims claims);

    /** Returns the runs that may have started although that is not recorded. */
    Claims claims();

    /** Returns accepted runs that are not over, in the order in which they were accepted. */
    List<Run> unfinished();

    /** Returns the text of a recipe's version, and its file. */
    Optional<RecipeVersion> version(String hash);

    /** Returns a run's input, without the sender's name of the delivery. */
    Input input(long run);

    /** Returns the run to which a delivery of this name led, if it came at this instant or later. */
    Optional<Long> delivered(RecipeName recipe, String delivery, Instant since);

    /** Returns one run with its steps. */
    Optional<Run> find(long id);

    /**
     * Returns the record of the last instant, until the given one, at which a recipe was due, whatever the outcome. A
     * record of several equal outcomes counts by its last instant.
     */
    Optional<Run> due(RecipeName recipe, Instant until);

    /** Returns the numbers of runs, newest first. */
    List<Long> ids(RunFilter filter);

    /**
     * Returns a part of a list. It is complete up to where the list goes on; one by a kind of cause may have fewer runs
     * than its limit all the same.
     */
    default RunPage page(RunFilter filter) {
        return filter.trigger().isEmpty()
                ? RunPage.of(ids(filter), filter.limit())
                : RunPage.search(this, filter, System::nanoTime);
    }

    /** Returns the number of runs that a filter selects, up to its limit. */
    int count(RunFilter filter);

    /** Returns runs with their steps, in the order of the given numbers; those that no longer exist are left out. */
    List<Run> list(List<Long> ids);

    /** Returns runs with their steps, newest first. */
    default List<Run> list(RunFilter filter) {
        return list(ids(filter));
    }

    /** Returns the newest runs of a recipe that have started and are over, without their steps, newest first. */
    default List<Run> recent(RecipeName recipe, int most) {
        return recent(Set.of(recipe), most).getOrDefault(recipe, List.of());
    }

    /** Returns the same for several recipes, by one query; a recipe without such runs is left out. */
    Map<RecipeName, List<Run>> recent(Set<RecipeName> recipes, int most);

    /** Returns the newest accepted run of each recipe that has any. */
    Map<RecipeName, Run> last();

    /** Returns the number of failures in a row of each recipe whose last run failed. */
    Map<RecipeName, Integer> failures();

    /** Records the pause of a recipe, in place of an earlier one; empty: it is not paused. */
    CompletableFuture<Void> pause(RecipeName recipe, Optional<Pause> pause);

    /** Returns the pauses of recipes, including those that have ended by themselves. */
    Map<RecipeName, Pause> pauses();

    /** Records the pause of an agent, in place of an earlier one; empty: it is not paused. */
    CompletableFuture<Void> pauseAgent(AgentName agent, Optional<Pause> pause);

    /** Returns the pause of an agent, even if it has ended by itself. */
    Optional<Pause> agentPause(AgentName agent);

    /**
     * The runs that may start before that is recorded.
     *
     * @param boot the boot of the machine in which they may start
     */
    record Claims(String boot, Set<Long> runs) {
        /** No runs. */
        public static final Claims NONE = new Claims("", Set.of());

        public Claims {
            runs = Set.copyOf(runs);
        }
    }

    /**
     * The text of a recipe when a run was accepted.
     *
     * @param file the file from which the text was read
     */
    record RecipeVersion(String file, String text) {}
}
