package io.leprechaun.daemon.agent.scheduler;

import io.leprechaun.daemon.agent.NextTable;
import io.leprechaun.daemon.agent.TimedAgent;
import io.leprechaun.daemon.recipe.Recipe;
import io.leprechaun.daemon.recipe.Trigger;
import io.leprechaun.daemon.run.RunStore;
import io.leprechaun.daemon.run.TriggerKind;
import io.leprechaun.daemon.schedule.IntervalSchedule;
import io.leprechaun.daemon.schedule.Schedule;
import io.leprechaun.daemon.worker.Dispatcher;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

/** Makes recipes due at an interval, counted from when each was first loaded, across restarts. An interval of zero is due once at each start of the daemon. */
public final class Scheduler extends TimedAgent {
    /** Its name. */
    public static final String NAME = "scheduler";

    private final RunStore store;
    private final InstantSource clock;
    private boolean started;

    /** An agent that makes nothing due yet. */
    public Scheduler(Dispatcher dispatcher, RunStore store, InstantSource clock, NextTable next) {
        super(NAME, TriggerKind.SCHEDULE, dispatcher, store, clock, next);
        this.store = store;
        this.clock = clock;
    }

    @Override
    public boolean serves(Recipe recipe) {
        return recipe.trigger(Trigger.Interval.class).isPresent();
    }

    @Override
    public void start(List<Recipe> recipes, String why) {
        super.start(recipes, why);
        if (!started) {
            started = true;
            recipes.stream()
                    .filter(recipe -> recipe.policy().enabled())
                    .filter(recipe -> recipe.trigger(Trigger.Interval.class)
                            .filter(interval -> interval.every().isZero())
                            .isPresent())
                    .forEach(recipe -> fire(recipe, clock.instant()));
        }
    }

    @Override
    protected Optional<Schedule> schedule(Recipe recipe) {
        return recipe.trigger(Trigger.Interval.class)
                .map(Trigger.Interval::every)
                .filter(every -> !every.isZero())
                .map(every -> new IntervalSchedule(anchor(recipe, every), every));
    }

    private Instant anchor(Recipe recipe, Duration every) {
        Instant now = clock.instant().plusMillis(999).truncatedTo(ChronoUnit.SECONDS); // whole seconds read better
        return store.anchor(recipe.name(), every.toSeconds())
                .filter(anchor -> !anchor.isAfter(now)) // else the clock was wrong when it was set
                .orElseGet(() -> {
                    store.anchor(recipe.name(), every.toSeconds(), now);
                    return now;
                });
    }
}
