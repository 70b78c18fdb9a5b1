package io.leprechaun.daemon.desk;

import io.leprechaun.api.Problem;
import io.leprechaun.api.ProblemException;
import io.leprechaun.daemon.history.RunFilter;
import io.leprechaun.daemon.history.RunPage;
import io.leprechaun.daemon.history.RunStore;
import io.leprechaun.daemon.recipe.RecipeName;
import io.leprechaun.daemon.run.Run;
import io.leprechaun.daemon.run.RunState;
import io.leprechaun.daemon.view.RunDocument;
import java.time.Instant;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The lookup of runs by their numbers and by their recipes. */
public record RunLookup(RunStore store, LiveRuns unfinished, RecipeLookup recipes, Scope scope) {
    /** The states of accepted runs: all except those of due instants that started nothing. */
    private static final Set<RunState> ACCEPTED =
            EnumSet.complementOf(EnumSet.of(RunState.HELD, RunState.SKIPPED, RunState.MISSED, RunState.REJECTED));

    /** Returns whether a word is the number of a run: no recipe's name is all digits. */
    public static boolean isId(String text) {
        return !text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    /** Returns a run by its number, or the newest accepted run of a recipe. */
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

    /** Returns a run by its number. */
    public Optional<Run> find(long id) {
        return unfinished.find(id).or(() -> store.find(id)).filter(scope::shows);
    }

    /** Returns the newest record of a recipe, even if it started nothing. */
    public Optional<Run> newest(RecipeName recipe) {
        return newest(RunFilter.newest(1).of(recipe)).map(this::now);
    }

    private Optional<Run> newest(RunFilter filter) {
        return store.list(filter).stream().filter(scope::shows).findFirst();
    }

    /** Returns the record of the last instant, until the given one, at which a recipe was due. */
    public Optional<Run> due(RecipeName recipe, Instant until) {
        return store.due(recipe, until).filter(scope::shows).map(this::now);
    }

    /** Returns the newest run of each recipe that has any. */
    public Map<RecipeName, Run> last() {
        return store.last();
    }

    /** Returns the newest runs of a recipe that have started and are over, without their steps, newest first. */
    public List<Run> recent(RecipeName recipe, int most) {
        return store.recent(recipe, most).stream().filter(scope::shows).toList();
    }

    /** Returns the same for several recipes; one without such runs is left out. */
    public Map<RecipeName, List<Run>> recent(Set<RecipeName> recipes, int most) {
        var found = new HashMap<RecipeName, List<Run>>();
        store.recent(recipes, most)
                .forEach((recipe, runs) ->
                        found.put(recipe, runs.stream().filter(scope::shows).toList()));
        return found;
    }

    /**
     * Returns the numbers of runs, newest first. For one user they are searched by recipe: the time depends on the
     * number of recipes, and not on the runs of others.
     */
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

    /** Returns a part of a list. */
    public RunPage page(RunFilter filter) {
        return scope.isAll() ? store.page(filter) : RunPage.of(ids(filter), filter.limit());
    }

    /**
     * Returns the number of runs that a filter would select without its limit, up to the largest list: for one user the
     * largest that he may request.
     */
    public int count(RunFilter filter) {
        return scope.isAll()
                ? store.count(filter.atMost(RunFilter.MOST))
                : ids(filter.atMost(Scope.MOST)).size();
    }

    /** Returns the length of the largest list. */
    public int most() {
        return scope.isAll() ? RunFilter.MOST : Scope.MOST;
    }

    /** Returns runs by their numbers, in that order. */
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
