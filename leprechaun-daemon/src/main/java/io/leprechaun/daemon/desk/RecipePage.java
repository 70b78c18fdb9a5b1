package io.leprechaun.daemon.desk;

import io.leprechaun.api.Access;
import io.leprechaun.api.Caller;
import io.leprechaun.api.Reply;
import io.leprechaun.api.text.Facts;
import io.leprechaun.api.text.Style;
import io.leprechaun.api.text.Table;
import io.leprechaun.api.text.Table.Cell;
import io.leprechaun.api.text.Table.Column;
import io.leprechaun.daemon.recipe.Recipe;
import io.leprechaun.daemon.recipe.Step;
import io.leprechaun.daemon.recipe.Trigger;
import io.leprechaun.daemon.recipe.When;
import io.leprechaun.daemon.recipe.folder.RecipeBook;
import io.leprechaun.daemon.recipe.reader.Resolved;
import io.leprechaun.daemon.units.Durations;
import io.leprechaun.daemon.view.RunDocument;
import io.leprechaun.daemon.yaml.Place;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The page about one recipe: {@code show RECIPE}. It has each value with the place where it is written, and each step
 * as it is started.
 *
 * @param resolve a function from a recipe to its values in force, with the places where they are written
 */
public record RecipePage(
        RecipeItems items, RunDocument documents, InstantSource clock, Function<Recipe, List<Resolved>> resolve) {
    private static final int LEAST_NAME = 12;
    private static final int LEAST_WORDS = 30;

    /** Returns the page of a recipe, as far as a caller may see it. */
    public Reply reply(RecipeBook.BookEntry entry, Caller caller) {
        var item = items.of(entry);
        List<Resolved> values = entry.recipe()
                .map(recipe -> shownTo(caller, recipe, resolve.apply(recipe)))
                .orElse(List.of());
        Facts facts = facts(item);
        return Reply.of(
                Map.of("recipe", data(item, values)),
                screen -> facts.render(screen)
                        + entry.recipe()
                                .map(recipe -> "\n" + values(values, recipe).render(screen) + "\n"
                                        + steps(recipe).render(screen))
                                .orElse(""),
                List.of(entry.name()));
    }

    /**
     * Returns the values that a caller may see. The id of a hook without `auth` is enough to start it, so it is hidden
     * from callers with read access only.
     */
    private static List<Resolved> shownTo(Caller caller, Recipe recipe, List<Resolved> values) {
        boolean secret = recipe.trigger(Trigger.Hook.class)
                .filter(hook -> hook.policy().auth().isEmpty())
                .isPresent();
        return !secret || caller.may(Access.CHANGE)
                ? values
                : values.stream()
                        .map(value -> value.key().equals("id") ? new Resolved("id", "***", value.from()) : value)
                        .toList();
    }

    private static Map<String, ?> data(RecipeItems.Item item, List<Resolved> values) {
        var recipe = item.entry().recipe();
        var data = new LinkedHashMap<String, @Nullable Object>(item.data());
        data.put("description", recipe.map(Recipe::description).orElse(null));
        data.put("version", recipe.map(known -> known.origin().hash()).orElse(null));
        data.put("values", values.stream().map(RecipePage::data).toList());
        data.put(
                "steps",
                recipe.map(known -> known.steps().stream()
                                .map(step -> data(known, step))
                                .toList())
                        .orElse(List.of()));
        data.put(
                "problems",
                item.entry().problems().stream().map(Object::toString).toList());
        return data;
    }

    private static Map<String, ?> data(Resolved value) {
        var data = new LinkedHashMap<String, @Nullable Object>();
        data.put("key", value.key());
        data.put("value", value.value());
        data.put("file", value.from().map(place -> place.file().toString()).orElse(null));
        data.put("line", value.from().map(Place::line).orElse(null));
        return data;
    }

    private static Map<String, ?> data(Recipe recipe, Step step) {
        var data = new LinkedHashMap<String, @Nullable Object>();
        data.put("number", step.number());
        data.put("name", step.name().orElse(null));
        data.put("command", step.action().text());
        data.put("must", step.must());
        data.put("detach", step.detached());
        data.put("pipe", step.piped());
        data.put("when", step.when().map(RecipePage::word).orElse(null));
        data.put("direct", recipe.isDirect(step));
        data.put("exec", recipe.words(step));
        return data;
    }

    private Facts facts(RecipeItems.Item item) {
        var entry = item.entry();
        Instant now = clock.instant();
        Facts facts = Facts.none()
                .and("recipe", entry.name())
                .and("file", entry.file())
                .and("status", item.status(), item.style());
        var paused = items.paused(entry);
        if (paused.isPresent()) {
            facts = facts.and("paused", documents.span(paused.get()), Style.WARN);
        }
        for (var problem : entry.problems()) {
            facts = facts.and("problem", problem.toString(), problem.isError() ? Style.BAD : Style.WARN);
        }
        if (entry.recipe().isEmpty()) {
            return facts;
        }
        facts = facts.and("about", entry.recipe().get().description())
                .and("agents", item.agents().isEmpty() ? "none: by hand only" : String.join(", ", item.agents()))
                .and(
                        "next",
                        item.next()
                                .map(at -> documents.local(at) + ", " + Durations.distance(at, now))
                                .orElse("-"));
        if (item.last().isEmpty()) {
            return facts.and("last", "no runs yet");
        }
        Cell last = item.ending(now).orElse(Cell.NONE);
        return facts.and("last", "run " + item.last().get().id() + " " + last.text(), last.style())
                .and("took", item.glance().took().text())
                .and("recent", item.glance().strip().text());
    }

    private static Table values(List<Resolved> values, Recipe recipe) {
        return new Table(
                List.of(Column.left("key"), Column.shrinking("value").wrapping(), Column.left("from")),
                values.stream()
                        .map(value -> List.of(
                                Cell.of(value.key()),
                                Cell.of(value.value()),
                                value.from()
                                        .map(place -> Cell.of(brief(place, recipe)))
                                        .orElse(Cell.of("built in", Style.DIM))))
                        .toList(),
                "nothing");
    }

    /** Returns {@code line 3} for the recipe's own file, with the file's name for another one. */
    private static String brief(Place place, Recipe recipe) {
        Path file = place.file();
        boolean own = file.equals(recipe.origin().file());
        return (own ? "line " : file.getFileName() + ":") + place.line();
    }

    private static Table steps(Recipe recipe) {
        var rows = new ArrayList<List<Cell>>();
        for (Step step : recipe.steps()) {
            rows.add(List.of(
                    Cell.of(step.number()),
                    Cell.of(marks(step)),
                    Cell.of(step.name().orElse("")),
                    Cell.of(recipe.words(step).stream().map(RecipePage::quoted).collect(Collectors.joining(" ")))));
        }
        return new Table(
                List.of(
                        Column.right("step"),
                        Column.left("marks"),
                        Column.left("name").shrinking(1, LEAST_NAME),
                        Column.left("started as").shrinking(2, LEAST_WORDS)),
                rows,
                "no steps");
    }

    private static String marks(Step step) {
        return String.join(
                " ",
                Stream.of(
                                step.when().map(when -> "on " + word(when)).orElse(""),
                                step.must() ? "!" : "",
                                step.detached() ? "->" : "",
                                step.piped() ? "}>" : "",
                                step.timeout().map(Durations::format).orElse(""))
                        .filter(mark -> !mark.isEmpty())
                        .toList());
    }

    /** Returns a word in the quoting of a shell. */
    private static String quoted(String word) {
        return word.matches("[A-Za-z0-9_@%+=:,./-]+")
                ? word
                : "'" + word.strip().replace("'", "'\\''") + "'";
    }

    private static String word(When when) {
        return when.name().toLowerCase(Locale.ROOT);
    }
}
