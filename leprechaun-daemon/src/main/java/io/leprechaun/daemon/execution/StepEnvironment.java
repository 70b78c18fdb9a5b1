package io.leprechaun.daemon.execution;

import io.leprechaun.daemon.recipe.Recipe;
import io.leprechaun.daemon.recipe.Step;
import io.leprechaun.daemon.recipe.TriggerKind;
import io.leprechaun.daemon.run.Run;
import io.leprechaun.daemon.run.RunOverrides;
import io.leprechaun.daemon.zone.HostZone;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The environment of a step: the base, the additions of the recipe and the step, and the variables that describe the
 * run. It holds no variable of the daemon's own.
 */
final class StepEnvironment {
    private static final String PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    private StepEnvironment() {}

    /** Returns the variables that are the same in every run. */
    static Map<String, String> of(Recipe recipe, StepIdentity stepIdentity, Step step) {
        var environment = new LinkedHashMap<String, String>();
        var account = stepIdentity.account();
        environment.put("PATH", PATH);
        environment.put("HOME", account.home().toString());
        environment.put("USER", account.user());
        environment.put("LOGNAME", account.user());
        environment.put("SHELL", "/bin/sh");
        environment.put("LANG", "C.UTF-8");
        HostZone.here().variableFor(recipe.surroundings().zone()).ifPresent(zone -> environment.put("TZ", zone));
        // as shells set it: the environment must not depend on whether a shell runs the step
        environment.put("PWD", directory(recipe, stepIdentity, step).toString());
        environment.putAll(recipe.surroundings().environment());
        environment.putAll(step.environment());
        stepIdentity.secrets().forEach((name, secret) -> environment.put(name, secret.value()));
        environment.put("LEPRECHAUN_RECIPE", recipe.name().value());
        return environment;
    }

    static Map<String, String> of(Executions executions, Run run, Recipe recipe, StepIdentity stepIdentity, Step step) {
        Map<String, String> environment = of(recipe, stepIdentity, step);
        ZoneId zone = recipe.surroundings().zone();
        stepIdentity.input().parameters().forEach((name, value) -> environment.put("LEPRECHAUN_PARAM_" + name, value));
        if (stepIdentity.input().body().isPresent()) {
            environment.put(
                    "LEPRECHAUN_HOOK_BODY", executions.outputs().body(run.id()).toString());
        }
        environment.put("LEPRECHAUN_RUN", Long.toString(run.id()));
        environment.put("LEPRECHAUN_AGENT", run.order().agent().value());
        RunOverrides course = stepIdentity.input().course();
        TriggerKind trigger = course.as().orElse(run.order().cause().trigger());
        environment.put("LEPRECHAUN_TRIGGER", trigger.word());
        environment.put("LEPRECHAUN_ATTEMPT", Integer.toString(run.attempt()));
        course.scheduledAt()
                .or(run.order().cause()::dueAt)
                .ifPresent(due -> environment.put(
                        "LEPRECHAUN_SCHEDULED_AT",
                        DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(due.atZone(zone)))); // always with seconds
        return environment;
    }

    /** Returns the working directory in which a step starts. */
    static Path directory(Recipe recipe, StepIdentity stepIdentity, Step step) {
        Path named = stepIdentity.account().home();
        Path home = Files.isDirectory(named) ? named : Path.of("/");
        Path base = recipe.surroundings().directory().map(home::resolve).orElse(home);
        return step.directory().map(base::resolve).orElse(base);
    }
}
