package io.leprechaun.daemon.offline;

import io.leprechaun.daemon.agent.NextTable;
import io.leprechaun.daemon.agent.Status;
import io.leprechaun.daemon.desk.Agents;
import io.leprechaun.daemon.recipe.Recipe;
import io.leprechaun.daemon.settings.AgentName;
import java.time.Instant;
import java.util.List;

/** The agents of a daemon that does not run: all are stopped. */
record OfflineAgents() implements Agents {
    @Override
    public List<AgentName> names(Recipe recipe) {
        return recipe.agents();
    }

    @Override
    public AgentName workers(Recipe recipe) {
        return recipe.workers(name -> true);
    }

    @Override
    public List<NextTable.Timed> timed() {
        return List.of();
    }

    @Override
    public Status status(AgentName agent) {
        return Status.STOPPED;
    }

    @Override
    public List<String> closed(Recipe recipe, Instant at) {
        return List.of();
    }
}
