package io.leprechaun.daemon.agent.cron;

import io.leprechaun.daemon.agent.NextTable;
import io.leprechaun.daemon.agent.TimedAgent;
import io.leprechaun.daemon.recipe.Recipe;
import io.leprechaun.daemon.recipe.Trigger;
import io.leprechaun.daemon.run.RunStore;
import io.leprechaun.daemon.run.TriggerKind;
import io.leprechaun.daemon.schedule.Schedule;
import io.leprechaun.daemon.worker.Dispatcher;
import java.time.InstantSource;
import java.util.Optional;

/** Makes recipes due by cron pattern. */
public final class Cron extends TimedAgent {
    /** Its name. */
    public static final String NAME = "cron";

    /** An agent that makes nothing due yet. */
    public Cron(Dispatcher dispatcher, RunStore store, InstantSource clock, NextTable next) {
        super(NAME, TriggerKind.CRON, dispatcher, store, clock, next);
    }

    @Override
    public boolean serves(Recipe recipe) {
        return recipe.trigger(Trigger.Cron.class).isPresent();
    }

    @Override
    protected Optional<Schedule> schedule(Recipe recipe) {
        return recipe.trigger(Trigger.Cron.class).map(Trigger.Cron::schedule);
    }
}
