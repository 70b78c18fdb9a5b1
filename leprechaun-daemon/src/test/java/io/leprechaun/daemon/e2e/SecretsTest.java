package io.leprechaun.daemon.e2e;

import static io.leprechaun.daemon.e2e.Installation.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A secret reaches the steps for which it is meant and no other process. */
@Timeout(180)
class SecretsTest extends SecretsFixture {
    SecretsTest() {
        super(Installation.here());
    }

    /** Returns every file of the installation, except the secret's own, that holds the canary. */
    private List<Path> leaks() throws IOException {
        try (Stream<Path> files = Files.walk(place.folder())) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> !file.endsWith("token"))
                    .filter(SecretsTest::holds)
                    .toList();
        }
    }

    @Test
    void a_parameters_value_is_not_in_the_log() throws Exception {
        place.recipe("given", "steps: [ 'test -n \"$LEPRECHAUN_PARAM_PASSWORD\"' ]\n");
        var daemon = place.start();
        assertThat(place.client("run", "given", "--wait", "-p", "PASSWORD=" + CANARY)
                        .code())
                .isZero();
        eventually(() -> assertThat(daemon.log())
                .containsPattern("INFO  run=1 recipe=given agent=scheduler by=\\S+ succeeded after "));
        assertThat(daemon.log())
                .contains("PASSWORD=…")
                .containsPattern("INFO  command=run args=\"given [^\n]*\" by=\\S+ requested\n")
                .doesNotContain(CANARY);
        assertThat(daemon.stop()).isZero();
    }

    @Test
    void it_is_hidden_while_it_is_printed_also_where_chunks_meet() throws Exception {
        // one secret a line, at each offset to the borders of 64 KiB, and one that comes in two writes
        var daemon = secret().recipe("prints", keys() + """
            steps:
              - |
                i=0
                while [ $i -lt 4000 ]; do echo "$i $TOKEN"; i=$((i+1)); done
                printf '%s' "${TOKEN%????}"
                touch half
                until test -e go; do sleep 0.05; done
                printf '%s' "${TOKEN#"${TOKEN%????}"}"
                touch whole
                until test -e end; do sleep 0.05; done
                echo; echo over
            """).start();
        long id = daemon.begin("prints");
        var follower = place.beginClient("logs", "-f", Long.toString(id));
        eventually(() -> assertThat(place.work().resolve("half")).exists());
        eventually(() -> assertThat(follower.printed()).contains("\n3999 ***"));
        String meanwhile = daemon.output(id);
        assertThat(meanwhile).doesNotContain("canary").contains("\n3999 *");
        for (int from : new int[] {0, 3, 9, 65_530, 65_536, 65_540}) {
            assertThat(daemon.api()
                            .send("GET", "/history/logs?args=" + id + "&args=--from&args=" + from)
                            .body())
                    .as("from " + from)
                    .doesNotContain("canary", "anary-8", "8fK3", "wölf", "-Qx");
        }
        place.touch("go");
        eventually(() -> assertThat(place.work().resolve("whole")).exists());
        place.touch("end");
        var ended = follower.end();
        assertThat(ended.out()).doesNotContain("canary", "-Qx").endsWith("*\nover\n");
        assertThat(ended.out().lines().filter(line -> line.matches("\\d+ \\*{20,}")))
                .hasSize(4000);
        daemon.over(id);
        assertThat(leaks()).isEmpty();
    }

    @Test
    void it_is_hidden_in_what_a_process_prints_that_was_left_behind_also_once_it_has_changed() throws Exception {
        var daemon = secret().recipe("leaves", keys() + """
            steps:
              - |
                (
                  until test -e go; do sleep 0.05; done
                  echo "late $TOKEN"; touch said
                  until test -e end; do sleep 0.05; done
                  echo "last $TOKEN"
                ) &
            """).start();
        var run = daemon.runToEnd("leaves");
        long id = run.get("id").asLong();
        assertThat(run.get("reason").asString()).contains("left behind: ");
        Files.writeString(place.folder().resolve("token"), "another-secret\n");
        place.touch("go");
        eventually(() -> assertThat(place.work().resolve("said")).exists());
        String stars = "*".repeat(CANARY.getBytes(StandardCharsets.UTF_8).length);
        assertThat(daemon.output(id)).isEqualTo("late " + stars + "\n");
        eventually(() -> assertThat(leaks()).isEmpty()); // in the file, too, while it lives
        place.touch("end");
        eventually(() -> assertThat(daemon.output(id)).isEqualTo("late " + stars + "\nlast " + stars + "\n"));
        eventually(() -> assertThat(leaks()).isEmpty());
        assertThat(daemon.stop()).isZero();
    }

    @Test
    void a_process_that_has_it_as_its_name_is_named_without_it() throws Exception {
        var daemon = secret().recipe("names", keys() + """
            steps:
              - |
                for name in "$TOKEN" "x-$TOKEN"; do
                  cp "$(command -v sleep)" "./$name"
                  "./$name" 600 >/dev/null 2>&1 &
                  while test "$(cat /proc/$!/comm)" = sh; do sleep 0.05; done
                done
            """).start();
        var run = daemon.runToEnd("names");
        Files.delete(place.work().resolve(CANARY));
        Files.delete(place.work().resolve("x-" + CANARY));
        assertThat(run.get("reason").asString())
                .startsWith("step 1 left behind: ")
                .contains("(***", "(x-***");
        assertThat(run.toString()
                        + place.client("runs", "--json").out()
                        + place.client("why", "names").out()
                        + place.client("show", "names").out()
                        + daemon.log())
                .doesNotContain("canary");
        assertThat(daemon.stop()).isZero();
        assertThat(leaks()).isEmpty();
    }

    @Test
    void check_warns_of_a_short_one_and_does_not_show_it() throws Exception {
        secret().recipe("short", keys() + "steps: [ 'true' ]\n");
        Files.writeString(place.folder().resolve("token"), "q7Z\n");
        var check = place.client("check");
        assertThat(check.code()).isZero();
        assertThat(check.out() + check.err())
                .contains("short.yml:1:1: warning: secrets.TOKEN: the secret has fewer than 6 characters")
                .doesNotContain("q7Z");
        Files.writeString(place.folder().resolve("token"), "q7Zq7Z\n");
        assertThat(place.client("check").out()).contains("no problems");
    }

    @Test
    void a_secret_that_changes_is_the_new_one_in_the_next_run() throws Exception {
        var daemon = secret().recipe("uses", keys() + "steps: [ 'echo ${#TOKEN}' ]\n")
                .start();
        Files.writeString(place.folder().resolve("token"), "short");
        assertThat(daemon.output(daemon.runToEnd("uses").get("id").asLong())).isEqualTo("5\n");
        Files.delete(place.folder().resolve("token"));
        assertThat(daemon.runToEnd("uses").get("reason").asString())
                .startsWith("the secret TOKEN is missing or empty; store it in ");
    }
}
