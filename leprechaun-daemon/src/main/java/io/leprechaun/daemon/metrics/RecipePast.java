package io.leprechaun.daemon.metrics;

import io.leprechaun.daemon.desk.RecipeTrend;
import io.leprechaun.daemon.history.Archive;
import io.leprechaun.daemon.history.RunFilter;
import io.leprechaun.daemon.history.RunStore;
import io.leprechaun.daemon.recipe.RecipeName;
import io.leprechaun.daemon.run.Run;
import io.leprechaun.daemon.run.RunState;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The facts about a recipe's runs that the store has.
 *
 * @param success the end of the last run that succeeded
 * @param end the end of the last run
 * @param took the duration of the last run
 * @param usual the median duration of the last ones that succeeded
 * @param oldest the time of the oldest record
 */
record RecipePast(
        Optional<Instant> success,
        Optional<Instant> end,
        Optional<Duration> took,
        Optional<Duration> usual,
        Optional<Instant> oldest) {
    private static final int RUNS = 10;

    /** Reads the facts. */
    static RecipePast read(RunStore store, Archive archive, RecipeName recipe) {
        List<Run> recent = store.recent(recipe, RUNS);
        Optional<Run> last = recent.stream().findFirst();
        return new RecipePast(
                success(store, recipe, recent).flatMap(run -> run.times().endedAt()),
                last.flatMap(run -> run.times().endedAt()),
                last.flatMap(run -> run.times().duration()),
                new RecipeTrend(recent).usual(),
                archive.oldest(recipe));
    }

    private static Optional<Run> success(RunStore store, RecipeName recipe, List<Run> recent) {
        Stream<Run> earlier = recent.size() < RUNS
                ? Stream.empty()
                : Stream.of(RunFilter.newest(1).of(recipe).in(Set.of(RunState.SUCCEEDED)))
                        .flatMap(filter -> store.list(filter).stream());
        return Stream.concat(recent.stream(), earlier)
                .filter(run -> run.state() == RunState.SUCCEEDED)
                .findFirst();
    }
}
