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
 * The forecast of obstacles that keep a recipe from running when it is due, by the present state.
 *
 * @param inForce a function from a name to its recipe, if there is one
 * @param closed a function to the reasons why the agents that make a recipe due take nothing at an instant: {@code cron
 *     is paused by root}
 */
public record HoldForecast(
        Function<String, Optional<Recipe>> inForce,
        BiFunction<Recipe, Instant, List<String>> closed,
        Pauses pauses,
        RunDocument documents) {
    /**
     * Returns the reason why a recipe would not run at an instant, in a sentence; empty: it would. Obstacles are
     * checked in the order in which they would take effect.
     */
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
