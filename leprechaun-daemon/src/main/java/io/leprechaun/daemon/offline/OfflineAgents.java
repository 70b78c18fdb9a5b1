package io.leprechaun.daemon.offline;

import io.leprechaun.daemon.agent.NextTable;
import io.leprechaun.daemon.agent.Status;
import io.leprechaun.daemon.desk.Agents;
import io.leprechaun.daemon.recipe.Recipe;
import io.leprechaun.daemon.settings.AgentName;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/** The agents of a daemon that does not run: they are stopped. */
record OfflineAgents() implements Agents {
    @Override
    public List<AgentName> names(Recipe recipe) {
        return serving(recipe).toList();
    }

    @Override
    public AgentName workers(Recipe recipe) {
        return serving(recipe).findFirst().orElse(AgentName.SCHEDULER);
    }

    private static Stream<AgentName> serving(Recipe recipe) {
        return recipe.triggers().stream().flatMap(trigger -> trigger.agent().stream());
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
