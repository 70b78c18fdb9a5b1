package io.leprechaun.daemon.desk;

import io.leprechaun.api.Problem;
import io.leprechaun.api.ProblemException;
import io.leprechaun.daemon.history.RunFilter;
import io.leprechaun.daemon.history.RunStore;
import io.leprechaun.daemon.recipe.RecipeName;
import io.leprechaun.daemon.run.Run;
import io.leprechaun.daemon.run.RunState;
import io.leprechaun.daemon.view.RunDocument;
import java.time.Instant;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Finds runs by their numbers and by their recipes. */
public record RunLookup(RunStore store, LiveRuns unfinished, RecipeLookup recipes, Scope scope) {
    /** Everything but what was due and started nothing. */
    private static final Set<RunState> ACCEPTED =
            EnumSet.complementOf(EnumSet.of(RunState.HELD, RunState.SKIPPED, RunState.MISSED, RunState.REJECTED));

    /** Whether a word is the number of a run: no recipe's name is all digits. */
    public static boolean isId(String text) {
        return !text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    /** A run by its number, or the newest one of a recipe: not the record of why there was none. */
    public Run run(String named) {
        if (isId(named)) {
            long id = RunDocument.id(named);
            return find(id).orElseThrow(() ->
                    new ProblemException(Problem.notFound("there is no run " + id + ": see `leprechaun runs`")));
        }
        RecipeName recipe = recipes.past(named);
        return newest(RunFilter.newest(1).of(recipe).in(ACCEPTED))
                .map(this::live)
                .orElseThrow(() -> new ProblemException(
                        Problem.notFound(recipe + " has not run yet: start it with `leprechaun run " + recipe + "`")));
    }

    /** A run by its number. */
    public Optional<Run> find(long id) {
        return Stream.of(unfinished.find(id), store.find(id))
                .flatMap(Optional::stream)
                .filter(scope::shows)
                .findFirst();
    }

    /** The newest record of a recipe, also that it started nothing. */
    public Optional<Run> newest(RecipeName recipe) {
        return newest(RunFilter.newest(1).of(recipe)).map(this::now);
    }

    private Optional<Run> newest(RunFilter filter) {
        return store.list(filter).stream().filter(scope::shows).findFirst();
    }

    /** The record of the last instant until another one at which a recipe was due. */
    public Optional<Run> due(RecipeName recipe, Instant until) {
        return store.due(recipe, until).filter(scope::shows).map(this::now);
    }

    /** The newest run of each recipe that has any. */
    public Map<RecipeName, Run> last() {
        return store.last();
    }

    /** The newest runs of a recipe that have started and are over, without their steps, the newest first. */
    public List<Run> recent(RecipeName recipe, int most) {
        return store.recent(recipe, most).stream().filter(scope::shows).toList();
    }

    /** The numbers of runs, the newest first. Of one user they are looked for by recipe, which takes as long as there are recipes, and not runs of others. */
    public List<Long> ids(RunFilter filter) {
        if (scope.isAll()) {
            return store.ids(filter);
        }
        var names = filter.recipe().map(name -> Set.of(name.value())).orElseGet(recipes::past);
        return names.stream()
                .flatMap(name -> store.list(filter.of(new RecipeName(name))).stream())
                .filter(scope::shows)
                .map(Run::id)
                .sorted(Comparator.reverseOrder())
                .limit(filter.limit())
                .toList();
    }

    /** Runs by their numbers, in that order. */
    public List<Run> list(List<Long> ids) {
        return store.list(ids).stream().map(this::live).toList();
    }

    private Run live(Run run) {
        return run.state().isFinal() ? run : now(run);
    }

    private Run now(Run run) {
        return unfinished.find(run.id()).orElse(run);
    }
}
