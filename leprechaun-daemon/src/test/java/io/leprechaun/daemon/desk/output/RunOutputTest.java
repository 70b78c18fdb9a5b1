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
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
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
        Run run = running();
        var now = new AtomicReference<>(run);
        var asked = new AtomicInteger();
        var printed = new ByteArrayOutputStream();
        var sources = new RunOutput.Sources(outputs, followers, _ -> Mask.NONE, () -> NOON, ZoneOffset.UTC);
        var output = new RunOutput(sources, run, Optional.empty(), Optional.empty(), 0, false, () -> {
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

    @Test
    void a_line_begins_with_the_time_of_its_first_byte() throws Exception {
        var outputs = new OutputFolder(folder);
        Path file = outputs.file(7, 1, 1);
        Files.createDirectories(outputs.folder(7));
        Files.writeString(file, "one\ntwo\nth");
        var times = ByteBuffer.allocate(4 * Long.BYTES);
        times.putLong(NOON.toEpochMilli()).putLong(0);
        times.putLong(NOON.plusSeconds(90).toEpochMilli()).putLong(4);
        Files.write(file.resolveSibling("1-1.times"), times.array());
        assertThat(timed(outputs, 0)).isEqualTo("""
            2026-11-30T13:00:00+01:00 one
            2026-11-30T13:01:30+01:00 two
            2026-11-30T13:01:30+01:00 th\
            """);
        assertThat(timed(outputs, 5)).isEqualTo("2026-11-30T13:01:30+01:00 wo\n2026-11-30T13:01:30+01:00 th");
    }

    @Test
    void without_a_file_of_times_all_came_when_the_output_was_written() throws Exception {
        var outputs = new OutputFolder(folder);
        Path file = outputs.file(7, 1, 1);
        Files.createDirectories(outputs.folder(7));
        Files.writeString(file, "one\ntwo\n");
        Files.setLastModifiedTime(file, FileTime.from(NOON.plusMillis(900)));
        assertThat(timed(outputs, 0)).isEqualTo("2026-11-30T13:00:00+01:00 one\n2026-11-30T13:00:00+01:00 two\n");
    }

    private static String timed(OutputFolder outputs, long from) throws IOException {
        var zone = ZoneId.of("Europe/Berlin");
        var sources = new RunOutput.Sources(outputs, new Followers(), _ -> Mask.NONE, () -> NOON, zone);
        var run = running();
        var printed = new ByteArrayOutputStream();
        new RunOutput(sources, run, Optional.empty(), Optional.empty(), from, true, () -> run).writeTo(printed, false);
        return printed.toString(StandardCharsets.UTF_8);
    }

    private static Run running() {
        var order = new RunSpec(
                new RecipeName("long"), "v", AgentName.SCHEDULER, 0, Cause.requested(TriggerKind.MANUAL, "root"));
        return Run.accepted(7, order, NOON)
                .started(NOON)
                .with(List.of(StepResult.pending(1, "work").started(NOON)));
    }
}
