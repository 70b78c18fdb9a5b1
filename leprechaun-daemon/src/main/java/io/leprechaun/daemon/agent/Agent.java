package io.leprechaun.daemon.agent;

import io.leprechaun.api.Handler;
import io.leprechaun.daemon.recipe.Recipe;
import io.leprechaun.daemon.settings.AgentName;
import java.util.List;
import java.util.Optional;

/** The implementation of one kind of trigger, which makes recipes due. A {@link Service} owns its life cycle. */
public interface Agent {
    /** Returns its name in commands and routes. */
    AgentName name();

    /** Returns whether this agent makes a recipe due. */
    boolean serves(Recipe recipe);

    /**
     * Begins to make recipes due.
     *
     * @param recipes all recipes in force, served or not
     * @param why the reason for not running until now, for the record of missed instants
     */
    void start(List<Recipe> recipes, String why);

    /** Takes another set of recipes, while started. */
    void update(List<Recipe> recipes);

    /** Stops making recipes due. */
    void stop();

    /** Returns the reason why no request can reach it, in a sentence with the remedy; empty: requests can. */
    default Optional<String> broken() {
        return Optional.empty();
    }

    /** Returns the handlers that it has besides those of every agent. */
    List<Handler> handlers();
}
