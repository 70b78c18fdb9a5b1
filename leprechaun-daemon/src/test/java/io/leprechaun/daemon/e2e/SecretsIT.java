package io.leprechaun.daemon.e2e;

import static io.leprechaun.daemon.e2e.Installation.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

/** A secret reaches the steps for which it is meant and no other process. */
@Tag("proof")
@Timeout(180)
class SecretsIT extends SecretsFixture {
    SecretsIT() {
        super(new Installation());
    }

    /** Returns every file of the installation, except the secret's own, that holds the canary. */
    private List<Path> leaks() throws IOException {
        try (Stream<Path> files = Files.walk(place.folder())) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> !file.endsWith("token"))
                    .filter(SecretsIT::holds)
                    .toList();
        }
    }

    /** Steps are the daemon's children, and of its user: its environment and its memory are closed to them. */
    @Test
    void the_daemons_environment_and_memory_are_closed_to_its_steps() throws Exception {
        assumeThat(SmallDisk.mayBeMounted())
                .as("only root starts a daemon of another user's")
                .isTrue();
        place.environment().put("SMTP_PASSWORD", CANARY);
        place.recipe("looks", """
            steps:
              - 'tr "\\0" "\\n" < /proc/$PPID/environ'
              - 'head -c 1 /proc/$PPID/mem'
              - 'ls -l /proc/$PPID/fd/'
              - 'strace -qq -p $PPID'
              - 'test "$(id -un)" = games && grep -c . /proc/$$/environ'
            """);
        place.giveTo("games");
        var daemon = place.startAs("games");
        var run = daemon.runToEnd("looks");
        assertThat(run.get("steps").values())
                .extracting(step -> step.get("state").asString())
                .containsExactly("failed", "failed", "failed", "failed", "succeeded");
        assertThat(daemon.output(run.get("id").asLong()))
                .containsPattern("/environ.*: Permission denied")
                .containsPattern("/mem.*: Permission denied")
                .containsPattern("/fd.*: Permission denied")
                .contains("attach: ptrace(PTRACE_SEIZE")
                .doesNotContain(CANARY);
        assertThat(daemon.stop()).isZero();
    }

    @Test
    void a_hundred_runs_leave_no_trace_of_it() throws Exception {
        var daemon = secret().recipe(
                        "uses",
                        keys() + "overlap: parallel\nsteps: [ 'test \"$TOKEN\" = " + "\"$(cat "
                                + place.folder().resolve("token")
                                + ")\"; exit $?', 'echo \"$TOKEN\"; sleep 0.2', 'sh -c \"exit 3\"' ]\n")
                .start();
        var ids = new ArrayList<Long>();
        for (int i = 0; i < 100; i++) {
            ids.add(daemon.begin("uses"));
        }
        for (Path argv : commandLines()) {
            assertThat(holds(argv)).as(argv.toString()).isFalse();
        }
        for (long id : ids) {
            JsonNode run = daemon.over(id);
            assertThat(run.get("steps").get(0).get("state").asString()).isEqualTo("succeeded");
            assertThat(run.toString()).doesNotContain(CANARY);
        }
        assertThat(daemon.output(ids.getFirst()))
                .isEqualTo("*".repeat(CANARY.getBytes(StandardCharsets.UTF_8).length) + "\n");
        assertThat(place.client("env", "uses").out()).contains("TOKEN=***").doesNotContain(CANARY);
        assertThat(place.client("show", "uses").out()
                        + place.client("runs", "--json").out())
                .doesNotContain(CANARY);
        assertThat(leaks()).isEmpty();
        assertThat(daemon.log()).doesNotContain(CANARY);
    }

    private static List<Path> commandLines() {
        try (Stream<ProcessHandle> all = ProcessHandle.allProcesses()) {
            return all.map(process -> Path.of("/proc", Long.toString(process.pid()), "cmdline"))
                    .toList();
        }
    }

    @Test
    void a_parameter_that_is_not_utf8_is_refused_and_never_altered() throws Exception {
        var daemon =
                place.recipe("given", "steps: [ 'echo $LEPRECHAUN_PARAM_X' ]\n").start();
        for (String bytes : List.of("\\355\\263\\277", "\\377", "a\\303")) {
            var refused = place.shell(
                    Installation.TREE.resolve("bin/leprechaun") + " run given -p \"x=$(printf '" + bytes + "')\"");
            assertThat(refused.code()).as(refused.err()).isEqualTo(2);
            assertThat(refused.err()).contains("argument 4, ").contains("is not valid UTF-8: use UTF-8");
        }
        assertThat(daemon.runs("given")).isEmpty();
        var run = place.client("run", "given", "--wait", "-p", "x=ü\uFFFD");
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(daemon.output(daemon.runs("given").getFirst().get("id").asLong()))
                .isEqualTo("ü\uFFFD\n");
    }

    @Test
    void the_output_of_a_run_that_the_daemon_did_not_outlive_is_cleaned_at_the_next_start() throws Exception {
        var daemon = secret().recipe("prints", keys() + "steps: [ 'echo $TOKEN; touch up; sleep 600' ]\n")
                .start();
        long id = daemon.begin("prints");
        eventually(() -> assertThat(place.work().resolve("up")).exists());
        eventually(() -> assertThat(daemon.output(id)).as("what is on disk").contains("****"));
        daemon.killHard();
        var again = place.start();
        assertThat(again.over(id).get("state").asString()).isEqualTo("lost");
        assertThat(leaks()).isEmpty();
        assertThat(again.output(id)).doesNotContain("canary").contains("****");
    }

    @Test
    void it_comes_from_the_daemons_environment_or_from_systemd_too() throws Exception {
        place.environment().put("OF_THE_DAEMON", "first-secret");
        Path credentials = Files.createDirectory(place.folder().resolve("credentials"));
        Files.writeString(credentials.resolve("db"), "second-secret\n");
        place.environment().put("CREDENTIALS_DIRECTORY", credentials.toString());
        var daemon = place.recipe(
                        "uses",
                        "secrets: { A: { env: OF_THE_DAEMON }, B: { credential: db } }\n"
                                + "steps: [ 'echo ${#A} ${#B} $A' ]\n")
                .start();
        assertThat(daemon.output(daemon.runToEnd("uses").get("id").asLong())).isEqualTo("12 13 ************\n");
    }
}
