package io.leprechaun.daemon.worker;

import io.leprechaun.daemon.recipe.Recipe;
import io.leprechaun.daemon.run.Cause;
import io.leprechaun.daemon.run.Input;
import io.leprechaun.daemon.settings.AgentName;

/**
 * Something that is due.
 *
 * @param agent whose workers it wants
 * @param force whether it is to run whatever its recipe's policies say
 */
public record RunRequest(Recipe recipe, AgentName agent, Cause cause, Input input, boolean force) {
    /** Something that its recipe's policies decide on. */
    public RunRequest(Recipe recipe, AgentName agent, Cause cause, Input input) {
        this(recipe, agent, cause, input, false);
    }
}
