package io.leprechaun.daemon.run;

import io.leprechaun.daemon.recipe.RecipeName;
import io.leprechaun.daemon.recipe.TriggerKind;
import io.leprechaun.daemon.settings.AgentName;

/**
 * What is to run and why: the part of a run that never changes.
 *
 * @param version the hash of the recipe's text it was accepted with
 * @param agent whose workers it uses
 * @param priority the higher starts first
 */
public record RunSpec(RecipeName recipe, String version, AgentName agent, int priority, Cause cause) {
    /** The trigger by whose instants it is accounted for: what is made up for was due by a schedule or a pattern. */
    public TriggerKind series() {
        return cause.trigger().equals(TriggerKind.CATCH_UP) ? TriggerKind.dueBy(agent) : cause.trigger();
    }
}
