package io.leprechaun.daemon.desk;

import io.leprechaun.api.Call;
import io.leprechaun.api.Handler;
import io.leprechaun.api.Printable;
import io.leprechaun.api.Problem;
import io.leprechaun.api.ProblemException;
import io.leprechaun.api.Registrator;
import io.leprechaun.api.Reply;
import io.leprechaun.api.Text;
import io.leprechaun.api.Verbs;
import io.leprechaun.daemon.agent.Agent;
import io.leprechaun.daemon.agent.NextTable;
import io.leprechaun.daemon.agent.Status;
import io.leprechaun.daemon.agent.TimedAgent;
import io.leprechaun.daemon.execution.Preview;
import io.leprechaun.daemon.execution.RefusedException;
import io.leprechaun.daemon.recipe.Recipe;
import io.leprechaun.daemon.recipe.Step;
import io.leprechaun.daemon.recipe.reader.Resolved;
import io.leprechaun.daemon.settings.AgentName;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The book of recipes: {@code ls}, {@code show}, {@code next}, {@code run}, {@code pause}. */
public final class Book implements Registrator {
    private final Desk desk;
    private final Agents agents;
    private final RecipeLookup names;
    private final History history;
    private final Pausing pausing;
    private final HoldForecast outlook;
    private final Why why;
    private final Starting starting;
    private final RecipeList list;
    private final RecipePage page;

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
            Function<Recipe, List<AgentName>> names,
            Function<Recipe, AgentName> workers,
            Supplier<List<NextTable.Timed>> timed,
            Function<AgentName, Status> status,
            BiFunction<Recipe, Instant, List<String>> closed) {
        /** What these agents say of themselves. */
        public static Agents of(
                List<Agent> agents,
                Function<AgentName, Status> status,
                BiFunction<Recipe, Instant, List<String>> closed) {
            return new Agents(
                    recipe -> serving(agents, recipe).toList(),
                    recipe -> serving(agents, recipe).findFirst().orElse(AgentName.SCHEDULER),
                    () -> agents.stream()
                            .filter(TimedAgent.class::isInstance)
                            .flatMap(agent -> ((TimedAgent) agent).timed().stream())
                            .toList(),
                    status,
                    closed);
        }

        private static Stream<AgentName> serving(List<Agent> agents, Recipe recipe) {
            return agents.stream().filter(agent -> agent.serves(recipe)).map(Agent::name);
        }
    }

    /**
     * A book of the recipes as they are now.
     *
     * @param resolve tells what holds for a recipe and where it is written
     */
    public Book(Desk desk, Agents agents, History history, Pausing pausing, Function<Recipe, List<Resolved>> resolve) {
        this.desk = desk;
        this.agents = agents;
        this.names = new RecipeLookup(desk);
        this.history = history;
        this.pausing = pausing;
        this.outlook = new HoldForecast(
                desk::inForce, agents.closed(), desk.dispatcher().pauses(), desk.documents());
        this.why = new Why(desk, agents, history, outlook);
        this.starting = new Starting(desk, agents, history);
        this.list = new RecipeList(desk, agents);
        this.page = new RecipePage(desk, list, resolve);
    }

    @Override
    public String name() {
        return "book";
    }

    @Override
    public List<Handler> handlers() {
        return List.of(
                Handler.reads("list", list::answer),
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

    private Reply show(Call call) {
        String named = Verbs.answeredBy("book", "show").parse(call.arguments()).operand(0, "RECIPE or RUN");
        if (History.isId(named)) { // no recipe's name is all digits
            return history.show(call);
        }
        return page.answer(names.entry(named), call.caller());
    }

    private Reply environment(Call call) {
        var arguments = Verbs.answeredBy("book", "env").parse(call.arguments());
        var entry = names.entry(arguments.operand(0, "RECIPE"));
        Recipe recipe = names.recipe(entry.name());
        int number = arguments.value("--step").map(TimeParser::count).orElse(1);
        if (number > recipe.steps().size()) {
            throw new ProblemException(Problem.notFound(recipe.name() + " has no step " + number + ": it has "
                    + recipe.steps().size()));
        }
        Step step = recipe.steps().get(number - 1);
        try {
            var preview =
                    desk.executions().preview(recipe, step, agents.workers().apply(recipe));
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
        desk.requireFew(arguments.value("-n"));
        var named = arguments.operands().stream()
                .map(name -> names.entry(name).name())
                .collect(Collectors.toSet());
        var there = names.present();
        var timed = agents.timed().get().stream()
                .filter(one -> (named.isEmpty() ? there : named).contains(one.name()))
                .toList();
        return Upcoming.of(
                NextTable.ofRecipes(desk.documents(), outlook::against),
                timed,
                arguments,
                desk.clock().instant());
    }
}
