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
import io.leprechaun.daemon.recipe.Recipe;
import io.leprechaun.daemon.recipe.TriggerKind;
import io.leprechaun.daemon.run.Cause;
import io.leprechaun.daemon.run.Input;
import io.leprechaun.daemon.run.Run;

/** The command {@code hook replay}: repeats the request of a hook, with the current recipe and the earlier input. */
record HookReplayCommand(RecipeLookup recipes, RunLookup runs, RunInputs inputs, RunStarter starter)
        implements Handler.Answer {
    @Override
    public Reply to(Arguments arguments, Call call) {
        Run run = runs.run(arguments.operand(0, "RUN"));
        Input then = inputs.of(run);
        boolean hook = run.order().cause().trigger().equals(TriggerKind.HOOK);
        if (!hook || RunInputs.isLost(run, then)) {
            throw new ProblemException(Problem.usage("run " + run.id() + " was not triggered by a hook: use"
                    + " `leprechaun run " + run.order().recipe() + "` to run the recipe"));
        }
        Recipe recipe = recipes.recipe(run.order().recipe().value());
        var cause = Cause.requested(
                TriggerKind.HOOK,
                "replay of run " + run.id() + " by " + call.caller().user());
        return starter.start(call, recipe, cause, inputs.again(run, then), arguments);
    }
}
