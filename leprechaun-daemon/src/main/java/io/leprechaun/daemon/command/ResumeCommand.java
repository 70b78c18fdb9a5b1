package io.leprechaun.daemon.command;

import io.leprechaun.api.Arguments;
import io.leprechaun.api.Call;
import io.leprechaun.api.Handler;
import io.leprechaun.api.Problem;
import io.leprechaun.api.ProblemException;
import io.leprechaun.api.Reply;
import io.leprechaun.daemon.agent.Service;
import io.leprechaun.daemon.agent.Status;
import io.leprechaun.daemon.desk.AgentServices;
import io.leprechaun.daemon.desk.RecipeLookup;
import io.leprechaun.daemon.desk.RecipePauses;
import io.leprechaun.daemon.recipe.RecipeName;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/** The command {@code resume}: resumes a recipe, an agent, or all agents. */
record ResumeCommand(RecipeLookup recipes, AgentServices agents, RecipePauses pauses, InstantSource clock)
        implements Handler.Answer {
    @Override
    public Reply to(Arguments arguments, Call call) {
        String named = arguments.operand(0, AgentServices.OPERAND);
        if (agents.means(named)) {
            return agents.each(Service::start);
        }
        return agents.find(named).<Reply>map(ResumeCommand::resume).orElseGet(() -> resume(named));
    }

    /** Resumes an agent, unless it is stopped: a start needs another command. */
    private static Reply.Document resume(Service service) {
        if (service.status() == Status.STOPPED) {
            throw new ProblemException(Problem.refused(service.name() + " is stopped, not paused: start it with"
                    + " `leprechaun " + service.name() + " start`"));
        }
        return service.start();
    }

    private Reply resume(String named) {
        Instant now = clock.instant();
        return pauses.resume(
                held(named, now)
                        .orElseGet(() -> recipes.recipe(named, agents.words()).name()),
                now);
    }

    /** Returns a recipe that is paused: it may be resumed although its file is gone or broken. */
    private Optional<RecipeName> held(String named, Instant now) {
        return RecipeName.find(recipes.whole(named)).filter(recipe -> pauses.holds(recipe, now));
    }
}
