package io.leprechaun.daemon.desk;

import io.leprechaun.daemon.agent.NextTable;
import io.leprechaun.daemon.agent.Status;
import io.leprechaun.daemon.recipe.Recipe;
import java.time.Instant;
import java.util.List;

/** The agents, as far as commands report them. */
public interface Agents {
    /** The names of those that make a recipe due, in their order. */
    List<String> names(Recipe recipe);

    /** The agent whose workers a recipe uses when it is started by hand. */
    String workers(Recipe recipe);

    /** Every recipe that is due by the clock, with its schedule. */
    List<NextTable.Timed> timed();

    /** The status of an agent. */
    Status status(String agent);

    /** Why the agents that make a recipe due take nothing at an instant, as things are. */
    List<String> closed(Recipe recipe, Instant at);
}
