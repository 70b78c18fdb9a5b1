package io.leprechaun.daemon.agent.cron;

import io.leprechaun.daemon.agent.ClockGuard;
import io.leprechaun.daemon.agent.NextTable;
import io.leprechaun.daemon.agent.TimedAgent;
import io.leprechaun.daemon.lifecycle.HostClock;
import io.leprechaun.daemon.recipe.Recipe;
import io.leprechaun.daemon.recipe.Trigger;
import io.leprechaun.daemon.run.RunStore;
import io.leprechaun.daemon.run.TriggerKind;
import io.leprechaun.daemon.schedule.Schedule;
import io.leprechaun.daemon.worker.Dispatcher;
import java.util.Optional;
import java.util.function.Function;

/** Makes recipes due by cron pattern. */
public final class Cron extends TimedAgent {
    /** Its name. */
    public static final String NAME = "cron";

    private final HostClock clock;
    private final ClockGuard guard;
    private final String boot;

    /**
     * An agent that makes nothing due yet.
     *
     * @param boot what tells this boot of the machine from all others
     */
    public Cron(Dispatcher dispatcher, RunStore store, HostClock clock, ClockGuard guard, NextTable next, String boot) {
        super(NAME, TriggerKind.CRON, dispatcher, store, clock, guard, next);
        this.clock = clock;
        this.guard = guard;
        this.boot = boot;
    }

    @Override
    public boolean serves(Recipe recipe) {
        return recipe.trigger(Trigger.Cron.class).isPresent();
    }

    /** An earlier daemon of this boot may have ended before it fired what was there already; what is new came after the boot. */
    @Override
    protected void firstStart(Recipe recipe) {
        boolean isNew = ledger().lastBoot(recipe.name()).isEmpty();
        if (isDueByBoot(recipe) && !(isNew && guard.isSameBoot())) {
            fire(recipe, clock.instant());
        }
        came(recipe); // behind it: rather twice than never
    }

    @Override
    protected void came(Recipe recipe) {
        if (isDueByBoot(recipe)) {
            ledger().booted(recipe.name(), boot);
        }
    }

    /** Whether nothing tells that it was, or that it came after the boot. */
    private boolean isDueByBoot(Recipe recipe) {
        return recipe.trigger(Trigger.Cron.class).filter(Trigger.Cron::atBoot).isPresent()
                && !ledger().lastBoot(recipe.name()).equals(Optional.of(boot));
    }

    @Override
    protected Function<Recipe, Optional<Schedule>> timetable() {
        return recipe -> recipe.trigger(Trigger.Cron.class).map(Trigger.Cron::schedule);
    }
}
