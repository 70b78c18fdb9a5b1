package io.leprechaun.daemon.execution;

import io.leprechaun.daemon.output.Outputs;
import io.leprechaun.daemon.process.Mark;
import io.leprechaun.daemon.process.ProcessContext;
import io.leprechaun.daemon.process.ProcessSpec;
import io.leprechaun.daemon.recipe.Recipe;
import io.leprechaun.daemon.recipe.Step;
import io.leprechaun.daemon.recipe.Surroundings;
import io.leprechaun.daemon.run.Run;
import io.leprechaun.daemon.run.RunState;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The state that the chains of one attempt share: the run, the context of its steps, their progress and their outputs.
 */
record Attempt(
        Executions executions, Run run, Recipe recipe, StepIdentity stepIdentity, Progress progress, Outputs outputs) {
    /** Returns the mark that identifies every process of a chain. */
    Mark mark(Chain chain) {
        return new Mark(executions.store(), run.id(), run.attempt(), chain.number());
    }

    /** Returns the file that keeps the output of a step. */
    Path output(Step step) {
        return executions.outputs().file(run.id(), run.attempt(), step.number());
    }

    /**
     * Returns the spec of the process of a step.
     *
     * @param outcome the outcome of the steps before, for a step whose turn depends on it
     */
    ProcessSpec spec(Chain chain, Step step, Optional<RunState> outcome) {
        var environment = StepEnvironment.of(executions, run, recipe, stepIdentity, step);
        outcome.ifPresent(state -> environment.put("LEPRECHAUN_OUTCOME", state.word()));
        Surroundings around = recipe.surroundings();
        var context = new ProcessContext(
                environment,
                StepEnvironment.directory(recipe, stepIdentity, step),
                around.umask(),
                around.nice(),
                stepIdentity.account().identity());
        return new ProcessSpec(argv(step), context, mark(chain), outputs.of(output(step)));
    }

    private List<String> argv(Step step) {
        return switch (step.action()) {
            case Step.Action.Shell text
            when recipe.isDirect(step) -> text.plain().orElseThrow();
            case Step.Action.Shell text -> {
                var argv = new ArrayList<>(recipe.surroundings().shell());
                argv.add(text.text());
                yield argv;
            }
            case Step.Action.Program program -> program.argv();
        };
    }
}
