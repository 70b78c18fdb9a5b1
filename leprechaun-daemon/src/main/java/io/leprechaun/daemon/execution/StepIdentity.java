package io.leprechaun.daemon.execution;

import io.leprechaun.daemon.output.Mask;
import io.leprechaun.daemon.recipe.Recipe;
import io.leprechaun.daemon.run.Input;
import io.leprechaun.daemon.secret.Secret;
import java.util.HashMap;
import java.util.Map;

/**
 * The account, secrets and input that the steps of one attempt share, as they were when the attempt began.
 *
 * @param account the account that they run as
 * @param secrets the secrets by the names of their variables
 * @param input the input of the run
 */
record StepIdentity(Account account, Map<String, Secret> secrets, Input input) {
    StepIdentity {
        secrets = Map.copyOf(secrets);
    }

    /**
     * Looks up everything that a recipe requires.
     *
     * @throws RefusedException when a requirement is missing
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
                            .orElseThrow(
                                    () -> new RefusedException("the secret " + named.getKey() + " is missing or empty; "
                                            + named.getValue().fix())));
        }
        return secrets;
    }

    Mask mask() {
        return Mask.of(secrets.values());
    }
}
