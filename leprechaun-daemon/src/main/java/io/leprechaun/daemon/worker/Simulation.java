package io.leprechaun.daemon.worker;

import io.leprechaun.daemon.recipe.Recipe;
import io.leprechaun.daemon.recipe.RecipeName;
import io.leprechaun.daemon.recipe.Trigger;
import io.leprechaun.daemon.recipe.TriggerKind;
import io.leprechaun.daemon.run.Cause;
import io.leprechaun.daemon.run.Input;
import io.leprechaun.daemon.run.Outcome;
import io.leprechaun.daemon.run.Run;
import io.leprechaun.daemon.run.RunState;
import io.leprechaun.daemon.schedule.Schedule;
import io.leprechaun.daemon.settings.AgentName;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.function.Function;

/**
 * The simulation of recipes in a period of time, by a clock that jumps from one event to the next. The dispatcher's
 * {@link QueueState} decides. Its effects are carried out by a store that never fails, and by runs that only take their
 * time and succeed.
 */
public final class Simulation {
    /** The largest number of due instants that are simulated. */
    public static final int MOST = 1_000_000;

    private static final Outcome SUCCESS = new Outcome(RunState.SUCCEEDED, Optional.empty(), Optional.of(0), List.of());
    private static final Duration SHORTEST = Duration.ofMillis(1);

    private final World world;
    private final Instant end;
    private final PriorityQueue<Event> events = new PriorityQueue<>();
    private long lastId;
    private final QueueState state = new QueueState(Integer.MAX_VALUE, Absences.PATIENCE, () -> ++lastId);
    private final Map<RecipeName, Instant> succeeded = new HashMap<>();
    private final Map<RecipeName, Instant> followed = new HashMap<>();
    private final List<Run> records = new ArrayList<>();
    private Instant now;
    /** The earliest event that wakes the state; empty: none. */
    private Optional<Instant> wakes = Optional.empty();

    private long lastEvent;

    /**
     * The recipes and agents that are simulated.
     *
     * @param planned the recipes that are due by the clock
     * @param followers the recipes that are due after others, each with the agent of the workers that it uses
     * @param agents the capacity of each agent
     * @param durations the duration of a run of a recipe
     */
    public record World(
            List<Planned> planned,
            Map<Recipe, AgentName> followers,
            Map<AgentName, Dispatcher.Capacity> agents,
            Function<Recipe, Duration> durations) {}

    /** A recipe that an agent makes due by a schedule. */
    public record Planned(Recipe recipe, AgentName agent, Schedule schedule) {}

    /** The order of events at one instant: a run that ends makes room for one that is due. */
    private enum Rank {
        END,
        WAKE,
        DUE
    }

    private record Event(Instant at, Rank rank, long number, Runnable action) implements Comparable<Event> {
        private static final Comparator<Event> ORDER =
                Comparator.comparing(Event::at).thenComparing(Event::rank).thenComparing(Event::number);

        @Override
        public int compareTo(Event other) {
            return ORDER.compare(this, other);
        }
    }

    private Simulation(World world, Instant from, Instant end) {
        this.world = world;
        this.now = from;
        this.end = end;
        world.agents().forEach((name, bounds) -> {
            state.register(name, bounds.max(), bounds.queue());
            carryOut(state.open(name, moment()));
        });
    }

    /**
     * Returns the runs due from an instant until another, exclusively, in the order in which they are over.
     *
     * @throws IllegalArgumentException when there are more than {@value #MOST} due instants
     */
    public static List<Run> of(World world, Instant from, Instant until) {
        var simulation = new Simulation(world, from, until);
        Instant after = from.minusNanos(1);
        simulation.count(after);
        world.planned().forEach(planned -> simulation.plan(planned, after));
        simulation.run();
        return simulation.records;
    }

    /** Counts the due instants first: to simulate as many takes much longer. */
    private void count(Instant after) {
        int count = 0;
        for (Planned planned : world.planned()) {
            var due = planned.schedule().next(after).filter(end::isAfter);
            while (due.isPresent()) {
                if (++count > MOST) {
                    throw new IllegalArgumentException(
                            "more than " + MOST + " due times: choose a shorter span or fewer recipes");
                }
                due = planned.schedule().next(due.get()).filter(end::isAfter);
            }
        }
    }

    private void run() {
        for (var event = events.poll(); event != null; event = events.poll()) {
            now = event.at();
            event.action().run();
        }
    }

    private void at(Instant instant, Rank rank, Runnable action) {
        events.add(new Event(instant, rank, ++lastEvent, action));
    }

    private void plan(Planned planned, Instant after) {
        planned.schedule()
                .next(after)
                .filter(end::isAfter)
                .ifPresent(due -> at(due, Rank.DUE, () -> {
                    submit(planned.recipe(), planned.agent(), Cause.due(TriggerKind.dueBy(planned.agent()), due));
                    plan(planned, due);
                }));
    }

    private void submit(Recipe recipe, AgentName agent, Cause cause) {
        carryOut(state.due(new RunRequest(recipe, agent, cause, Input.NONE), Optional.empty(), moment()));
    }

    private Moment moment() {
        return new Moment(now, now);
    }

    private void carryOut(List<Effect> effects) {
        for (Effect effect : effects) {
            switch (effect) {
                case Effect.Refuse refuse -> records.add(refuse.record());
                case Effect.Accept accept -> carryOut(state.accepted(accept, moment()));
                case Effect.Start start -> begin(start.next());
                case Effect.Launch launch -> begin(launch.job());
                case Effect.Retry retry -> {
                    begin(retry.next());
                    carryOut(state.waits(retry.job(), moment()));
                }
                case Effect.End end -> {
                    records.add(end.ended());
                    begin(end.next());
                    carryOut(state.kept(end.job(), moment()));
                }
                case Effect.Stopping stop ->
                    end(stop.job(), Outcome.of(stop.why().state(), stop.why().reason()));
                case Effect.Wake wake -> wake(wake.after().plusMillis(1));
                case Effect.LaunchClaimed launch -> {} // no claim is held, because none is stored
                case Effect.Claims claims -> {} // every change is stored at once
                case Effect.Change change -> {} // the run's next record shows it
                case Effect.Warn warn -> {} // of recipes that were removed: here none is
            }
        }
    }

    private void wake(Instant at) {
        if (wakes.isEmpty() || at.isBefore(wakes.get())) {
            wakes = Optional.of(at);
            at(at, Rank.WAKE, () -> {
                wakes = wakes.filter(now::isBefore);
                carryOut(state.tick(moment()));
            });
        }
    }

    private void begin(Effect.Next next) {
        next.waiting().forEach(this::begin);
    }

    private void begin(Job job) {
        Duration takes = world.durations().apply(job.recipe);
        at(now.plus(takes.compareTo(SHORTEST) < 0 ? SHORTEST : takes), Rank.END, () -> {
            if (!job.left) {
                end(job, SUCCESS);
                follow(job.recipe);
            }
        });
    }

    private void end(Job job, Outcome outcome) {
        carryOut(state.ended(job, outcome, moment()));
    }

    /** Submits the recipes that follow a run. Every run succeeds, so recipes that follow a failure do not run. */
    private void follow(Recipe ended) {
        succeeded.put(ended.name(), now);
        world.followers().forEach((recipe, agent) -> {
            var dependencies = recipe.trigger(Trigger.After.class).orElseThrow().dependencies();
            Instant before = followed.getOrDefault(recipe.name(), Instant.MIN);
            boolean isDue = now.isBefore(end)
                    && dependencies.stream()
                            .allMatch(one -> one.on() != Trigger.On.FAILURE
                                    && succeeded
                                            .getOrDefault(one.recipe(), Instant.MIN)
                                            .isAfter(before));
            if (isDue) {
                followed.put(recipe.name(), now);
                submit(recipe, agent, Cause.due(TriggerKind.AFTER, now));
            }
        });
    }
}
