package io.leprechaun.daemon.command;

import io.leprechaun.api.Arguments;
import io.leprechaun.api.Call;
import io.leprechaun.api.Handler;
import io.leprechaun.api.Problem;
import io.leprechaun.api.ProblemException;
import io.leprechaun.api.Reply;
import io.leprechaun.daemon.desk.RecipeLookup;
import io.leprechaun.daemon.desk.RunStarter;
import io.leprechaun.daemon.hook.Parameter;
import io.leprechaun.daemon.recipe.Recipe;
import io.leprechaun.daemon.recipe.Trigger;
import io.leprechaun.daemon.recipe.TriggerKind;
import io.leprechaun.daemon.run.Cause;
import io.leprechaun.daemon.run.Input;
import io.leprechaun.daemon.run.RunOverrides;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The command {@code run}: starts a recipe. */
record RunCommand(RecipeLookup recipes, RunStarter starter, InstantSource clock) implements Handler.Answer {
    @Override
    public Reply to(Arguments arguments, Call call) {
        Recipe recipe = recipes.recipe(arguments.operand(0, "RECIPE"));
        var given = new HashMap<String, String>();
        for (String option : List.of("-p", "--param")) {
            arguments.values(option).forEach(text -> parameter(text, given));
        }
        var cause = Cause.requested(TriggerKind.MANUAL, call.caller().user());
        RunOverrides course = arguments.has("--as-scheduled") ? asScheduled(recipe) : RunOverrides.USUAL;
        return starter.start(call, recipe, cause, new Input(given, Optional.empty()).on(course), arguments);
    }

    /** Returns the overrides by which its steps run as if the recipe were due now. */
    private RunOverrides asScheduled(Recipe recipe) {
        TriggerKind kind = recipe.triggers().stream()
                .filter(Trigger::isTimed)
                .map(Trigger::kind)
                .findFirst()
                .orElseThrow(() -> new ProblemException(Problem.usage(recipe.name()
                        + " has no schedule and no pattern: use `leprechaun run " + recipe.name() + "`")));
        Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        return new RunOverrides(1, Optional.of(kind), Optional.of(now));
    }

    /** Adds a parameter as a hook's {@code params} would. */
    private static void parameter(String text, Map<String, String> given) {
        int equals = text.indexOf('=');
        String name = equals < 0 ? text : text.substring(0, equals);
        if (equals < 0 || !Parameter.isName(name)) {
            throw new ProblemException(Problem.usage("invalid parameter '" + text
                    + "': use NAME=VALUE; a name is letters, digits and _, no digit first"));
        }
        String value = text.substring(equals + 1);
        if (value.indexOf('\0') >= 0 || value.getBytes(StandardCharsets.UTF_8).length > Parameter.LONGEST) {
            throw new ProblemException(Problem.usage("invalid value of parameter " + name + ": use at most "
                    + Parameter.LONGEST + " bytes, without NUL"));
        }
        given.put(Parameter.variable(name), value);
    }
}
