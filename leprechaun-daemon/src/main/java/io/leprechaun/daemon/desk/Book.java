package io.leprechaun.daemon.desk;

import io.leprechaun.api.Arguments;
import io.leprechaun.api.Call;
import io.leprechaun.api.Facts;
import io.leprechaun.api.Handler;
import io.leprechaun.api.Printable;
import io.leprechaun.api.Problem;
import io.leprechaun.api.ProblemException;
import io.leprechaun.api.Registrator;
import io.leprechaun.api.Reply;
import io.leprechaun.api.Style;
import io.leprechaun.api.Table;
import io.leprechaun.api.Table.Cell;
import io.leprechaun.api.Table.Column;
import io.leprechaun.api.Text;
import io.leprechaun.daemon.agent.Agent;
import io.leprechaun.daemon.agent.NextTable;
import io.leprechaun.daemon.agent.Status;
import io.leprechaun.daemon.agent.TimedAgent;
import io.leprechaun.daemon.agent.scheduler.Scheduler;
import io.leprechaun.daemon.recipe.Recipe;
import io.leprechaun.daemon.recipe.RecipeBook;
import io.leprechaun.daemon.recipe.RecipeName;
import io.leprechaun.daemon.recipe.Step;
import io.leprechaun.daemon.recipe.When;
import io.leprechaun.daemon.run.Pause;
import io.leprechaun.daemon.run.Preview;
import io.leprechaun.daemon.run.RefusedException;
import io.leprechaun.daemon.run.Run;
import io.leprechaun.daemon.run.RunDocument;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The book of recipes: {@code ls}, {@code show}, {@code next}, {@code run}, {@code pause}. */
public final class Book implements Registrator {
    private final Desk desk;
    private final Agents agents;
    private final Names names;
    private final History history;
    private final Pausing pausing;
    private final Outlook outlook;
    private final Why why;
    private final Starting starting;

    /**
     * What the book knows of agents.
     *
     * @param names of those that make a recipe due, in the order of its definition
     * @param workers the agent whose workers a recipe uses when it is started by hand
     * @param timed every recipe that is due by the clock, with its schedule
     * @param status of an agent
     * @param closed why the agents that make a recipe due take nothing at an instant, as things are
     */
    public record Agents(
            Function<Recipe, List<String>> names,
            Function<Recipe, String> workers,
            Supplier<List<NextTable.Timed>> timed,
            Function<String, Status> status,
            BiFunction<Recipe, Instant, List<String>> closed) {
        /** What these agents say of themselves. */
        public static Agents of(
                List<Agent> agents, Function<String, Status> status, BiFunction<Recipe, Instant, List<String>> closed) {
            return new Agents(
                    recipe -> serving(agents, recipe).toList(),
                    recipe -> serving(agents, recipe).findFirst().orElse(Scheduler.NAME),
                    () -> agents.stream()
                            .filter(TimedAgent.class::isInstance)
                            .flatMap(agent -> ((TimedAgent) agent).timed().stream())
                            .toList(),
                    status,
                    closed);
        }

        private static Stream<String> serving(List<Agent> agents, Recipe recipe) {
            return agents.stream().filter(agent -> agent.serves(recipe)).map(Agent::name);
        }
    }

    /** A book of the recipes as they are now. */
    public Book(Desk desk, Agents agents, History history, Pausing pausing) {
        this.desk = desk;
        this.agents = agents;
        this.names = new Names(desk);
        this.history = history;
        this.pausing = pausing;
        this.outlook =
                new Outlook(desk::inForce, agents.closed(), desk.dispatcher().pauses(), desk.documents());
        this.why = new Why(desk, agents, history, outlook);
        this.starting = new Starting(desk, agents, history);
    }

    @Override
    public String name() {
        return "book";
    }

    @Override
    public List<Handler> handlers() {
        return List.of(
                Handler.reads("list", this::list),
                Handler.reads("show", this::show),
                Handler.reads("next", this::next),
                Handler.reads("why", why::answer),
                Handler.reads("env", this::environment),
                Handler.reads("locks", new LockTable(desk)::answer),
                Handler.changes("run", starting::run),
                Handler.changes("retry", starting::retry),
                Handler.changes("pause", pausing::pause),
                Handler.changes("resume", pausing::resume));
    }

    private Reply list(Call call) {
        Arguments.parse(call.arguments(), 0);
        var last = desk.store().last();
        var next = upcoming();
        var data = new ArrayList<Map<String, ?>>();
        var rows = new ArrayList<List<Cell>>();
        for (var entry : desk.recipes().get().entries()) {
            var item = item(entry, next, last);
            data.add(item.data());
            rows.add(item.row());
        }
        return Reply.of(
                Map.of("recipes", data),
                new Table(
                        List.of(
                                Column.left("recipe"),
                                Column.left("agents"),
                                Column.left("status"),
                                Column.left("next"),
                                Column.left("last"),
                                Column.shrinking("about")),
                        rows,
                        "no recipes in " + desk.recipes().get().folder()
                                + desk.recipes()
                                        .get()
                                        .warning()
                                        .map(why -> ": " + why)
                                        .orElse("")),
                desk.recipes().get().entries().stream()
                        .map(RecipeBook.Entry::name)
                        .toList());
    }

    private record Item(Map<String, ?> data, List<Cell> row) {}

    private Item item(RecipeBook.Entry entry, Map<String, Instant> next, Map<RecipeName, Run> last) {
        String status = status(entry);
        var agentNames = entry.recipe().map(agents.names()).orElse(List.of());
        var due = entry.recipe()
                .flatMap(recipe -> Optional.ofNullable(next.get(recipe.name().value())));
        var before = entry.recipe().flatMap(recipe -> Optional.ofNullable(last.get(recipe.name())));
        var problem = entry.isBroken() ? entry.problem().map(Object::toString) : Optional.<String>empty();
        var data = new LinkedHashMap<String, @Nullable Object>();
        data.put("name", entry.name());
        data.put("agents", agentNames);
        data.put("status", status);
        data.put("paused", paused(entry).map(desk.documents()::data).orElse(null));
        data.put("next", desk.documents().time(due));
        data.put("last", before.map(desk.documents()::data).orElse(null));
        data.put("file", entry.file().toString());
        data.put("problem", problem.orElse(null));
        return new Item(
                data,
                List.of(
                        Cell.of(entry.name()),
                        agentNames.isEmpty() ? Cell.NONE : Cell.of(String.join(",", agentNames)),
                        Cell.of(status, style(status)),
                        due.map(desk.documents()::local).map(Cell::of).orElse(Cell.NONE),
                        before.map(RunDocument::state).orElse(Cell.NONE),
                        Cell.of(entry.problem()
                                .map(why -> why.brief())
                                .orElseGet(() ->
                                        entry.recipe().map(Recipe::description).orElse("")))));
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
                        && served.stream().allMatch(agent -> agents.status().apply(agent) != Status.STARTED))
                .isPresent();
        return agentsPaused || paused(entry).isPresent() ? "paused" : "ok";
    }

    private Optional<Pause> paused(RecipeBook.Entry entry) {
        return entry.recipe()
                .flatMap(recipe -> desk.dispatcher()
                        .pauses()
                        .find(recipe.name(), desk.clock().instant()));
    }

    private static Style style(String status) {
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

    private Reply show(Call call) {
        String named = Arguments.parse(call.arguments(), 1).operand(0, "RECIPE or RUN");
        if (History.isId(named)) { // no recipe's name is all digits
            return history.show(call);
        }
        var entry = names.entry(named);
        var item = item(entry, upcoming(), desk.store().last());
        var data = new LinkedHashMap<String, @Nullable Object>(item.data());
        data.put("description", entry.recipe().map(Recipe::description).orElse(null));
        data.put("version", entry.recipe().map(recipe -> recipe.origin().hash()).orElse(null));
        data.put(
                "steps",
                entry.recipe()
                        .map(recipe -> recipe.steps().stream()
                                .map(step -> step(recipe, step))
                                .toList())
                        .orElse(List.of()));
        data.put("problems", entry.problems().stream().map(Object::toString).toList());
        Facts facts = Facts.none()
                .and("recipe", entry.name())
                .and("file", entry.file())
                .and("status", status(entry), style(status(entry)));
        var paused = paused(entry);
        if (paused.isPresent()) {
            facts = facts.and("paused", desk.documents().span(paused.get()), Style.WARN);
        }
        for (var problem : entry.problems()) {
            facts = facts.and("problem", problem.toString(), problem.isError() ? Style.BAD : Style.WARN);
        }
        if (entry.recipe().isPresent()) {
            facts = facts(facts, entry.recipe().get(), data);
        }
        return Reply.of(Map.of("recipe", data), facts, List.of(entry.name()));
    }

    private Facts facts(Facts known, Recipe recipe, Map<String, @Nullable Object> data) {
        var served = agents.names().apply(recipe);
        Facts facts = known.and("about", recipe.description())
                .and("agents", served.isEmpty() ? "none: by hand only" : String.join(", ", served))
                .and("next", data.get("next") == null ? "-" : String.valueOf(data.get("next")));
        for (Step step : recipe.steps()) {
            facts = facts.and(
                    "step " + step.number(), marks(step) + step.action().text());
        }
        long direct = recipe.steps().stream().filter(recipe::isDirect).count();
        return direct == 0
                ? facts
                : facts.and("no shell", "steps " + numbers(recipe) + ": plain commands are started as they are");
    }

    private static String numbers(Recipe recipe) {
        return recipe.steps().stream()
                .filter(recipe::isDirect)
                .map(step -> Integer.toString(step.number()))
                .collect(Collectors.joining(", "));
    }

    private static Map<String, ?> step(Recipe recipe, Step step) {
        var data = new LinkedHashMap<String, @Nullable Object>();
        data.put("number", step.number());
        data.put("name", step.name().orElse(null));
        data.put("command", step.action().text());
        data.put("must", step.must());
        data.put("detach", step.detached());
        data.put("pipe", step.piped());
        data.put("when", step.when().map(Book::word).orElse(null));
        data.put("direct", recipe.isDirect(step));
        return data;
    }

    private static String marks(Step step) {
        return step.when().map(when -> "on " + word(when) + ": ").orElse("")
                + (step.must() ? "! " : "")
                + (step.detached() ? "-> " : "")
                + (step.piped() ? "}> " : "");
    }

    private static String word(When when) {
        return when.name().toLowerCase(Locale.ROOT);
    }

    private Reply environment(Call call) {
        var arguments = Arguments.parse(call.arguments(), Set.of(), Set.of("--step"), 1);
        var entry = names.entry(arguments.operand(0, "RECIPE"));
        Recipe recipe = names.recipe(entry.name());
        int number = arguments.value("--step").map(Moments::count).orElse(1);
        if (number > recipe.steps().size()) {
            throw new ProblemException(Problem.notFound(recipe.name() + " has no step " + number + ": it has "
                    + recipe.steps().size()));
        }
        Step step = recipe.steps().get(number - 1);
        try {
            var preview =
                    Preview.of(desk.workshop(), recipe, step, agents.workers().apply(recipe));
            return Reply.of(data(recipe, step, preview), text(recipe, preview));
        } catch (RefusedException e) {
            throw new ProblemException(
                    Problem.refused("no step of " + recipe.name() + " would be run: " + e.getMessage()));
        }
    }

    private static Map<String, ?> data(Recipe recipe, Step step, Preview preview) {
        var around = recipe.surroundings();
        var data = new LinkedHashMap<String, Object>();
        data.put("recipe", recipe.name().value());
        data.put("step", step.number());
        data.put("user", preview.user());
        data.put("uid", preview.uid());
        data.put("gid", preview.gid());
        data.put("groups", preview.groups());
        data.put("folder", preview.directory().toString());
        data.put("umask", "%04o".formatted(around.umask()));
        data.put("nice", preview.nice());
        data.put(
                "shell",
                recipe.isDirect(step) || step.action() instanceof Step.Action.Program ? List.of() : around.shell());
        data.put("environment", preview.environment());
        return data;
    }

    /** Lines that a shell reads: what is no variable stands behind a {@code #}. */
    private static Text text(Recipe recipe, Preview preview) {
        String around = "# user %s (%d), group %d, groups %s; folder %s; umask %04o; nice %d"
                .formatted(
                        preview.user(),
                        preview.uid(),
                        preview.gid(),
                        preview.groups().isEmpty()
                                ? "none"
                                : preview.groups().stream().map(String::valueOf).collect(Collectors.joining(" ")),
                        preview.directory(),
                        recipe.surroundings().umask(),
                        preview.nice());
        return screen -> preview.environment().entrySet().stream()
                .map(variable -> Printable.of(variable.getKey() + "=" + variable.getValue()) + "\n")
                .collect(Collectors.joining("", Printable.of(around) + "\n", ""));
    }

    private Reply next(Call call) {
        var arguments = Upcoming.arguments(call.arguments());
        var named = arguments.operands().stream()
                .map(name -> names.entry(name).name())
                .collect(Collectors.toSet());
        var timed = agents.timed().get().stream()
                .filter(one -> named.isEmpty() || named.contains(one.name()))
                .toList();
        return Upcoming.of(
                NextTable.ofRecipes(desk.documents(), outlook::against),
                timed,
                arguments,
                desk.clock().instant());
    }
}
