package io.leprechaun.daemon.agent;

import io.leprechaun.api.Handler;
import io.leprechaun.daemon.recipe.Recipe;
import io.leprechaun.daemon.settings.AgentName;
import java.util.List;
import java.util.Optional;

/** Knows how one kind of trigger makes recipes due. A {@link Service} owns its life. */
public interface Agent {
    /** Its name in commands and routes. */
    AgentName name();

    /** Whether it is this agent that makes a recipe due. */
    boolean serves(Recipe recipe);

    /**
     * Begins to make recipes due.
     *
     * @param recipes all that are in force, served or not
     * @param why what kept it from doing so until now, for the record of what was missed
     */
    void start(List<Recipe> recipes, String why);

    /** Takes another set of recipes, while started. */
    void update(List<Recipe> recipes);

    /** Makes nothing due any more. */
    void stop();

    /** The reason why nothing can reach it, in a sentence that says what to do; empty: something can. */
    default Optional<String> broken() {
        return Optional.empty();
    }

    /** What it answers beside what every agent does. */
    List<Handler> handlers();
}
