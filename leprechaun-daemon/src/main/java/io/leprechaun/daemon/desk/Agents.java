package io.leprechaun.daemon.desk;

import io.leprechaun.daemon.agent.NextTable;
import io.leprechaun.daemon.agent.Status;
import io.leprechaun.daemon.recipe.Recipe;
import io.leprechaun.daemon.settings.AgentName;
import java.time.Instant;
import java.util.List;

/** The agents as commands see them. */
public interface Agents {
    /** Returns the names of the agents that make a recipe due, in their order. */
    List<AgentName> names(Recipe recipe);

    /** Returns the agent whose workers a run by hand, or after others, uses. */
    AgentName workers(Recipe recipe);

    /** Returns every recipe that is due by the clock, with its schedule. */
    List<NextTable.Timed> timed();

    /** Returns the status of an agent. */
    Status status(AgentName agent);

    /**
     * Returns the reasons why the agents that make a recipe due would take nothing at an instant, by their present
     * state.
     */
    List<String> closed(Recipe recipe, Instant at);
}
