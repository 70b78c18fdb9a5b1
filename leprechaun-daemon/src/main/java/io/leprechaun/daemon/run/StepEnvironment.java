package io.leprechaun.daemon.run;

import io.leprechaun.daemon.process.Processes;
import io.leprechaun.daemon.recipe.Recipe;
import io.leprechaun.daemon.recipe.Step;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Map;

/** What a step finds in its environment: the base, what the recipe and the step add, and the variables by which it knows its run. Nothing of the daemon's own. */
final class StepEnvironment {
    private static final String PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    private StepEnvironment() {}

    static Map<String, String> of(Workshop workshop, Run run, Recipe recipe, Input input, Step step, String mark) {
        var environment = new LinkedHashMap<String, String>();
        var account = workshop.account();
        ZoneId zone = recipe.surroundings().zone();
        environment.put("PATH", PATH);
        environment.put("HOME", account.home().toString());
        environment.put("USER", account.user());
        environment.put("LOGNAME", account.user());
        environment.put("SHELL", "/bin/sh");
        environment.put("LANG", "C.UTF-8");
        environment.put("TZ", zone.getId());
        environment.putAll(recipe.surroundings().environment());
        environment.putAll(step.environment());
        input.parameters().forEach((name, value) -> environment.put("LEPRECHAUN_PARAM_" + name, value));
        if (input.body().isPresent()) {
            environment.put(
                    "LEPRECHAUN_HOOK_BODY", workshop.outputs().body(run.id()).toString());
        }
        environment.put(Processes.MARK, mark);
        environment.put("LEPRECHAUN_RUN", Long.toString(run.id()));
        environment.put("LEPRECHAUN_RECIPE", recipe.name().value());
        environment.put("LEPRECHAUN_AGENT", run.order().agent());
        environment.put("LEPRECHAUN_TRIGGER", run.order().cause().trigger().word());
        environment.put("LEPRECHAUN_ATTEMPT", Integer.toString(run.attempt()));
        run.order()
                .cause()
                .dueAt()
                .ifPresent(due -> environment.put(
                        "LEPRECHAUN_SCHEDULED_AT",
                        DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(due.atZone(zone)))); // always with seconds
        return environment;
    }

    /** Where a step starts. */
    static Path directory(Workshop workshop, Recipe recipe, Step step) {
        Path named = workshop.account().home();
        Path home = Files.isDirectory(named) ? named : Path.of("/");
        Path base = recipe.surroundings().directory().map(home::resolve).orElse(home);
        return step.directory().map(base::resolve).orElse(base);
    }
}
