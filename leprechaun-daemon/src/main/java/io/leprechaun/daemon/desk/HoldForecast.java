package io.leprechaun.daemon.desk;

import io.leprechaun.daemon.recipe.Recipe;
import io.leprechaun.daemon.view.RunDocument;
import io.leprechaun.daemon.worker.Admission;
import io.leprechaun.daemon.worker.Pauses;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * What keeps a recipe from running when it is due, as things are.
 *
 * @param inForce the recipe of a name, if there is one
 * @param closed why the agents that make a recipe due take nothing at an instant: {@code cron is paused by root}
 */
public record HoldForecast(
        Function<String, Optional<Recipe>> inForce,
        BiFunction<Recipe, Instant, List<String>> closed,
        Pauses pauses,
        RunDocument documents) {
    /** Why a recipe would not run at an instant, in a sentence, in the order in which it would be found out; empty: it would. */
    public Optional<String> against(String name, Instant at) {
        return inForce.apply(name).flatMap(recipe -> against(recipe, at));
    }

    private Optional<String> against(Recipe recipe, Instant at) {
        var agents = closed.apply(recipe, at);
        return agents.isEmpty()
                ? pauses.find(recipe.name(), at)
                        .filter(pause -> !at.isBefore(pause.at()))
                        .map(pause -> "will be held: " + pause.sentence(documents.zone()))
                        .or(() -> Admission.closed(recipe, at).map(why -> "will be skipped: " + why))
                : Optional.of("will be held: " + String.join(" and ", agents));
    }
}
