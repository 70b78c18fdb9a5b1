package io.leprechaun.daemon.run;

import java.util.List;
import java.util.Optional;

/**
 * The outcome of a run.
 *
 * @param state a final state
 * @param reason one sentence where the state does not say everything
 * @param exitCode the exit code of the first step that failed, 0 when none did; empty when no step has ended
 */
public record Outcome(RunState state, Optional<String> reason, Optional<Integer> exitCode, List<StepResult> steps) {
    public Outcome {
        if (!state.isFinal()) {
            throw new IllegalArgumentException("not an end state: " + state);
        }
        steps = List.copyOf(steps);
    }

    /** Returns an outcome without steps. */
    public static Outcome of(RunState state, String reason) {
        return new Outcome(state, Optional.of(reason), Optional.empty(), List.of());
    }
}
