package io.leprechaun.daemon.desk;

import io.leprechaun.daemon.agent.Agent;
import io.leprechaun.daemon.agent.NextTable;
import io.leprechaun.daemon.agent.Service;
import io.leprechaun.daemon.agent.Status;
import io.leprechaun.daemon.agent.TimedAgent;
import io.leprechaun.daemon.recipe.Recipe;
import io.leprechaun.daemon.settings.AgentName;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/** The agents of a running daemon, and their services. */
public record RunningAgents(List<Agent> agents, List<Service> services) implements Agents {
    @Override
    public List<AgentName> names(Recipe recipe) {
        return serving(recipe).toList();
    }

    @Override
    public AgentName workers(Recipe recipe) {
        return recipe.workers(
                name -> agents.stream().anyMatch(agent -> agent.name().equals(name)));
    }

    private Stream<AgentName> serving(Recipe recipe) {
        return agents.stream().filter(agent -> agent.serves(recipe)).map(Agent::name);
    }

    @Override
    public List<NextTable.Timed> timed() {
        return agents.stream()
                .filter(TimedAgent.class::isInstance)
                .flatMap(agent -> ((TimedAgent) agent).timed().stream())
                .toList();
    }

    @Override
    public Status status(AgentName agent) {
        return services.stream()
                .filter(service -> service.name().equals(agent.value()))
                .map(Service::status)
                .findFirst()
                .orElse(Status.STOPPED);
    }

    @Override
    public List<String> closed(Recipe recipe, Instant at) {
        return services.stream()
                .filter(service -> service.serves(recipe))
                .flatMap(service -> service.closed(at).stream())
                .toList();
    }
}
