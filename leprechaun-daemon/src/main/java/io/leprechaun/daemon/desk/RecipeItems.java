package io.leprechaun.daemon.desk;

import io.leprechaun.api.text.Style;
import io.leprechaun.api.text.Table.Cell;
import io.leprechaun.daemon.recipe.Recipe;
import io.leprechaun.daemon.recipe.RecipeName;
import io.leprechaun.daemon.recipe.folder.RecipeBook;
import io.leprechaun.daemon.run.Pause;
import io.leprechaun.daemon.run.Run;
import io.leprechaun.daemon.settings.AgentName;
import io.leprechaun.daemon.units.Durations;
import io.leprechaun.daemon.view.RunDocument;
import io.leprechaun.daemon.worker.Pauses;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The state of recipes: the next due instant, the end of the last run, and the pause of each. */
public record RecipeItems(RunLookup runs, Agents agents, Pauses pauses, RunDocument documents, InstantSource clock) {
    /**
     * The state of one recipe.
     *
     * @param data the state for {@code --json}
     */
    public record Item(
            RecipeBook.BookEntry entry,
            String status,
            List<String> agents,
            Optional<Instant> next,
            Optional<Run> last,
            RecipeTrend glance,
            Map<String, @Nullable Object> data) {
        /** Returns the style in which its status is shown. */
        public Style style() {
            return switch (status) {
                case "ok" -> Style.GOOD;
                case "broken" -> Style.BAD;
                default -> Style.WARN;
            };
        }

        /** Returns the state of the last run, with the time since its end; empty when there was none. */
        public Optional<Cell> ending(Instant now) {
            return last.map(run -> {
                Cell state = RunDocument.state(run);
                return run.times()
                        .endedAt()
                        .map(at -> Cell.of(state.text() + " " + Durations.distance(at, now), state.style()))
                        .orElse(state);
            });
        }
    }

    /** Returns the state of each recipe. */
    public List<Item> of(List<RecipeBook.BookEntry> entries) {
        var next = upcoming();
        var last = runs.last();
        var names = entries.stream()
                .flatMap(entry -> entry.recipe().stream())
                .map(Recipe::name)
                .filter(last::containsKey)
                .collect(Collectors.toUnmodifiableSet());
        var trends = RecipeTrend.of(runs, names);
        return entries.stream().map(entry -> item(entry, next, last, trends)).toList();
    }

    /** Returns the state of one recipe. */
    public Item of(RecipeBook.BookEntry entry) {
        return of(List.of(entry)).getFirst();
    }

    private Item item(
            RecipeBook.BookEntry entry,
            Map<String, Instant> next,
            Map<RecipeName, Run> last,
            Map<RecipeName, RecipeTrend> trends) {
        String status = status(entry);
        var agentNames = entry.recipe().map(agents::names).orElse(List.of()).stream()
                .map(AgentName::value)
                .toList();
        var due = entry.recipe()
                .flatMap(recipe -> Optional.ofNullable(next.get(recipe.name().value())));
        var before = entry.recipe()
                .flatMap(recipe -> Optional.ofNullable(last.get(recipe.name())))
                .filter(runs.scope()::shows);
        var problem = entry.isBroken() ? entry.problem().map(Object::toString) : Optional.<String>empty();
        var glance = before.flatMap(
                        run -> Optional.ofNullable(trends.get(run.order().recipe())))
                .orElse(new RecipeTrend(List.of()));
        var data = new LinkedHashMap<String, @Nullable Object>();
        data.put("name", entry.name());
        data.put("agents", agentNames);
        data.put("status", status);
        data.put("paused", paused(entry).map(documents::data).orElse(null));
        data.put("next", documents.time(due));
        data.put("last", before.map(documents::data).orElse(null));
        data.put("recent", glance.data());
        data.put("file", entry.file().toString());
        data.put("problem", problem.orElse(null));
        return new Item(entry, status, agentNames, due, before, glance, data);
    }

    private String status(RecipeBook.BookEntry entry) {
        return status(entry, agents, paused(entry).isPresent());
    }

    /**
     * Returns the status of a recipe in a word: {@code ok}, {@code paused}, {@code disabled} or {@code broken}.
     *
     * @param paused whether the recipe itself is paused
     */
    public static String status(RecipeBook.BookEntry entry, Agents agents, boolean paused) {
        if (entry.isBroken()) {
            return "broken";
        }
        boolean enabled =
                entry.recipe().filter(recipe -> recipe.policy().enabled()).isPresent();
        if (!enabled) {
            return "disabled";
        }
        boolean agentsPaused = entry.recipe()
                .map(agents::names)
                .filter(served -> !served.isEmpty()
                        && served.stream()
                                .allMatch(agent -> !agents.status(agent).isOpen()))
                .isPresent();
        return agentsPaused || paused ? "paused" : "ok";
    }

    /** Returns the pause of a recipe, if it has one. */
    public Optional<Pause> paused(RecipeBook.BookEntry entry) {
        return entry.recipe().flatMap(recipe -> pauses.find(recipe.name(), clock.instant()));
    }

    private Map<String, Instant> upcoming() {
        Instant now = clock.instant();
        var upcoming = new HashMap<String, Instant>();
        for (var timed : agents.timed()) {
            timed.schedule()
                    .next(now)
                    .ifPresent(
                            at -> upcoming.merge(timed.name(), at, (one, other) -> one.isBefore(other) ? one : other));
        }
        return upcoming;
    }
}
