package io.leprechaun.daemon.run;

import io.leprechaun.daemon.recipe.RecipeName;
import io.leprechaun.daemon.recipe.TriggerKind;
import io.leprechaun.daemon.settings.AgentName;

/**
 * The order of a run: its recipe, its agent and its cause. It never changes.
 *
 * @param version the hash of the recipe's text with which it was accepted
 * @param agent the agent of the workers that it uses
 * @param priority the priority; the higher starts first
 */
public record RunSpec(RecipeName recipe, String version, AgentName agent, int priority, Cause cause) {
    /**
     * Returns the trigger to whose instants the run counts: a run that is caught up was due by a schedule or a pattern.
     */
    public TriggerKind series() {
        return cause.trigger().equals(TriggerKind.CATCH_UP) ? TriggerKind.dueBy(agent) : cause.trigger();
    }
}
