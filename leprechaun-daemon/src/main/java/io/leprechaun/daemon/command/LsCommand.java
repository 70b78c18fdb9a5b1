package io.leprechaun.daemon.command;

import io.leprechaun.api.Arguments;
import io.leprechaun.api.Call;
import io.leprechaun.api.Handler;
import io.leprechaun.api.Reply;
import io.leprechaun.api.text.Printable;
import io.leprechaun.api.text.Screen;
import io.leprechaun.api.text.Style;
import io.leprechaun.api.text.Table;
import io.leprechaun.api.text.Table.Cell;
import io.leprechaun.api.text.Table.Column;
import io.leprechaun.daemon.desk.RecipeItems;
import io.leprechaun.daemon.desk.RecipeItems.Item;
import io.leprechaun.daemon.desk.RecipeLookup;
import io.leprechaun.daemon.recipe.Recipe;
import io.leprechaun.daemon.units.Durations;
import io.leprechaun.daemon.view.RunDocument;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The command {@code ls}: lists the recipes, a line each. Broken ones come first. */
record LsCommand(RecipeLookup recipes, RecipeItems states, RunDocument documents, InstantSource clock)
        implements Handler.Answer {
    /** The number of columns from which on a local time fits beside the time that is left. */
    private static final int ROOMY = 140;

    private static final int LEAST_NAME = 20;
    private static final int LEAST_RECENT = 6;
    private static final int LEAST_ABOUT = 12;

    @Override
    public Reply to(Arguments arguments, Call call) {
        List<Item> items = items();
        Instant now = clock.instant();
        return Reply.of(
                Map.of("recipes", items.stream().map(Item::data).toList()),
                screen -> table(items, now, screen).render(screen) + (isNarrow(screen) ? problems(items, screen) : ""),
                items.stream().map(item -> item.entry().name()).toList());
    }

    private List<Item> items() {
        return states.of(recipes.book().entries()).stream()
                .sorted(Comparator.comparing(item -> !item.entry().isBroken()))
                .toList();
    }

    private Table table(List<Item> items, Instant now, Screen screen) {
        return new Table(
                List.of(
                        Column.left("recipe").shrinking(2, LEAST_NAME),
                        Column.left("status"),
                        Column.left("next"),
                        Column.left("last"),
                        Column.right("took").optional(1),
                        Column.right("recent")
                                .shrinking(3, LEAST_RECENT)
                                .keepingEnds()
                                .optional(3),
                        Column.left("agents"),
                        Column.left("about").shrinking(4, LEAST_ABOUT).optional(4)),
                items.stream().map(item -> row(item, now, screen)).toList(),
                "no recipes in " + recipes.book().folder()
                        + recipes.book().warning().map(why -> ": " + why).orElse(""));
    }

    private static boolean isNarrow(Screen screen) {
        return screen.columns() < ROOMY;
    }

    /** Returns the full problems of the broken recipes, which do not fit into the table. */
    private static String problems(List<Item> items, Screen screen) {
        return items.stream()
                .flatMap(item -> item.entry().problem().stream())
                .map(problem -> "\n" + Style.BAD.paint(Printable.of(problem.toString()), screen) + "\n")
                .collect(Collectors.joining());
    }

    private List<Cell> row(Item item, Instant now, Screen screen) {
        var entry = item.entry();
        return List.of(
                Cell.of(entry.name()),
                Cell.of(item.status(), item.style()),
                item.next()
                        .map(at -> Cell.of(
                                (isNarrow(screen) ? "" : documents.local(at) + ", ") + Durations.distance(at, now)))
                        .orElse(Cell.NONE),
                item.ending(now).orElse(Cell.NONE),
                item.glance().took(),
                item.glance().strip(),
                item.agents().isEmpty() ? Cell.NONE : Cell.of(String.join(",", item.agents())),
                Cell.of(entry.problem()
                        .map(why -> isNarrow(screen) ? "see below" : why.brief())
                        .orElseGet(() -> entry.recipe().map(Recipe::description).orElse(""))));
    }
}
