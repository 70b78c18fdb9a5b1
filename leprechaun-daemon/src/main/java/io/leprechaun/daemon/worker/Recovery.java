package io.leprechaun.daemon.worker;

import io.leprechaun.daemon.execution.Executions;
import io.leprechaun.daemon.history.RunStore;
import io.leprechaun.daemon.lifecycle.Threads;
import io.leprechaun.daemon.output.Mask;
import io.leprechaun.daemon.output.OutputText;
import io.leprechaun.daemon.process.TerminationReport;
import io.leprechaun.daemon.recipe.Origin;
import io.leprechaun.daemon.recipe.Recipe;
import io.leprechaun.daemon.recipe.RecipeName;
import io.leprechaun.daemon.recipe.reader.RecipeReader;
import io.leprechaun.daemon.run.Outcome;
import io.leprechaun.daemon.run.Run;
import io.leprechaun.daemon.run.RunState;
import io.leprechaun.daemon.settings.notify.NotifyRules;
import io.leprechaun.daemon.yaml.Problems;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The recovery of runs that an earlier daemon did not end. Runs that waited wait again, in their order. Runs that
 * worked are lost, and their remaining processes are ended.
 *
 * @param set the time by which the clock was set forward meanwhile, negative for back
 */
public record Recovery(
        RunStore store,
        Dispatcher dispatcher,
        RecipeReader reader,
        Executions executions,
        Function<RecipeName, NotifyRules> tell,
        Duration set) {
    private static final Logger LOG = LoggerFactory.getLogger(Recovery.class);
    private static final Duration GRACE = Duration.ofSeconds(10);
    /** The time in which the output that was in a pipe is in its file. */
    private static final Duration LATER = Duration.ofSeconds(5);

    /** @param unfinished the accepted runs that are not over, in the order in which they were accepted */
    public void run(List<Run> unfinished) {
        RunStore.Claims stored = store.claims();
        boolean sameBoot = stored.boot().equals(executions.boot());
        Set<Long> claimed = unfinished.stream() // a run between two attempts may be named there: its start was stored
                .filter(run -> run.state() == RunState.QUEUED)
                .map(Run::id)
                .filter(stored.runs()::contains)
                .collect(Collectors.toSet());
        var cut = unfinished.stream()
                .filter(run -> !waits(run) || claimed.contains(run.id()))
                .map(Run::id)
                .collect(Collectors.toSet());
        if (!cut.isEmpty()) { // else a search among all processes is unnecessary
            TerminationReport left = executions.endLeft(cut, GRACE);
            if (!left.survivors().isEmpty()) {
                Mask mask = unfinished.stream()
                        .filter(run -> cut.contains(run.id()))
                        .map(this::mask)
                        .reduce(Mask.NONE, Mask::and);
                LOG.warn(
                        "cannot end processes of an earlier daemon: {}",
                        mask.hideInSentence(String.join(", ", left.survivors())));
            }
        }
        var versions = new HashMap<VersionKey, Optional<Recipe>>();
        for (Run run : unfinished) {
            boolean isClaimed = claimed.contains(run.id());
            if (isClaimed && !sameBoot) {
                hideSecrets(run);
                end(run, RunState.LOST, "the machine restarted when the run was about to start; it may have started");
            } else if (waits(run) && !(isClaimed && hasStarted(run))) {
                queueAgain(run, versions.computeIfAbsent(VersionKey.of(run), this::recipe));
            } else {
                hideSecrets(run);
                end(run, RunState.LOST, "the daemon ended during the run");
            }
        }
        if (!stored.runs().isEmpty()) { // those that wait again have no claim until they get a new one
            store.claim(RunStore.Claims.NONE).join();
        }
    }

    /**
     * Returns whether a claimed run may have started: it was marked before, or, by an older daemon, has an output file.
     */
    private boolean hasStarted(Run run) {
        return executions.hasBegun(run.id())
                || !executions.outputs().files(run.id()).isEmpty();
    }

    private static boolean waits(Run run) {
        return run.state() == RunState.QUEUED || run.state() == RunState.WAITING;
    }

    /**
     * Hides the secrets that a run printed after the end of its daemon, with the secrets as they are now: at once, and
     * once more when the last output in its pipe is in the file.
     */
    private void hideSecrets(Run run) {
        Mask mask = mask(run);
        if (!mask.isEmpty()) {
            hide(run, mask);
            executions
                    .alarms()
                    .in(
                            LATER,
                            () -> Threads.virtual("hide-" + run.id(), () -> hide(run, mask))
                                    .start());
        }
    }

    private void hide(Run run, Mask mask) {
        executions.outputs().files(run.id()).forEach(file -> OutputText.hide(file, mask));
    }

    /** Returns the mask for the secrets of a run's recipe as they are now. */
    private Mask mask(Run run) {
        return recipe(VersionKey.of(run)).map(executions::mask).orElse(Mask.NONE);
    }

    private void queueAgain(Run run, Optional<Recipe> version) {
        version.ifPresentOrElse(
                recipe -> restore(run, recipe),
                () -> end(run, RunState.REJECTED, "its version of the recipe no longer loads"));
    }

    private void restore(Run run, Recipe recipe) {
        if (set.isZero() || run.state() != RunState.WAITING) {
            dispatcher.restore(run, recipe);
            return;
        }
        Run postponed = run.postponed(set);
        store.changed(postponed);
        dispatcher.restore(postponed, recipe);
    }

    /** The key of a version of a recipe, which is read once for many waiting runs. */
    private record VersionKey(RecipeName name, String hash) {
        static VersionKey of(Run run) {
            return new VersionKey(run.order().recipe(), run.order().version());
        }
    }

    private Optional<Recipe> recipe(VersionKey version) {
        return store.version(version.hash())
                .flatMap(kept ->
                        reader.read(new Origin(Path.of(kept.file()), kept.text(), version.hash()), new Problems()))
                .map(recipe -> recipe.named(version.name()));
    }

    private void end(Run run, RunState state, String why) {
        LOG.warn("run={} recipe={} was {}: {}", run.id(), run.order().recipe(), state.word(), why);
        Run ended = run.ended(Outcome.of(state, why), executions.clock().instant());
        store.end(ended, List.of(), tell.apply(run.order().recipe())).join();
        dispatcher.counts().ended(ended);
    }
}
