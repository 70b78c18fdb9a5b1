package io.leprechaun.daemon.notify.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.leprechaun.daemon.history.Notice;
import io.leprechaun.daemon.notify.NotSentException;
import io.leprechaun.daemon.notify.NotSentException.SendFault;
import io.leprechaun.daemon.notify.Samples;
import io.leprechaun.daemon.output.OutputPump;
import io.leprechaun.daemon.process.Processes;
import io.leprechaun.daemon.run.RunState;
import io.leprechaun.daemon.settings.notify.NoticeEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(180)
class CommandRunTest {
    private final Processes processes = Processes.open();
    private final OutputPump pump = OutputPump.open(processes, InstantSource.system());

    @TempDir
    private Path folder;

    @AfterEach
    void close() {
        pump.close();
        processes.close();
    }

    private CommandRun command(String script, Duration longest) throws IOException {
        Path file = Files.writeString(folder.resolve("page"), "#!/bin/sh\n" + script + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
        return command(file, longest);
    }

    private CommandRun command(Path file, Duration longest) {
        var writer = Samples.writer("web1", folder);
        var around = new CommandRun.CommandContext(
                processes,
                pump,
                "store",
                folder.resolve("notify.out"),
                Map.of("PATH", "/usr/bin:/bin", "FROM", "daemon"));
        return new CommandRun(List.of(file.toString(), "ops"), writer, around, longest);
    }

    private NotSentException refused(CommandRun command) {
        return catchThrowableOfType(NotSentException.class, () -> command.send(List.of(Samples.failure(1, "false"))));
    }

    @Test
    void a_command_finds_what_there_is_to_say_in_its_environment() throws Exception {
        String hostile = "$(touch owned) `touch owned`; touch owned\n\"'";
        var run = Samples.run(RunState.LOST, Optional.of(hostile));
        var command = command(
                "cd " + folder
                        + "; printf '%s|%s|%s|%s|%s|%s|%s' \"$1\" \"$FROM\" \"$LEPRECHAUN_KIND\" \"$LEPRECHAUN_RECIPE\""
                        + " \"$LEPRECHAUN_RUN\" \"$LEPRECHAUN_HOST\" \"$LEPRECHAUN_SUBJECT\" > told",
                Duration.ofSeconds(30));
        command.send(List.of(new Notice(1, NoticeEvent.FAILURE, run)));
        assertThat(folder.resolve("told"))
                .content()
                .startsWith(
                        "ops|daemon|failure|backup|42|web1|[web1] backup LOST ($(touch owned) `touch owned`; touch");
        assertThat(folder.resolve("owned")).doesNotExist();

        command.send(List.of(Samples.failure(1, "false"), Samples.failure(2, "false")));
        assertThat(folder.resolve("told")).content().startsWith("ops|daemon|digest|||web1|[web1] 2 NOTICES");
    }

    @Test
    void a_command_that_fails_says_why() throws Exception {
        var refused = refused(command("echo no; echo the pager is off >&2; exit 3", Duration.ofSeconds(30)));
        assertThat(refused).hasMessageEndingWith("/page: exit 3: the pager is off");
        assertThat(refused.fault()).isEqualTo(SendFault.NOTICE_FOR_GOOD);
    }

    @Test
    void a_command_that_does_not_end_is_ended_with_all_that_it_started() throws Exception {
        var refused = refused(command("sleep 1000 & wait", Duration.ofMillis(300)));
        assertThat(refused).hasMessageContaining("timed out after 0 s");
        assertThat(ProcessHandle.current()
                        .descendants()
                        .map(ProcessHandle::info)
                        .map(ProcessHandle.Info::commandLine))
                .noneMatch(line -> line.orElse("").contains("sleep 1000"));
    }

    @Test
    void a_command_that_is_not_there_makes_all_notices_wait() {
        var refused = refused(command(folder.resolve("nowhere"), Duration.ofSeconds(30)));
        assertThat(refused.fault()).isEqualTo(SendFault.SERVER);
        assertThat(refused).hasMessageContaining("nowhere").hasMessageContaining("does not exist");
    }
}
