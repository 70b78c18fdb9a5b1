package io.leprechaun.daemon.e2e;

import static io.leprechaun.daemon.e2e.Installation.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A program whose JVM crashes reports it on stderr, and leaves no file with its memory. */
@Tag("proof")
@Timeout(180)
class CrashReportIT {
    /** The exit code of a process that SIGABRT has ended. */
    private static final int ABORTED = 128 + 6;

    @RegisterExtension
    private final Installation place = new Installation();

    /** Begins a program in a folder of its own, where core files are allowed. */
    private Installation.Begun begin(Path folder, String program, String... words) throws IOException {
        String line = "ulimit -c unlimited 2> /dev/null; cd \"$1\"; shift; exec \"$@\"";
        return place.begin(Stream.concat(
                        Stream.of(
                                "/bin/sh",
                                "-c",
                                line,
                                "sh",
                                Files.createDirectory(folder).toString(),
                                Installation.TREE
                                        .resolve("bin")
                                        .resolve(program)
                                        .toString()),
                        Stream.of(words))
                .toArray(String[]::new));
    }

    private void crash(Installation.Begun begun) throws Exception {
        assertThat(place.shell("kill -SEGV " + begun.process().pid()).code()).isZero();
        var ended = begun.end();
        assertThat(ended.code()).isEqualTo(ABORTED);
        assertThat(ended.err()).contains("SIGSEGV", "Problematic frame", "VM Arguments");
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        }
    }

    @Test
    void a_crash_is_in_the_log_and_in_no_file() throws Exception {
        place.recipe("slow", "steps: [ echo begun, sleep 600 ]\n");
        Path daemons = place.folder().resolve("daemons");
        Path clients = place.folder().resolve("clients");
        var begun = begin(daemons, "leprechaund");
        new RunningDaemon(place, begun).awaitReady();
        var client = begin(clients, "leprechaun", "run", "slow", "--follow");
        eventually(() -> assertThat(client.printed()).contains("begun"));

        crash(client);
        crash(begun);

        assertThat(files(clients)).isEmpty();
        assertThat(files(daemons)).isEmpty();
        assertThat(files(place.state()))
                .noneMatch(file -> file.getFileName().toString().matches("(hs_err|core|replay).*"));
        for (var crashed : List.of(client, begun)) {
            assertThat(Path.of("/tmp/hs_err_pid" + crashed.process().pid() + ".log"))
                    .doesNotExist();
        }
        assertThat(place.client("runs").code())
                .as("the past is told all the same")
                .isZero();
    }
}
