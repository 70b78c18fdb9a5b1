package io.leprechaun.daemon.agent.cron;

import io.leprechaun.daemon.agent.AgentContext;
import io.leprechaun.daemon.agent.ClockGuard;
import io.leprechaun.daemon.agent.TimedAgent;
import io.leprechaun.daemon.lifecycle.HostClock;
import io.leprechaun.daemon.recipe.Recipe;
import io.leprechaun.daemon.recipe.Trigger;
import io.leprechaun.daemon.schedule.Schedule;
import io.leprechaun.daemon.settings.AgentName;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/** The agent that makes recipes due by cron pattern. */
public final class CronAgent extends TimedAgent {
    private final HostClock clock;
    private final ClockGuard guard;
    private final String boot;

    /** Creates an agent that makes nothing due yet. */
    public CronAgent(AgentContext context) {
        super(AgentName.CRON, context);
        this.clock = context.clock();
        this.guard = context.guard();
        this.boot = context.boot();
    }

    @Override
    public boolean serves(Recipe recipe) {
        return recipe.trigger(Trigger.Cron.class).isPresent();
    }

    /**
     * An earlier daemon of this boot may have ended before it fired the recipes that existed already; a new recipe came
     * after the boot.
     */
    @Override
    protected void onFirstStart(Recipe recipe) {
        booted(recipe, known -> {
            if (known || !guard.isSameBoot()) {
                fire(recipe, clock.instant());
            }
        });
    }

    @Override
    protected void came(Recipe recipe) {
        booted(recipe, _ -> {});
    }

    /**
     * Records that a recipe has had its firing of this boot, if it is due by boots and has not had it. Other recipes
     * cost no query of the store.
     *
     * @param before the action before that, rather twice than never; it receives whether the recipe existed in an
     *     earlier boot
     */
    private void booted(Recipe recipe, Consumer<Boolean> before) {
        boolean isAtBoot =
                recipe.trigger(Trigger.Cron.class).filter(Trigger.Cron::atBoot).isPresent();
        if (!isAtBoot) {
            return;
        }
        Optional<String> last = ledger().lastBoot(recipe.name());
        if (!last.equals(Optional.of(boot))) {
            before.accept(last.isPresent());
            ledger().booted(recipe.name(), boot);
        }
    }

    @Override
    protected Function<Recipe, Optional<Schedule>> timetable() {
        return recipe -> recipe.trigger(Trigger.Cron.class).map(Trigger.Cron::schedule);
    }
}
