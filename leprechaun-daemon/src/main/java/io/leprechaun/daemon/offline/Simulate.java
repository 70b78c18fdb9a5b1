package io.leprechaun.daemon.offline;

import io.leprechaun.api.Arguments;
import io.leprechaun.api.ExitCode;
import io.leprechaun.api.Nearest;
import io.leprechaun.api.Problem;
import io.leprechaun.api.ProblemException;
import io.leprechaun.api.Reply;
import io.leprechaun.daemon.desk.TimeParser;
import io.leprechaun.daemon.history.Anchor;
import io.leprechaun.daemon.history.RunFilter;
import io.leprechaun.daemon.history.RunStore;
import io.leprechaun.daemon.recipe.Recipe;
import io.leprechaun.daemon.recipe.Trigger;
import io.leprechaun.daemon.run.Run;
import io.leprechaun.daemon.run.RunState;
import io.leprechaun.daemon.schedule.Delayed;
import io.leprechaun.daemon.schedule.Schedule;
import io.leprechaun.daemon.settings.AgentName;
import io.leprechaun.daemon.settings.Settings;
import io.leprechaun.daemon.units.Durations;
import io.leprechaun.daemon.worker.Dispatcher;
import io.leprechaun.daemon.worker.Simulation;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The simulation of recipes over a future period, for {@code simulate}.
 *
 * @param recipes the recipes in force, or proposed ones
 * @param history the history, for the durations of runs; empty: there is none
 */
record Simulate(List<Recipe> recipes, Settings settings, Optional<RunStore> history) {
    private static final Duration USUALLY = Duration.ofDays(1);
    private static final Duration LONGEST = Duration.ofDays(366);
    private static final Duration ASSUMED = Duration.ofMinutes(1);
    private static final Duration LONGEST_RUN = Duration.ofDays(365);
    /** The number of a recipe's last runs whose durations are used. */
    private static final int RUNS = 25;

    /**
     * Simulates, and returns the report. The exit code is 1 if due runs would be skipped, rejected or replaced, other
     * than outside of their recipe's windows.
     */
    public Reply answer(Arguments arguments, Instant now) {
        var zone = settings.zone();
        Instant from = arguments
                .value("--from")
                .map(text -> TimeParser.begin(text, now, zone))
                .orElse(now)
                .truncatedTo(ChronoUnit.SECONDS);
        Instant to = arguments
                .value("--to")
                .map(text -> TimeParser.ahead(text, from, zone))
                .orElse(from.plus(USUALLY));
        if (Duration.between(from, to).compareTo(LONGEST) > 0) {
            throw new ProblemException(Problem.usage("more than 366 days to simulate: use an earlier --to"));
        }
        var takes = takes(given(arguments));
        try {
            List<Run> runs = Simulation.of(world(from, takes), from, to);
            var report = new SimulationReport(zone, from, to, recipes, takes, runs);
            return new Reply.Document(
                    report.data(),
                    report.text(),
                    report.troubled(),
                    report.troubled().isEmpty() ? ExitCode.OK : ExitCode.FAILED);
        } catch (IllegalArgumentException e) {
            throw new ProblemException(Problem.usage(String.valueOf(e.getMessage())));
        }
    }

    /** The duration of a run, and its origin: {@code given}, {@code learned} or {@code assumed}. */
    record Takes(Duration time, String known) {}

    /** Returns the given durations by recipe's name; that of all others under the empty name. */
    private Map<String, Duration> given(Arguments arguments) {
        var given = new HashMap<String, Duration>();
        for (String text : arguments.values("--duration")) {
            int sign = text.indexOf('=');
            String name = sign < 0 ? "" : text.substring(0, sign);
            if (sign >= 0
                    && recipes.stream()
                            .noneMatch(recipe -> recipe.name().value().equals(name))) {
                throw new ProblemException(Problem.usage("invalid --duration " + text + ": unknown recipe '" + name
                        + "'" + Nearest.question(name, names(), "", "")));
            }
            try {
                Duration time = Durations.parse(text.substring(sign + 1));
                if (time.compareTo(LONGEST_RUN) > 0) {
                    throw new IllegalArgumentException("longer than a year");
                }
                given.put(name, time);
            } catch (IllegalArgumentException e) {
                throw new ProblemException(
                        Problem.usage("invalid --duration " + text + ": use 10m, or backup=10m for one recipe"));
            }
        }
        return given;
    }

    private List<String> names() {
        return recipes.stream().map(recipe -> recipe.name().value()).toList();
    }

    private Map<Recipe, Takes> takes(Map<String, Duration> given) {
        var takes = new LinkedHashMap<Recipe, Takes>();
        for (Recipe recipe : recipes) {
            takes.put(
                    recipe,
                    Optional.ofNullable(given.get(recipe.name().value()))
                            .map(time -> new Takes(time, "given"))
                            .or(() -> learned(recipe).map(time -> new Takes(time, "learned")))
                            .or(() -> Optional.ofNullable(given.get("")).map(time -> new Takes(time, "given")))
                            .orElse(new Takes(ASSUMED, "assumed")));
        }
        return takes;
    }

    /** Returns the median duration of its last runs. */
    private Optional<Duration> learned(Recipe recipe) {
        List<Duration> durations = history.stream()
                .flatMap(store -> store
                        .list(RunFilter.newest(RUNS).of(recipe.name()).in(Set.of(RunState.SUCCEEDED, RunState.FAILED)))
                        .stream())
                .flatMap(run -> run.times().duration().stream())
                .sorted()
                .toList();
        return durations.isEmpty() ? Optional.empty() : Optional.of(durations.get(durations.size() / 2));
    }

    private Simulation.World world(Instant from, Map<Recipe, Takes> takes) {
        var anchors = history.map(store -> store.ledger().anchors()).orElse(Map.of());
        var planned = new ArrayList<Simulation.Planned>();
        var followers = new LinkedHashMap<Recipe, AgentName>();
        for (Recipe recipe : recipes) {
            if (!recipe.policy().enabled()) {
                continue;
            }
            for (Trigger trigger : recipe.triggers()) {
                Instant anchor = trigger.period()
                        .flatMap(every -> Anchor.of(anchors, recipe.name(), every))
                        .orElse(from);
                trigger.schedule(anchor)
                        .ifPresent(schedule ->
                                planned.add(planned(recipe, trigger.agent().orElseThrow(), schedule)));
            }
            if (recipe.trigger(Trigger.After.class).isPresent()) {
                followers.put(recipe, new OfflineAgents().workers(recipe));
            }
        }
        var bounds = new LinkedHashMap<AgentName, Dispatcher.Capacity>();
        settings.agents().forEach((name, agent) -> {
            var workers = agent.workers();
            bounds.put(name, new Dispatcher.Capacity(workers.max(), workers.queue()));
        });
        planned.removeIf(one -> !settings.agent(one.agent()).enabled());
        return new Simulation.World(
                planned,
                followers,
                bounds,
                recipe ->
                        Optional.ofNullable(takes.get(recipe)).map(Takes::time).orElse(ASSUMED));
    }

    private Simulation.Planned planned(Recipe recipe, AgentName agent, Schedule schedule) {
        Duration delay = recipe.policy()
                .timing()
                .delay(recipe.name(), history.map(RunStore::identity).orElse(""));
        return new Simulation.Planned(recipe, agent, Delayed.by(delay, schedule));
    }
}
