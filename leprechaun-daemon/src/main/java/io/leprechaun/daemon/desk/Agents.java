package io.leprechaun.daemon.desk;

import io.leprechaun.daemon.agent.NextTable;
import io.leprechaun.daemon.agent.Status;
import io.leprechaun.daemon.recipe.Recipe;
import io.leprechaun.daemon.settings.AgentName;
import java.time.Instant;
import java.util.List;

/** The agents, as far as commands report them. */
public interface Agents {
    /** The names of those that make a recipe due, in their order. */
    List<AgentName> names(Recipe recipe);

    /** The agent whose workers a recipe uses when it is started by hand. */
    AgentName workers(Recipe recipe);

    /** Every recipe that is due by the clock, with its schedule. */
    List<NextTable.Timed> timed();

    /** The status of an agent. */
    Status status(AgentName agent);

    /** Why the agents that make a recipe due take nothing at an instant, as things are. */
    List<String> closed(Recipe recipe, Instant at);
}
