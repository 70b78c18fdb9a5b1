package io.leprechaun.daemon.agent.beat;

import io.leprechaun.daemon.agent.AgentContext;
import io.leprechaun.daemon.agent.TimedAgent;
import io.leprechaun.daemon.recipe.Recipe;
import io.leprechaun.daemon.schedule.Schedule;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Function;

/** An agent that this version does not have, as an example of an addition. */
public final class BeatAgent extends TimedAgent {
    public BeatAgent(AgentContext context) {
        super(Beat.AGENT, context);
    }

    @Override
    public boolean serves(Recipe recipe) {
        return recipe.trigger(Beat.class).isPresent();
    }

    @Override
    protected Function<Recipe, Optional<Schedule>> timetable() {
        return recipe -> recipe.trigger(Beat.class).flatMap(beat -> beat.schedule(Instant.EPOCH));
    }
}
