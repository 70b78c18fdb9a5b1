package io.leprechaun.daemon.run;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * What became of one step in one attempt of a run.
 *
 * @param number the step's place in its recipe, from 1
 * @param command as it stands in the recipe
 * @param exitCode 0 to 255, see {@link ExitStatus}; empty while it runs or when it never began
 * @param detail one sentence where the exit code does not tell all
 * @param cpu processor time used
 * @param peakMemory largest resident set, in bytes
 */
public record StepResult(
        int number,
        String command,
        StepState state,
        Optional<Integer> exitCode,
        Optional<String> detail,
        Optional<Instant> startedAt,
        Optional<Instant> endedAt,
        Duration cpu,
        long peakMemory) {
    /** A step that has not begun. */
    public static StepResult pending(int number, String command) {
        return new StepResult(
                number,
                command,
                StepState.PENDING,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Duration.ZERO,
                0);
    }

    /** This step, begun. */
    public StepResult started(Instant at) {
        return new StepResult(
                number, command, StepState.RUNNING, exitCode, detail, Optional.of(at), endedAt, cpu, peakMemory);
    }

    /** This step in another state. */
    public StepResult in(StepState end) {
        return new StepResult(number, command, end, exitCode, detail, startedAt, endedAt, cpu, peakMemory);
    }

    /** What happened to it in words: {@code exit 2}, {@code 137 (KILL)}, {@code timed out after 5s}. */
    public String outcome() {
        return detail.orElseGet(
                () -> exitCode.map(ExitStatus::text).orElse(state.word().replace('_', ' ')));
    }
}
