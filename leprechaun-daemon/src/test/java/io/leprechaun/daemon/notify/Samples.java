package io.leprechaun.daemon.notify;

import io.leprechaun.daemon.history.Notice;
import io.leprechaun.daemon.output.OutputFolder;
import io.leprechaun.daemon.output.OutputSize;
import io.leprechaun.daemon.posix.Usage;
import io.leprechaun.daemon.recipe.RecipeName;
import io.leprechaun.daemon.recipe.TriggerKind;
import io.leprechaun.daemon.run.Cause;
import io.leprechaun.daemon.run.Outcome;
import io.leprechaun.daemon.run.Run;
import io.leprechaun.daemon.run.RunSpec;
import io.leprechaun.daemon.run.RunState;
import io.leprechaun.daemon.run.StepResult;
import io.leprechaun.daemon.run.StepState;
import io.leprechaun.daemon.settings.AgentName;
import io.leprechaun.daemon.settings.notify.NoticeEvent;
import io.leprechaun.daemon.view.RunDocument;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;

/** Runs for notices. */
public final class Samples {
    public static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");

    private Samples() {}

    /** Returns a writer without the past of runs. */
    public static MessageWriter writer(String host, Path folder) {
        return new MessageWriter(
                host, new OutputFolder(folder), new RunDocument(ZoneOffset.UTC), run -> RunContext.NONE);
    }

    /** Returns run 42 of {@code backup}, 4 minutes long if it has run at all. */
    public static Run run(RunState state, Optional<String> reason, StepResult... steps) {
        var order = new RunSpec(
                new RecipeName("backup"), "hash", AgentName.CRON, 0, Cause.requested(TriggerKind.MANUAL, "alice"));
        if (!state.hasRun()) {
            return Run.refused(order, state, reason.orElseThrow(), Run.Repeat.ONCE, NOON)
                    .numbered(42);
        }
        var outcome = new Outcome(state, reason, Optional.empty(), List.of(steps));
        return Run.accepted(42, order, NOON).started(NOON).ended(outcome, NOON.plusSeconds(240));
    }

    public static StepResult step(int number, String command, StepState state, int exitCode) {
        return new StepResult(
                number,
                command,
                state,
                Optional.of(exitCode),
                Optional.empty(),
                Optional.empty(),
                Optional.of(NOON),
                Optional.of(NOON.plusSeconds(240)),
                Usage.NONE,
                OutputSize.NOTHING);
    }

    /** Returns the notice that step 2 of run 42 exited with 2. */
    public static Notice failure(long id, String command) {
        var run = run(
                RunState.FAILED,
                Optional.of("step 2: exit 2"),
                step(1, "true", StepState.SUCCEEDED, 0),
                step(2, command, StepState.FAILED, 2));
        return new Notice(id, NoticeEvent.FAILURE, run);
    }

    public static Path output(OutputFolder outputs, int step, String text) throws IOException {
        return output(outputs, step, text.getBytes(StandardCharsets.UTF_8));
    }

    /** Writes the output of a step of run 42. */
    public static Path output(OutputFolder outputs, int step, byte[] bytes) throws IOException {
        Path file = outputs.file(42, 1, step);
        Files.createDirectories(file.getParent());
        return Files.write(file, bytes);
    }
}
