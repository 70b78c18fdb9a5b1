package io.leprechaun.daemon.execution;

import io.leprechaun.daemon.output.Mask;
import io.leprechaun.daemon.recipe.Recipe;
import io.leprechaun.daemon.run.Input;
import io.leprechaun.daemon.secret.Secret;
import java.util.HashMap;
import java.util.Map;

/**
 * What the steps of one attempt have in common, as it was when the attempt began.
 *
 * @param account as whom they run
 * @param secrets by the names of their variables
 * @param input what the run was given
 */
record StepIdentity(Account account, Map<String, Secret> secrets, Input input) {
    StepIdentity {
        secrets = Map.copyOf(secrets);
    }

    /**
     * Looks for everything that a recipe asks for.
     *
     * @throws RefusedException when something of it is not there
     */
    static StepIdentity of(Executions executions, Recipe recipe, Input input) throws RefusedException {
        return new StepIdentity(
                executions.accounts().of(recipe.surroundings().who()), secrets(executions, recipe), input);
    }

    private static Map<String, Secret> secrets(Executions executions, Recipe recipe) throws RefusedException {
        var secrets = new HashMap<String, Secret>();
        for (var named : recipe.surroundings().secrets().entrySet()) {
            secrets.put(
                    named.getKey(),
                    named.getValue()
                            .fetch(executions.environment())
                            .orElseThrow(() ->
                                    new RefusedException("the secret " + named.getKey() + " is not there, or empty; "
                                            + named.getValue().fix())));
        }
        return secrets;
    }

    Mask mask() {
        return Mask.of(secrets.values());
    }
}
