package io.leprechaun.daemon.execution;

import io.leprechaun.daemon.posix.Self;
import io.leprechaun.daemon.process.Identity;
import io.leprechaun.daemon.process.Mark;
import io.leprechaun.daemon.recipe.Recipe;
import io.leprechaun.daemon.recipe.Step;
import io.leprechaun.daemon.recipe.TriggerKind;
import io.leprechaun.daemon.run.Input;
import io.leprechaun.daemon.settings.AgentName;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The context that a step of a recipe would get in a manual run, without secrets.
 *
 * @param nice the nice value, -20 to 19
 * @param environment the values by name, secrets as stars
 */
public record Preview(
        String user,
        int uid,
        int gid,
        List<Integer> groups,
        Path directory,
        int nice,
        Map<String, String> environment) {
    private static final String RUN = "<run>";

    public Preview {
        groups = List.copyOf(groups);
    }

    /**
     * Looks up everything that the recipe requires, as a run would.
     *
     * @param agent the agent of the workers that the run would use
     * @throws RefusedException when a requirement is missing, so that no step would run
     */
    public static Preview of(Executions executions, Recipe recipe, Step step, AgentName agent) throws RefusedException {
        StepIdentity stepIdentity = StepIdentity.of(executions, recipe, Input.NONE);
        var environment = new TreeMap<>(StepEnvironment.of(recipe, stepIdentity, step));
        stepIdentity.secrets().forEach((name, secret) -> environment.put(name, secret.toString()));
        environment.put("LEPRECHAUN_RUN", RUN);
        environment.put("LEPRECHAUN_ATTEMPT", "1");
        environment.put("LEPRECHAUN_AGENT", agent.value());
        environment.put("LEPRECHAUN_TRIGGER", TriggerKind.MANUAL.word());
        int chain = Chain.of(recipe.steps()).stream()
                .filter(candidate -> candidate.steps().contains(step))
                .mapToInt(Chain::number)
                .findFirst()
                .orElse(step.number());
        environment.put(
                Mark.VARIABLE, new Mark(executions.store(), 0, 1, chain).text().replace(":0:", ":" + RUN + ":"));
        Account account = stepIdentity.account();
        return new Preview(
                account.user(),
                account.identity().map(Identity::uid).orElseGet(Self::uid),
                account.identity().map(Identity::gid).orElseGet(Self::gid),
                account.identity().map(Identity::groups).orElseGet(Self::groups),
                StepEnvironment.directory(recipe, stepIdentity, step),
                recipe.surroundings().nice().orElseGet(Self::nice),
                environment);
    }
}
