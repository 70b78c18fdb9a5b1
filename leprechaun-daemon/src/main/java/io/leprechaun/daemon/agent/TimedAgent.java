package io.leprechaun.daemon.agent;

import io.leprechaun.api.Arguments;
import io.leprechaun.api.Call;
import io.leprechaun.api.Handler;
import io.leprechaun.api.Problem;
import io.leprechaun.api.ProblemException;
import io.leprechaun.api.Reply;
import io.leprechaun.daemon.recipe.Recipe;
import io.leprechaun.daemon.run.Cause;
import io.leprechaun.daemon.run.Input;
import io.leprechaun.daemon.run.Order;
import io.leprechaun.daemon.run.Run;
import io.leprechaun.daemon.run.RunState;
import io.leprechaun.daemon.run.RunStore;
import io.leprechaun.daemon.run.TriggerKind;
import io.leprechaun.daemon.schedule.Schedule;
import io.leprechaun.daemon.worker.Dispatcher;
import io.leprechaun.daemon.worker.Request;
import java.time.Instant;
import java.time.InstantSource;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An agent that makes recipes due by the clock. Driven by its service, one call at a time. */
public abstract class TimedAgent implements Agent {
    private static final Logger LOG = LoggerFactory.getLogger(TimedAgent.class);

    private final String name;
    private final TriggerKind trigger;
    private final Dispatcher dispatcher;
    private final RunStore store;
    private final InstantSource clock;
    private final NextTable next;
    private final Ticker ticker;
    private volatile Map<Recipe, Schedule> schedules = Map.of();

    /** @param trigger what it calls the cause of its runs */
    protected TimedAgent(
            String name,
            TriggerKind trigger,
            Dispatcher dispatcher,
            RunStore store,
            InstantSource clock,
            NextTable next) {
        this.name = name;
        this.trigger = trigger;
        this.dispatcher = dispatcher;
        this.store = store;
        this.clock = clock;
        this.next = next;
        this.ticker = new Ticker(name, clock, this::due);
    }

    /** When a recipe that this agent serves is due, if it ever is. */
    protected abstract Optional<Schedule> schedule(Recipe recipe);

    @Override
    public final String name() {
        return name;
    }

    @Override
    public void start(List<Recipe> recipes, String why) {
        Instant now = clock.instant();
        schedules = schedules(recipes);
        schedules.forEach((recipe, schedule) -> {
            store.lastDue(recipe.name(), trigger)
                    .flatMap(accounted -> Missed.after(schedule, accounted, now))
                    .ifPresent(missed -> missed(recipe, missed, why));
            store.accounted(recipe.name(), trigger, now);
        });
        ticker.start(schedules, now.minusNanos(1)); // what is due at this very instant was not missed
    }

    @Override
    public final void update(List<Recipe> recipes) {
        var before = schedules;
        schedules = schedules(recipes);
        ticker.update(schedules);
        Instant now = clock.instant();
        schedules.keySet().stream()
                .filter(recipe -> !before.containsKey(recipe))
                .forEach(recipe -> store.accounted(recipe.name(), trigger, now));
    }

    @Override
    public final void stop() {
        ticker.stop();
        schedules = Map.of();
    }

    @Override
    public final List<Handler> handlers() {
        return List.of(Handler.reads("next", this::next));
    }

    /** What it makes due while it is started. */
    public final List<NextTable.Timed> timed() {
        return schedules.entrySet().stream()
                .map(entry -> new NextTable.Timed(entry.getKey(), entry.getValue()))
                .toList();
    }

    /** Starts a recipe that is due now. */
    protected final void fire(Recipe recipe, Instant at) {
        var request = new Request(recipe, name, Cause.due(trigger, at), Input.NONE);
        var unused = dispatcher.submit(request).exceptionally(failure -> {
            LOG.error("{} was due at {} and could not be accepted", recipe.name(), at, failure);
            return null;
        });
    }

    private Map<Recipe, Schedule> schedules(List<Recipe> recipes) {
        var before = schedules;
        var all = new IdentityHashMap<Recipe, Schedule>();
        for (Recipe recipe : recipes) {
            if (serves(recipe) && recipe.policy().enabled()) {
                Optional.ofNullable(before.get(recipe)) // a recipe that stays keeps its schedule
                        .or(() -> schedule(recipe))
                        .ifPresent(schedule -> all.put(recipe, schedule));
            }
        }
        return all;
    }

    private void due(Ticker.Due due) {
        due.at().ifPresent(at -> fire(due.recipe(), at));
        due.missed().ifPresent(missed -> missed(due.recipe(), missed, "the clock went past it"));
    }

    private void missed(Recipe recipe, Missed missed, String why) {
        var order = new Order(
                recipe.name(),
                recipe.origin().hash(),
                name,
                recipe.policy().priority(),
                Cause.due(trigger, missed.first()));
        var repeat = new Run.Repeat(missed.count(), Optional.of(missed.last()).filter(last -> missed.count() > 1));
        LOG.warn("{} was due {} times and was missed: {}", recipe.name(), missed.count(), why);
        dispatcher.missed(Run.refused(order, RunState.MISSED, why, repeat, clock.instant()));
    }

    private Reply next(Call call) {
        String count = Arguments.parse(call.arguments(), 1).operands().stream()
                .findFirst()
                .orElse("10");
        return next.of(NextTable.firings(timed(), clock.instant(), number(count)));
    }

    private static int number(String text) {
        try {
            int number = Integer.parseInt(text);
            if (number >= 1 && number <= 10_000) {
                return number;
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw new ProblemException(Problem.usage("'" + text + "' is no number of firings: write 1 to 10000"));
    }
}
