package io.leprechaun.daemon.command;

import io.leprechaun.api.Arguments;
import io.leprechaun.api.Call;
import io.leprechaun.api.Handler;
import io.leprechaun.api.Problem;
import io.leprechaun.api.ProblemException;
import io.leprechaun.api.Reply;
import io.leprechaun.daemon.desk.RecipeLookup;
import io.leprechaun.daemon.desk.RunInputs;
import io.leprechaun.daemon.desk.RunLookup;
import io.leprechaun.daemon.desk.RunStarter;
import io.leprechaun.daemon.desk.TimeParser;
import io.leprechaun.daemon.recipe.Recipe;
import io.leprechaun.daemon.recipe.TriggerKind;
import io.leprechaun.daemon.run.Cause;
import io.leprechaun.daemon.run.Input;
import io.leprechaun.daemon.run.Run;
import io.leprechaun.daemon.run.RunOverrides;
import java.util.Optional;

/** The command {@code retry}: runs a recipe again with the input of a run that is over. */
record RetryCommand(RecipeLookup recipes, RunLookup runs, RunInputs inputs, RunStarter starter)
        implements Handler.Answer {
    @Override
    public Reply to(Arguments arguments, Call call) {
        Run run = runs.run(arguments.operand(0, "RUN"));
        if (!run.state().isFinal()) {
            throw new ProblemException(
                    Problem.refused(run.sentence() + "; wait for its end, or use `leprechaun kill`"));
        }
        Recipe recipe = recipes.recipe(run.order().recipe().value());
        int first = arguments.value("--from-step").map(TimeParser::count).orElse(1);
        if (first > recipe.steps().size()) {
            throw new ProblemException(Problem.notFound(recipe.name() + " has no step " + first + ": it has "
                    + recipe.steps().size()));
        }
        if (first > 1 && recipe.steps().get(first - 2).piped()) {
            throw new ProblemException(Problem.usage("step " + first + " of " + recipe.name()
                    + " reads the output of the step before it: use the first step of the pipeline"));
        }
        Input then = inputs.of(run);
        if (run.order().cause().trigger().equals(TriggerKind.HOOK) && RunInputs.isLost(run, then)) {
            throw new ProblemException(Problem.refused("the input of run " + run.id() + " was not kept, because it"
                    + " started nothing; use `leprechaun run " + recipe.name() + "` to run the recipe without it"));
        }
        var course =
                new RunOverrides(first, Optional.empty(), run.order().cause().dueAt());
        var cause = Cause.requested(TriggerKind.RETRY, call.caller().user() + " (retry of run " + run.id() + ")");
        return starter.start(call, recipe, cause, inputs.again(run, then).on(course), arguments);
    }
}
