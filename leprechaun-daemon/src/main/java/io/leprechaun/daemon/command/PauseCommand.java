package io.leprechaun.daemon.command;

import io.leprechaun.api.Arguments;
import io.leprechaun.api.Call;
import io.leprechaun.api.Handler;
import io.leprechaun.api.Reply;
import io.leprechaun.daemon.desk.AgentServices;
import io.leprechaun.daemon.desk.RecipeLookup;
import io.leprechaun.daemon.desk.RecipePauses;
import io.leprechaun.daemon.desk.TimeParser;
import io.leprechaun.daemon.run.Pause;
import java.time.Instant;
import java.time.InstantSource;

/** The command {@code pause}: pauses a recipe, an agent, or all agents: due runs are held. */
record PauseCommand(RecipeLookup recipes, AgentServices agents, RecipePauses pauses, InstantSource clock)
        implements Handler.Answer {
    @Override
    public Reply to(Arguments arguments, Call call) {
        String named = arguments.operand(0, AgentServices.OPERAND);
        Instant now = clock.instant();
        var until = arguments
                .value("--until")
                .map(text -> TimeParser.ahead(text, now, pauses.documents().zone()));
        var reason = arguments.sentence("--reason");
        String by = call.caller().user();
        if (agents.means(named)) {
            return agents.each(service -> service.pause(by, until, reason));
        }
        return agents.find(named)
                .<Reply>map(service -> service.pause(by, until, reason))
                .orElseGet(() ->
                        pauses.pause(recipes.recipe(named, agents.words()).name(), new Pause(now, until, by, reason)));
    }
}
