package io.leprechaun.daemon.worker;

import io.leprechaun.daemon.recipe.Recipe;
import io.leprechaun.daemon.run.Cause;
import io.leprechaun.daemon.run.Input;
import io.leprechaun.daemon.settings.AgentName;

/**
 * A request for a run.
 *
 * @param agent the agent of the workers that it wants
 * @param force whether it runs against its recipe's policies
 */
public record RunRequest(Recipe recipe, AgentName agent, Cause cause, Input input, boolean force) {
    /** Creates a request that its recipe's policies decide on. */
    public RunRequest(Recipe recipe, AgentName agent, Cause cause, Input input) {
        this(recipe, agent, cause, input, false);
    }
}
