package io.leprechaun.daemon.e2e;

import static io.leprechaun.daemon.e2e.Installation.eventually;
import static io.leprechaun.daemon.e2e.RunningDaemon.list;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** The steps of a recipe, and the reports of their ends. */
@Timeout(180)
class StepsTest {
    @RegisterExtension
    private final Installation place = Installation.here();

    private static List<String> states(JsonNode run) {
        return list(run.get("steps")).stream()
                .map(step -> step.get("state").asString())
                .toList();
    }

    private static JsonNode step(JsonNode run, int number) {
        return run.get("steps").get(number - 1);
    }

    private static OffsetDateTime time(JsonNode node, String key) {
        return OffsetDateTime.parse(node.get(key).asString());
    }

    private JsonNode run(RunningDaemon daemon, String recipe) throws Exception {
        return daemon.runToEnd(recipe);
    }

    @Test
    void nobody_waits_for_a_detached_step_but_the_run() throws Exception {
        var daemon = place.recipe("away", """
            steps:
              - -> until test -e go; do sleep 0.1; done
              - touch next
            """).start();
        long id = daemon.begin("away");
        eventually(() -> assertThat(place.work().resolve("next")).exists());
        eventually(() -> assertThat(states(daemon.run(id))).containsExactly("running", "succeeded"));
        assertThat(daemon.run(id).get("state").asString()).isEqualTo("running");
        place.touch("go");
        JsonNode run = daemon.over(id);
        assertThat(run.get("state").asString()).isEqualTo("succeeded");
        assertThat(time(step(run, 1), "ended_at")).isAfter(time(step(run, 2), "ended_at"));
        assertThat(time(run, "ended_at")).isAfterOrEqualTo(time(step(run, 1), "ended_at"));
    }

    @Test
    void a_detached_step_that_fails_fails_the_run_and_stops_nothing() throws Exception {
        var daemon = place.recipe("away", "steps:\n  - -> exit 4\n  - sleep 0.3\n  - echo on\n")
                .start();
        JsonNode run = run(daemon, "away");
        assertThat(run.get("state").asString()).isEqualTo("failed");
        assertThat(run.get("exit_code").asInt()).isEqualTo(4);
        assertThat(states(run)).containsExactly("failed", "succeeded", "succeeded");
    }

    @Test
    void a_step_that_must_succeed_and_fails_stops_the_rest() throws Exception {
        var daemon = place.recipe("must", "steps:\n  - ! false\n  - touch a\n  - -> touch b\n")
                .start();
        JsonNode run = run(daemon, "must");
        assertThat(run.get("state").asString()).isEqualTo("failed");
        assertThat(states(run)).containsExactly("failed", "not_run", "not_run");
        assertThat(step(run, 2).get("started_at").isNull()).isTrue();
        assertThat(step(run, 2).get("exit_code").isNull()).isTrue();
        assertThat(place.work()).isEmptyDirectory();
    }

    @Test
    void a_failed_step_does_not_stop_the_next_and_the_run_has_failed_with_its_code() throws Exception {
        var daemon = place.recipe("on", "steps:\n  - exit 5\n  - echo on\n  - exit 6\n")
                .start();
        JsonNode run = run(daemon, "on");
        assertThat(run.get("state").asString()).isEqualTo("failed");
        assertThat(run.get("exit_code").asInt()).isEqualTo(5);
        assertThat(states(run)).containsExactly("failed", "succeeded", "failed");
        assertThat(daemon.output(run.get("id").asLong())).isEqualTo("on\n");
    }

    /** The shell of the recipe prints its arguments and nothing else. */
    @Test
    void every_text_reaches_the_shell_byte_for_byte() throws Exception {
        var texts = List.of(
                "rm -rf \"dir 2020\"/x",
                "kill -9 1234",
                "rm -rf /srv/app-1/cache 2>&1 >> /dev/null < /dev/zero",
                "echo 'a  b'   \"$VAR\" ${HOME:-x} `id -u` $((1 + 2)) \\\\ \\n *?[a-z] ~ & ; | !",
                "cd /tmp && printf '%s\\n' \"{\\\"a\\\": [1, 2]}\"",
                "echo rmt:vault }> -> ! in the middle",
                "if true\nthen\n  echo 'two  blanks'\n\n\techo tab\nfi",
                "echo Zoë 掃除 🍀",
                "cat <<'END'\n$not expanded\n  }>\nEND");
        String steps = texts.stream().map(text -> "  - |-\n" + text.indent(4)).collect(Collectors.joining());
        var daemon = place.recipe("texts", "shell: [ /usr/bin/printf, '%s' ]\nsteps:\n" + steps)
                .start();
        JsonNode run = run(daemon, "texts");
        assertThat(states(run)).containsOnly("succeeded").hasSize(texts.size());
        for (int i = 0; i < texts.size(); i++) {
            assertThat(daemon.api()
                            .send("GET", "/history/logs?args=texts&args=--step&args=" + (i + 1))
                            .body())
                    .isEqualTo(texts.get(i));
            assertThat(step(run, i + 1).get("command").asString()).isEqualTo(texts.get(i));
        }
    }

    @Test
    void quotes_digits_variables_and_redirections_mean_what_they_mean_to_the_shell() throws Exception {
        Path folder =
                Files.createDirectories(place.work().resolve("dir 2020/x")).getParent();
        Files.createDirectories(place.work().resolve("dir"));
        var daemon = place.recipe("shell", """
            env: { WHO: a  leprechaun }
            steps:
              - rm -rf "dir 2020"/x
              - echo 2020 "$WHO" > 'out 1'
              - cat < 'out 1' >> out2 2>&1
              - |
                for n in 1 2; do
                  echo "line  $n"
                done >> out2
            """).start();
        assertThat(run(daemon, "shell").get("state").asString()).isEqualTo("succeeded");
        assertThat(folder).isEmptyDirectory();
        assertThat(place.work().resolve("dir")).isEmptyDirectory();
        assertThat(place.work().resolve("out2")).hasContent("2020 a  leprechaun\nline  1\nline  2\n");
    }

    @Test
    void the_same_step_twice_runs_twice() throws Exception {
        var daemon = place.recipe("twice", "steps:\n  - echo hi\n  - echo hi\n  - echo hi }>\n  - cat\n")
                .start();
        JsonNode run = run(daemon, "twice");
        assertThat(states(run)).containsExactly("succeeded", "succeeded", "succeeded", "succeeded");
        assertThat(daemon.output(run.get("id").asLong())).isEqualTo("hi\nhi\nhi\n");
    }

    @Test
    void a_step_that_reads_its_input_ends() throws Exception {
        var daemon = place.recipe("reads", "steps:\n  - cat\n  - ! wc -c\n  - -> cat\n")
                .start();
        JsonNode run = run(daemon, "reads");
        assertThat(run.get("state").asString()).isEqualTo("succeeded");
        assertThat(daemon.output(run.get("id").asLong())).isEqualTo("0\n");
    }

    @Test
    void a_blank_step_is_refused_with_its_line_and_stops_nobody_else() throws Exception {
        var daemon = place.recipe("blank", "steps:\n  - echo a\n  - '  '\n")
                .recipe("good", "steps: [ echo good ]\n")
                .start();
        var check = place.client("check");
        assertThat(check.code()).isEqualTo(1);
        assertThat(check.out() + check.err()).contains("blank.yml:3:5");
        assertThat(run(daemon, "good").get("state").asString()).isEqualTo("succeeded");
        assertThat(place.client("run", "blank").code()).isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource({
        "kill -KILL $$, 137, KILL",
        "sh -c 'kill -KILL $$', 137, KILL",
        "sh -c 'kill -KILL $$'; exit $?, 137, KILL",
        "kill -TERM $$, 143, TERM",
        "kill -SEGV $$, 139, SEGV"
    })
    void a_signal_is_shown_the_same_however_it_is_seen(String command, int code, String signal) throws Exception {
        var daemon = place.recipe("dies", "steps:\n  - \"" + command + "\"\n").start();
        JsonNode run = run(daemon, "dies");
        assertThat(run.get("state").asString()).isEqualTo("failed");
        assertThat(run.get("exit_code").asInt()).isEqualTo(code);
        assertThat(run.get("signal").asString()).isEqualTo(signal);
        assertThat(step(run, 1).get("signal").asString()).isEqualTo(signal);
        assertThat(place.client("runs").out()).contains(code + " (" + signal + ")");
    }

    @Test
    void what_cannot_be_started_is_told_by_its_code() throws Exception {
        var daemon = place.recipe(
                        "none", "steps:\n  - /no/such/program\n  - argv: [ /no/such/program ]\n  - argv: [ /etc ]\n")
                .start();
        JsonNode run = run(daemon, "none");
        assertThat(list(run.get("steps")))
                .extracting(step -> step.get("exit_code").asInt())
                .containsExactly(127, 127, 126);
    }

    @Test
    void a_run_that_takes_too_long_is_killed_and_has_timed_out() throws Exception {
        var daemon = place.recipe("slow", """
            timeout: 1s
            grace: 1s
            steps:
              - "trap '' TERM; setsid sleep 600 & sleep 600"
              - echo never
            """).start();
        JsonNode run = run(daemon, "slow");
        assertThat(run.get("state").asString()).isEqualTo("timed_out");
        assertThat(run.get("reason").asString()).contains("timed out after 1s");
        assertThat(states(run)).containsExactly("timed_out", "not_run");
        assertThat(place.stepsAlive()).isEmpty();
    }

    @Test
    void a_step_that_takes_too_long_is_killed_and_the_next_runs() throws Exception {
        var daemon = place.recipe("slow", """
            steps:
              - run: sleep 600
                timeout: 1s
              - echo on
            """).start();
        JsonNode run = run(daemon, "slow");
        assertThat(run.get("state").asString()).isEqualTo("timed_out");
        assertThat(states(run)).containsExactly("timed_out", "succeeded");
        assertThat(place.stepsAlive()).isEmpty();
    }

    @Test
    void killing_a_run_ends_all_that_came_of_it() throws Exception {
        var daemon = place.recipe("family", """
            grace: 1s
            steps:
              - |
                setsid sleep 600 &
                setsid sh -c 'sleep 600 & sleep 600' &
                nohup sleep 600 > /dev/null 2>&1 &
                (trap '' TERM HUP INT; sleep 600) &
                touch up
                wait
              - echo never
            """).start();
        long id = daemon.begin("family");
        eventually(() -> assertThat(place.work().resolve("up")).exists());
        eventually(() -> assertThat(place.stepsAlive()).hasSizeGreaterThanOrEqualTo(7));
        assertThat(place.client("kill", Long.toString(id)).code()).isZero();
        assertThat(place.stepsAlive()).isEmpty();
        assertThat(daemon.run(id).get("state").asString()).isEqualTo("killed");
        assertThat(states(daemon.run(id))).containsExactly("killed", "not_run");
    }

    @Test
    void what_a_step_leaves_in_the_background_is_left_alone() throws Exception {
        var daemon = place.recipe("service", "steps: [ 'sleep 600 > /dev/null 2>&1 &' ]\n")
                .start();
        assertThat(run(daemon, "service").get("state").asString()).isEqualTo("succeeded");
        eventually(() -> assertThat(place.stepsAlive().values()).containsExactly("sleep 600"));
    }

    @Test
    void a_chain_fails_if_any_part_does_but_not_for_a_reader_that_had_enough() throws Exception {
        var daemon = place.recipe("enough", "steps:\n  - ! yes }>\n  - head -n 1\n  - echo on\n")
                .recipe("bad", "steps:\n  - ! exit 9 }>\n  - cat\n  - echo never\n")
                .start();
        assertThat(run(daemon, "enough").get("state").asString()).isEqualTo("succeeded");
        JsonNode bad = run(daemon, "bad");
        assertThat(states(bad)).containsExactly("failed", "succeeded", "not_run");
        assertThat(bad.get("exit_code").asInt()).isEqualTo(9);
    }
}
