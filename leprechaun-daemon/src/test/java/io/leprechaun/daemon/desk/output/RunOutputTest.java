package io.leprechaun.daemon.desk.output;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.leprechaun.daemon.output.Followers;
import io.leprechaun.daemon.output.Mask;
import io.leprechaun.daemon.output.OutputFolder;
import io.leprechaun.daemon.recipe.RecipeName;
import io.leprechaun.daemon.recipe.TriggerKind;
import io.leprechaun.daemon.run.Cause;
import io.leprechaun.daemon.run.Outcome;
import io.leprechaun.daemon.run.Run;
import io.leprechaun.daemon.run.RunSpec;
import io.leprechaun.daemon.run.RunState;
import io.leprechaun.daemon.run.StepResult;
import io.leprechaun.daemon.settings.AgentName;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class RunOutputTest {
    private static final Instant NOON = Instant.parse("2026-11-30T12:00:00Z");

    @TempDir
    private Path folder;

    @Test
    void a_follower_hears_of_output_and_of_the_end_and_asks_no_more_than_that() throws Exception {
        var outputs = new OutputFolder(folder);
        var followers = new Followers();
        var order = new RunSpec(
                new RecipeName("long"), "v", AgentName.SCHEDULER, 0, Cause.requested(TriggerKind.MANUAL, "root"));
        Run run = Run.accepted(7, order, NOON)
                .started(NOON)
                .with(List.of(StepResult.pending(1, "work").started(NOON)));
        var now = new AtomicReference<>(run);
        var asked = new AtomicInteger();
        var printed = new ByteArrayOutputStream();
        var sources = new RunOutput.Sources(outputs, followers, _ -> Mask.NONE, () -> NOON);
        var output = new RunOutput(sources, run, Optional.empty(), Optional.empty(), 0, () -> {
            asked.incrementAndGet();
            return now.get();
        });
        long begun = System.nanoTime();
        var reader = Thread.ofVirtual().start(() -> {
            try {
                output.writeTo(printed, true);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        Path file = outputs.file(7, 1, 1);
        Files.createDirectories(outputs.folder(7));
        for (String line : List.of("one\n", "two\n", "three\n")) {
            Files.writeString(file, line, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            followers.changed(7);
            await().until(() -> printed.toString(StandardCharsets.UTF_8).endsWith(line));
        }
        now.set(run.ended(
                new Outcome(
                        RunState.SUCCEEDED, Optional.empty(), Optional.of(0), List.of(StepResult.pending(1, "work"))),
                NOON));
        followers.changed(7);
        reader.join();
        assertThat(printed.toString(StandardCharsets.UTF_8)).isEqualTo("one\ntwo\nthree\n");
        long seconds = Duration.ofNanos(System.nanoTime() - begun).toSeconds();
        assertThat(asked.get()).as("three changes, the beginning and the end").isLessThanOrEqualTo((int)
                (14 + seconds));
    }
}
