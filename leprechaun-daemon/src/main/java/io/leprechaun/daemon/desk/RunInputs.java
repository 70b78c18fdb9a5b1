package io.leprechaun.daemon.desk;

import io.leprechaun.api.Problem;
import io.leprechaun.api.ProblemException;
import io.leprechaun.daemon.body.Body;
import io.leprechaun.daemon.history.RunStore;
import io.leprechaun.daemon.output.OutputFolder;
import io.leprechaun.daemon.run.Input;
import io.leprechaun.daemon.run.Run;
import io.leprechaun.daemon.run.RunState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/** The inputs of runs, for use by other runs. */
public record RunInputs(RunStore store, OutputFolder outputs) {
    /** The outcomes of hooks that started nothing: their input may not have been kept. */
    private static final Set<RunState> REFUSED =
            Set.of(RunState.SKIPPED, RunState.HELD, RunState.REJECTED, RunState.MISSED);

    /** Returns the input of a run. */
    public Input of(Run run) {
        return store.input(run.id());
    }

    /** Returns whether the input of a run was not kept, because it started nothing. */
    public static boolean isLost(Run run, Input then) {
        return REFUSED.contains(run.state()) && then.equals(Input.NONE);
    }

    /**
     * Returns the input of a run for another run, with a separate file if the body is large.
     *
     * @throws ProblemException (refused) when the body does not exist any more as it was sent
     */
    public Input again(Run run, Input then) {
        if (!(then.body().orElse(Body.NONE) instanceof Body.Filed filed)) {
            return then;
        }
        Path placed = outputs.body(run.id());
        try {
            Body.Filed copy = outputs.bodies().copy(Files.exists(placed) ? placed : filed.file());
            if (!copy.sha256().equals(filed.sha256())) {
                copy.discard();
                throw new ProblemException(
                        Problem.refused("the body of run " + run.id() + " was changed by a step: send the hook again"));
            }
            return new Input(then.parameters(), Optional.of(copy), then.deliveries(), then.course());
        } catch (IOException e) {
            throw new ProblemException(
                    Problem.refused("cannot copy the body of run " + run.id() + " (" + e + "): send the hook again"));
        }
    }
}
