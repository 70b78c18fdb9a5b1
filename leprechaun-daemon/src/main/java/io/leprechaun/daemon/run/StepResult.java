package io.leprechaun.daemon.run;

import io.leprechaun.daemon.output.Mask;
import io.leprechaun.daemon.output.OutputSize;
import io.leprechaun.daemon.posix.Usage;
import java.time.Instant;
import java.util.Optional;

/**
 * The result of one step in one attempt of a run.
 *
 * @param number the step's place in its recipe, from 1
 * @param command the command as it stands in the recipe
 * @param exitCode the exit code, 0 to 255, see {@link ExitStatus}; empty while it runs or when it never began
 * @param detail one sentence where the exit code does not describe its end completely
 * @param note one sentence with further facts: processes that it left behind, output that was dropped
 */
public record StepResult(
        int number,
        String command,
        StepState state,
        Optional<Integer> exitCode,
        Optional<String> detail,
        Optional<String> note,
        Optional<Instant> startedAt,
        Optional<Instant> endedAt,
        Usage usage,
        OutputSize printed) {
    /** Returns the result of a step that has not begun. */
    public static StepResult pending(int number, String command) {
        return new StepResult(
                number,
                command,
                StepState.PENDING,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Usage.NONE,
                OutputSize.NOTHING);
    }

    /** Returns this step as begun. */
    public StepResult started(Instant at) {
        return new StepResult(
                number, command, StepState.RUNNING, exitCode, detail, note, Optional.of(at), endedAt, usage, printed);
    }

    /** Returns this step in another state. */
    public StepResult in(StepState end) {
        return new StepResult(number, command, end, exitCode, detail, note, startedAt, endedAt, usage, printed);
    }

    /** Returns this step without secrets: a process that it left behind may have one as its name. */
    public StepResult hidden(Mask mask) {
        return new StepResult(
                number,
                command,
                state,
                exitCode,
                detail.map(mask::hideInSentence),
                note.map(mask::hideInSentence),
                startedAt,
                endedAt,
                usage,
                printed);
    }

    /** Returns whether the step failed or timed out. */
    public boolean isFailure() {
        return state == StepState.FAILED || state == StepState.TIMED_OUT;
    }

    /** Returns the outcome in words: {@code exit 2}, {@code 137 (KILL)}, {@code timed out after 5s}. */
    public String outcome() {
        return detail.orElseGet(
                () -> exitCode.map(ExitStatus::text).orElse(state.word().replace('_', ' ')));
    }
}
