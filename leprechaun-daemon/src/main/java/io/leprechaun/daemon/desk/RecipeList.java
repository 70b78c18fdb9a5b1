package io.leprechaun.daemon.desk;

import io.leprechaun.api.Call;
import io.leprechaun.api.Printable;
import io.leprechaun.api.Reply;
import io.leprechaun.api.Screen;
import io.leprechaun.api.Style;
import io.leprechaun.api.Table;
import io.leprechaun.api.Table.Cell;
import io.leprechaun.api.Table.Column;
import io.leprechaun.api.Verbs;
import io.leprechaun.daemon.recipe.Recipe;
import io.leprechaun.daemon.recipe.RecipeName;
import io.leprechaun.daemon.recipe.folder.RecipeBook;
import io.leprechaun.daemon.run.Pause;
import io.leprechaun.daemon.run.Run;
import io.leprechaun.daemon.settings.AgentName;
import io.leprechaun.daemon.units.Durations;
import io.leprechaun.daemon.view.RunDocument;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Every recipe in a line: {@code ls}. The broken ones come first. */
final class RecipeList {
    /** From so many columns on there is room for a time as clocks show it beside how far it is. */
    private static final int ROOMY = 140;

    private final Desk desk;
    private final Book.Agents agents;

    RecipeList(Desk desk, Book.Agents agents) {
        this.desk = desk;
        this.agents = agents;
    }

    /**
     * What there is to say of one recipe.
     *
     * @param data as {@code --json} has it
     */
    record Item(
            RecipeBook.Entry entry,
            String status,
            List<String> agents,
            Optional<Instant> next,
            Optional<Run> last,
            RecipeTrend glance,
            Map<String, @Nullable Object> data) {}

    Reply answer(Call call) {
        Verbs.answeredBy("book", "list").parse(call.arguments());
        List<Item> items = items();
        Instant now = desk.clock().instant();
        return Reply.of(
                Map.of("recipes", items.stream().map(Item::data).toList()),
                screen -> table(items, now, screen).render(screen) + (isNarrow(screen) ? problems(items, screen) : ""),
                items.stream().map(item -> item.entry().name()).toList());
    }

    private List<Item> items() {
        var next = upcoming();
        var last = desk.store().last();
        var items = new ArrayList<Item>();
        desk.recipes().get().entries().forEach(entry -> items.add(item(entry, next, last)));
        items.sort(Comparator.comparing(item -> !item.entry().isBroken()));
        return items;
    }

    /** One recipe. */
    Item item(RecipeBook.Entry entry) {
        return item(entry, upcoming(), desk.store().last());
    }

    private Item item(RecipeBook.Entry entry, Map<String, Instant> next, Map<RecipeName, Run> last) {
        String status = status(entry);
        var agentNames = entry.recipe().map(agents.names()).orElse(List.of()).stream()
                .map(AgentName::value)
                .toList();
        var due = entry.recipe()
                .flatMap(recipe -> Optional.ofNullable(next.get(recipe.name().value())));
        var before = entry.recipe()
                .flatMap(recipe -> Optional.ofNullable(last.get(recipe.name())))
                .filter(desk::shows);
        var problem = entry.isBroken() ? entry.problem().map(Object::toString) : Optional.<String>empty();
        var glance =
                before.map(run -> RecipeTrend.of(desk, run.order().recipe())).orElse(new RecipeTrend(List.of()));
        var data = new LinkedHashMap<String, @Nullable Object>();
        data.put("name", entry.name());
        data.put("agents", agentNames);
        data.put("status", status);
        data.put("paused", paused(entry).map(desk.documents()::data).orElse(null));
        data.put("next", desk.documents().time(due));
        data.put("last", before.map(desk.documents()::data).orElse(null));
        data.put("recent", glance.data());
        data.put("file", entry.file().toString());
        data.put("problem", problem.orElse(null));
        return new Item(entry, status, agentNames, due, before, glance, data);
    }

    private Table table(List<Item> items, Instant now, Screen screen) {
        return new Table(
                List.of(
                        Column.left("recipe"),
                        Column.left("status"),
                        Column.left("next"),
                        Column.left("last"),
                        Column.right("took"),
                        Column.right("recent"),
                        new Column("agents", false, 1),
                        new Column("about", false, 2)),
                items.stream().map(item -> row(item, now, screen)).toList(),
                "no recipes in " + desk.recipes().get().folder()
                        + desk.recipes().get().warning().map(why -> ": " + why).orElse(""));
    }

    private static boolean isNarrow(Screen screen) {
        return screen.columns() < ROOMY;
    }

    /** What is wrong with the broken ones, whole, for which the table has no room. */
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
                Cell.of(item.status(), style(item.status())),
                item.next()
                        .map(at -> Cell.of(
                                (isNarrow(screen) ? "" : desk.documents().local(at) + ", ")
                                        + Durations.distance(at, now)))
                        .orElse(Cell.NONE),
                item.last().map(run -> last(run, now)).orElse(Cell.NONE),
                item.glance().took(),
                item.glance().strip(),
                item.agents().isEmpty() ? Cell.NONE : Cell.of(String.join(",", item.agents())),
                Cell.of(entry.problem()
                        .map(why -> isNarrow(screen) ? "see below" : why.brief())
                        .orElseGet(() -> entry.recipe().map(Recipe::description).orElse(""))));
    }

    /** How a run ended and how long ago, or what it does. */
    static Cell last(Run run, Instant now) {
        Cell state = RunDocument.state(run);
        return run.times()
                .endedAt()
                .map(at -> Cell.of(state.text() + " " + Durations.distance(at, now), state.style()))
                .orElse(state);
    }

    private String status(RecipeBook.Entry entry) {
        if (entry.isBroken()) {
            return "broken";
        }
        boolean enabled =
                entry.recipe().filter(recipe -> recipe.policy().enabled()).isPresent();
        if (!enabled) {
            return "disabled";
        }
        boolean agentsPaused = entry.recipe()
                .map(agents.names())
                .filter(served -> !served.isEmpty()
                        && served.stream()
                                .allMatch(agent -> !agents.status().apply(agent).isOpen()))
                .isPresent();
        return agentsPaused || paused(entry).isPresent() ? "paused" : "ok";
    }

    Optional<Pause> paused(RecipeBook.Entry entry) {
        return entry.recipe()
                .flatMap(recipe -> desk.dispatcher()
                        .pauses()
                        .find(recipe.name(), desk.clock().instant()));
    }

    static Style style(String status) {
        return switch (status) {
            case "ok" -> Style.GOOD;
            case "broken" -> Style.BAD;
            default -> Style.WARN;
        };
    }

    private Map<String, Instant> upcoming() {
        Instant now = desk.clock().instant();
        var upcoming = new HashMap<String, Instant>();
        for (var timed : agents.timed().get()) {
            timed.schedule()
                    .next(now)
                    .ifPresent(
                            at -> upcoming.merge(timed.name(), at, (one, other) -> one.isBefore(other) ? one : other));
        }
        return upcoming;
    }
}
