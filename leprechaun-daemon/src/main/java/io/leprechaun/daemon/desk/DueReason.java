package io.leprechaun.daemon.desk;

import io.leprechaun.daemon.agent.NextTable;
import io.leprechaun.daemon.recipe.Recipe;
import io.leprechaun.daemon.recipe.RecipeName;
import io.leprechaun.daemon.recipe.Trigger;
import io.leprechaun.daemon.recipe.TriggerKind;
import io.leprechaun.daemon.recipe.folder.RecipeBook;
import io.leprechaun.daemon.units.Durations;
import io.leprechaun.daemon.view.RunDocument;
import io.leprechaun.daemon.worker.Admission;
import io.leprechaun.daemon.worker.Dispatcher;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The reasons for which recipes will run, or will not. */
public record DueReason(
        RecipeLookup recipes, Agents agents, HoldForecast forecast, Dispatcher dispatcher, RunDocument documents) {
    /** Returns the first instant after another one at which a recipe is due. */
    public Optional<Instant> next(RecipeName recipe, Instant after) {
        return timed(recipe)
                .flatMap(timed -> timed.schedule().next(after).stream())
                .min(Instant::compareTo);
    }

    private Stream<NextTable.Timed> timed(RecipeName recipe) {
        return agents.timed().stream().filter(timed -> timed.name().equals(recipe.value()));
    }

    /**
     * Returns a sentence about the next due instant of a recipe, with the outcome to expect in the present state; or
     * the reason why it is not due.
     *
     * @param next {@linkplain #next the instant at which it is due}
     * @param begin the words before that instant
     */
    public String upcoming(RecipeName recipe, Optional<Instant> next, Instant now, String begin) {
        Optional<RecipeBook.BookEntry> entry = recipes.book().entry(recipe.value());
        Optional<Recipe> inForce = entry.flatMap(RecipeBook.BookEntry::recipe);
        if (inForce.isEmpty()) {
            return entry.map(broken -> recipe + " is not loaded: its file has errors; see `leprechaun check`")
                    .or(() -> recipes.book().warning().map(why -> recipe + " is not loaded: " + why))
                    .orElse("The recipe " + recipe + " no longer exists");
        }
        if (!inForce.get().policy().enabled()) {
            return recipe + " is disabled and never due";
        }
        List<String> closed = agents.closed(inForce.get(), now);
        Optional<String> after = inForce.get().trigger(Trigger.After.class).map(this::awaited);
        if (next.isEmpty() && after.isPresent()) {
            return recipe + " is due " + after.get();
        }
        if (next.isEmpty()) {
            boolean atBoot = inForce.get()
                    .trigger(Trigger.Cron.class)
                    .filter(Trigger.Cron::atBoot)
                    .isPresent();
            return closed.isEmpty()
                    ? recipe + (atBoot ? " is due at the next boot" : " has no due time")
                    : recipe + " is not due: " + String.join(" and ", closed);
        }
        return begin + documents.local(next.get()) + ", in " + Durations.brief(Duration.between(now, next.get()))
                + outlook(inForce.get(), next.get());
    }

    private String awaited(Trigger.After after) {
        return after.dependencies().stream()
                .map(dependency -> "a run of " + dependency.recipe()
                        + switch (dependency.on()) {
                            case SUCCESS -> " has succeeded";
                            case FAILURE -> " has failed";
                            case ALWAYS -> " has ended";
                        }
                        + (recipes.inForce(dependency.recipe().value()).isPresent() ? "" : " (unknown recipe)"))
                .collect(Collectors.joining(" and ", "when ", ", since it was last due"));
    }

    private String outlook(Recipe recipe, Instant due) {
        Optional<String> against = forecast.against(recipe.name().value(), due);
        if (against.isPresent()) {
            return ", and " + against.get();
        }
        return dispatcher
                .oldest(recipe.name())
                .map(run -> "; if run " + run.id() + " has not ended by then, "
                        + switch (Admission.overlap(recipe, TriggerKind.CRON)) {
                            case SKIP -> "it will be skipped (overlap: skip)";
                            case QUEUE -> "it will wait for it (overlap: queue)";
                            case REPLACE -> "that one will be ended (overlap: replace)";
                            case PARALLEL -> "it will run in parallel (overlap: parallel)";
                        })
                .orElse("");
    }
}
