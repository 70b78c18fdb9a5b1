package io.leprechaun.daemon.e2e;

import static io.leprechaun.daemon.e2e.Installation.eventually;
import static io.leprechaun.daemon.e2e.Installation.lines;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * No user can plant files for the programs in world-writable folders: they open nothing there. Their system calls are
 * traced by strace.
 */
@Tag("proof")
@Timeout(180)
class NoTmpIT {
    private static final Pattern NAMED = Pattern.compile("\"(/(?:var/)?tmp(?:/[^\"]*)?)\"");

    @RegisterExtension
    private final Installation place = new Installation();

    private String[] traced(Path trace, String program, String... words) {
        return Stream.concat(
                        Stream.of(
                                "strace",
                                "-D", // strace is detached: the process that was begun is the program itself
                                "-f",
                                "--seccomp-bpf",
                                "-q",
                                "-e",
                                "trace=%file,bind,connect",
                                "-s",
                                "4096", // paths and lists of words to their end
                                "-e",
                                "signal=none",
                                "-o",
                                trace.toString(),
                                Installation.TREE
                                        .resolve("bin")
                                        .resolve(program)
                                        .toString()),
                        Stream.of(words))
                .toArray(String[]::new);
    }

    /** Returns the accesses to names in /tmp and /var/tmp, and listings of them, except for files of this test. */
    private List<String> named(Path trace) {
        return lines(trace).stream()
                .flatMap(line -> NAMED.matcher(line)
                        .results()
                        .map(found -> Path.of(found.group(1)).normalize())
                        .filter(path -> ours().noneMatch(path::startsWith))
                        .filter(path -> line.contains("openat(") || ours().noneMatch(our -> our.startsWith(path))))
                .map(Path::toString)
                .distinct()
                .toList();
    }

    private Stream<Path> ours() {
        return Stream.of(place.folder(), Installation.TREE);
    }

    @Test
    void start_work_and_stop_ask_for_nothing_in_tmp() throws Exception {
        Tools.require("that nothing is done in /tmp is not checked", "strace");
        place.recipe("good", "definition: hook\nid: knock\nsteps: [ 'echo a }>', cat ]\n");
        Path first = place.folder().resolve("daemon.trace");
        var begun = place.begin(traced(first, "leprechaund"));
        var daemon = new RunningDaemon(place, begun).awaitReady();
        daemon.over(RunningDaemon.ticket(daemon.post("/hook?id=knock", new byte[100_000])));
        for (String line : List.of(
                "run good --follow", "ls", "verify", "backup " + place.folder().resolve("copy"))) {
            Path trace = place.folder().resolve("client.trace");
            Files.deleteIfExists(trace);
            assertThat(place.begin(traced(trace, "leprechaun", line.split(" ")))
                            .end()
                            .code())
                    .isZero();
            eventually(() -> assertThat(lines(trace).getLast()).contains("+++ exited with"));
            assertThat(named(trace)).as(line).isEmpty();
        }
        assertThat(daemon.stop()).isZero();
        eventually(() -> assertThat(lines(first).getLast()).contains("+++ exited with"));
        assertThat(lines(first)).as("the trace shows files").anyMatch(line -> line.contains("leprechaun.db"));
        assertThat(named(first)).isEmpty();
    }

    /** A step of the daemon's user could otherwise make the daemon's JVM execute any code, and read its secrets. */
    @Test
    void nobody_attaches_to_the_daemons_jvm() throws Exception {
        var begun = place.beginDaemon();
        var daemon = new RunningDaemon(place, begun).awaitReady();
        Path asked = Path.of("/tmp/.attach_pid" + daemon.pid());
        Path answer = Path.of("/tmp/.java_pid" + daemon.pid());
        Files.createFile(asked);
        try {
            assertThat(place.shell("kill -QUIT " + daemon.pid()).code()).isZero();
            eventually(() ->
                    assertThat(begun.printed()).as("the threads are printed").contains("Full thread dump"));
            assertThat(answer).doesNotExist();
        } finally {
            Files.deleteIfExists(asked);
            Files.deleteIfExists(answer);
        }
    }
}
