package io.leprechaun.daemon.agent.scheduler;

import io.leprechaun.daemon.agent.AgentContext;
import io.leprechaun.daemon.agent.TimedAgent;
import io.leprechaun.daemon.history.Anchor;
import io.leprechaun.daemon.lifecycle.HostClock;
import io.leprechaun.daemon.recipe.Recipe;
import io.leprechaun.daemon.recipe.Trigger;
import io.leprechaun.daemon.schedule.IntervalSchedule;
import io.leprechaun.daemon.schedule.Schedule;
import io.leprechaun.daemon.settings.AgentName;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.function.Function;

/**
 * The agent that makes recipes due at an interval, counted from the time at which each was first loaded, across
 * restarts. An interval of zero is due once at each start of the daemon.
 */
public final class Scheduler extends TimedAgent {
    private final HostClock clock;

    /** Creates an agent that makes nothing due yet. */
    public Scheduler(AgentContext context) {
        super(AgentName.SCHEDULER, context);
        this.clock = context.clock();
    }

    @Override
    public boolean serves(Recipe recipe) {
        return recipe.trigger(Trigger.Interval.class).isPresent();
    }

    @Override
    protected void onFirstStart(Recipe recipe) {
        if (recipe.trigger(Trigger.Interval.class)
                .filter(interval -> interval.every().isZero())
                .isPresent()) {
            fire(recipe, clock.instant());
        }
    }

    @Override
    protected Function<Recipe, Optional<Schedule>> timetable() {
        var anchors = ledger().anchors();
        return recipe -> recipe.trigger(Trigger.Interval.class)
                .map(Trigger.Interval::every)
                .filter(every -> !every.isZero())
                .map(every ->
                        new IntervalSchedule(anchor(recipe, every, Anchor.of(anchors, recipe.name(), every)), every));
    }

    @Override
    protected void recounted(Recipe recipe, Schedule schedule) {
        if (schedule instanceof IntervalSchedule interval) {
            ledger().anchor(recipe.name(), new Anchor(interval.every(), interval.anchor()));
        }
    }

    private Instant anchor(Recipe recipe, Duration every, Optional<Instant> kept) {
        Instant now = clock.instant().plusMillis(999).truncatedTo(ChronoUnit.SECONDS); // whole seconds read better
        return kept.filter(anchor -> !anchor.isAfter(now)) // else the clock was wrong when it was set
                .orElseGet(() -> {
                    ledger().anchor(recipe.name(), new Anchor(every, now));
                    return now;
                });
    }
}
