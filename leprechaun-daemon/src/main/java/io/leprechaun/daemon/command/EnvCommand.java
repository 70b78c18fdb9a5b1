package io.leprechaun.daemon.command;

import io.leprechaun.api.Arguments;
import io.leprechaun.api.Call;
import io.leprechaun.api.Handler;
import io.leprechaun.api.Problem;
import io.leprechaun.api.ProblemException;
import io.leprechaun.api.Reply;
import io.leprechaun.api.text.Printable;
import io.leprechaun.api.text.Text;
import io.leprechaun.daemon.desk.Agents;
import io.leprechaun.daemon.desk.RecipeLookup;
import io.leprechaun.daemon.desk.TimeParser;
import io.leprechaun.daemon.execution.Executions;
import io.leprechaun.daemon.execution.Preview;
import io.leprechaun.daemon.execution.RefusedException;
import io.leprechaun.daemon.recipe.Recipe;
import io.leprechaun.daemon.recipe.Step;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The command {@code env}: prints the context of a step. */
record EnvCommand(RecipeLookup recipes, Executions executions, Agents agents) implements Handler.Answer {
    @Override
    public Reply to(Arguments arguments, Call call) {
        var entry = recipes.entry(arguments.operand(0, "RECIPE"));
        Recipe recipe = recipes.recipe(entry.name());
        int number = arguments.value("--step").map(TimeParser::count).orElse(1);
        if (number > recipe.steps().size()) {
            throw new ProblemException(Problem.notFound(recipe.name() + " has no step " + number + ": it has "
                    + recipe.steps().size()));
        }
        Step step = recipe.steps().get(number - 1);
        try {
            var preview = executions.preview(recipe, step, agents.workers(recipe));
            return Reply.of(data(recipe, step, preview), text(recipe, preview));
        } catch (RefusedException e) {
            throw new ProblemException(
                    Problem.refused("cannot run the steps of " + recipe.name() + ": " + e.getMessage()));
        }
    }

    private static Map<String, ?> data(Recipe recipe, Step step, Preview preview) {
        var around = recipe.surroundings();
        var data = new LinkedHashMap<String, Object>();
        data.put("recipe", recipe.name().value());
        data.put("step", step.number());
        data.put("user", preview.user());
        data.put("uid", preview.uid());
        data.put("gid", preview.gid());
        data.put("groups", preview.groups());
        data.put("folder", preview.directory().toString());
        data.put("umask", "%04o".formatted(around.umask()));
        data.put("nice", preview.nice());
        data.put(
                "shell",
                recipe.isDirect(step) || step.action() instanceof Step.Action.Program ? List.of() : around.shell());
        data.put("environment", preview.environment());
        return data;
    }

    /** Returns lines for a shell: lines other than variables begin with {@code #}. */
    private static Text text(Recipe recipe, Preview preview) {
        String around = "# user %s (%d), group %d, groups %s; folder %s; umask %04o; nice %d"
                .formatted(
                        preview.user(),
                        preview.uid(),
                        preview.gid(),
                        preview.groups().isEmpty()
                                ? "none"
                                : preview.groups().stream().map(String::valueOf).collect(Collectors.joining(" ")),
                        preview.directory(),
                        recipe.surroundings().umask(),
                        preview.nice());
        return screen -> preview.environment().entrySet().stream()
                .map(variable -> Printable.of(variable.getKey() + "=" + variable.getValue()) + "\n")
                .collect(Collectors.joining("", Printable.of(around) + "\n", ""));
    }
}
