package io.leprechaun.daemon.e2e;

import static io.leprechaun.daemon.e2e.Installation.eventually;
import static io.leprechaun.daemon.e2e.RunningDaemon.list;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/**
 * After a kill, no process of the run is left; processes that a step leaves behind at its normal end are handled as
 * documented.
 */
@Timeout(180)
class RunEndsTest extends RunEndsFixture {
    RunEndsTest() {
        super(Installation.here());
    }

    private void assertNothingIsLeft() {
        assertThat(fugitives())
                .hasSize(7)
                .allSatisfy(pid -> assertThat(Path.of("/proc", pid))
                        .as(Proc.commandLine(Long.parseLong(pid)))
                        .doesNotExist());
        assertThat(place.stepsAlive()).isEmpty();
    }

    @Test
    void a_kill_leaves_nothing_and_names_what_took_force() throws Exception {
        var daemon = family("").start();
        long id = daemon.begin("family");
        eventually(() -> assertThat(place.work().resolve("up")).exists());
        long before = System.nanoTime();
        assertThat(place.client("kill", Long.toString(id)).code()).isZero();
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(10));
        assertNothingIsLeft();
        JsonNode run = daemon.run(id);
        assertThat(text(run, "state")).isEqualTo("killed");
        assertThat(text(run, "reason"))
                .matches("killed by \\S+; did not end in time and was killed: .*\\d+ \\(sh\\).*");
    }

    @Test
    void a_timeout_of_the_run_leaves_nothing() throws Exception {
        var daemon = family("timeout: 3s\n").start();
        JsonNode run = daemon.runToEnd("family");
        assertNothingIsLeft();
        assertThat(text(run, "state")).isEqualTo("timed_out");
        assertThat(text(run, "reason")).startsWith("timed out after 3s; did not end in time and was killed: ");
    }

    @Test
    void a_timeout_of_a_step_leaves_nothing_and_the_step_names_what_took_force() throws Exception {
        var daemon = place.recipe(
                        "family",
                        "grace: 1s\nsteps:\n  - timeout: 3s\n    run: |\n"
                                + (FUGITIVES + "trap '' TERM\nwait; sleep 600\n").indent(6)
                                + "  - touch next\n")
                .start();
        JsonNode run = daemon.runToEnd("family");
        assertNothingIsLeft();
        assertThat(place.work().resolve("next")).exists();
        assertThat(text(run, "state")).isEqualTo("timed_out");
        assertThat(text(run.get("steps").get(0), "detail"))
                .startsWith("timed out after 3s; did not end in time and was killed: ");
        assertThat(place.client("runs").out()).contains("step 1: timed out after 3s");
    }

    @Test
    void a_replaced_run_leaves_nothing() throws Exception {
        var daemon = family("overlap: replace\n").start();
        long first = daemon.begin("family");
        eventually(() -> assertThat(place.work().resolve("up")).exists());
        place.recipe("family", "overlap: replace\nsteps: [ 'true' ]\n");
        place.client("daemon", "reload");
        long second = daemon.begin("family");
        assertThat(text(daemon.over(first), "state")).isEqualTo("killed");
        assertThat(text(daemon.over(first), "reason")).startsWith("replaced by run " + second);
        assertThat(text(daemon.over(second), "state")).isEqualTo("succeeded");
        assertNothingIsLeft();
    }

    @Test
    void stopping_an_agent_at_once_leaves_nothing() throws Exception {
        var daemon = family("").start();
        long id = daemon.begin("family");
        eventually(() -> assertThat(place.work().resolve("up")).exists());
        assertThat(place.client("scheduler", "stop", "--now").code()).isZero();
        assertNothingIsLeft();
        assertThat(text(daemon.run(id), "state")).isEqualTo("killed");
    }

    @ParameterizedTest
    @ValueSource(strings = {"trap '' TERM; while :; do sleep 0.1; done", "kill -STOP $$", "exec sleep 600"})
    void a_step_ends_at_its_time_however_it_resists(String command) throws Exception {
        var daemon = place.recipe(
                        "slow", "grace: 1s\nsteps:\n  - run: \"" + command + "\"\n    timeout: 1s\n  - echo on\n")
                .start();
        JsonNode run = daemon.runToEnd("slow");
        assertThat(text(run, "state")).isEqualTo("timed_out");
        assertThat(list(run.get("steps")))
                .extracting(step -> text(step, "state"))
                .containsExactly("timed_out", "succeeded");
        assertThat(place.stepsAlive()).isEmpty();
    }

    @Test
    void what_a_step_leaves_behind_is_named_in_its_run() throws Exception {
        var daemon = place.recipe(
                        "service",
                        "steps:\n  - echo begun\n  - (env -i setsid sleep 602 > /dev/null 2>&1 &)\n  - echo on\n")
                .start();
        JsonNode run = daemon.runToEnd("service");
        assertThat(text(run, "state")).isEqualTo("succeeded");
        assertThat(text(run, "reason")).matches("step 2 left behind: \\d+ \\(\\w+\\)");
        assertThat(run.get("steps").get(0).get("note").isNull()).isTrue();
        assertThat(text(run.get("steps").get(1), "note")).matches("left behind: \\d+ \\(\\w+\\)");
        assertThat(run.get("steps").get(2).get("note").isNull()).isTrue();
        eventually(() -> assertThat(place.stepsAlive().values()).containsExactly("sleep 602"));
        assertThat(place.client("logs", "service").err()).contains("step 2 left behind: ");
    }

    @Test
    void what_a_step_leaves_behind_is_ended_where_the_recipe_says_so() throws Exception {
        var daemon = place.recipe(
                        "service",
                        "linger: kill\ngrace: 1s\nsteps:\n"
                                + "  - (trap '' TERM; setsid sleep 603 > /dev/null 2>&1 &)\n  - touch next\n")
                .start();
        JsonNode run = daemon.runToEnd("service");
        assertThat(text(run, "state")).isEqualTo("succeeded");
        assertThat(text(run, "reason"))
                .matches("step 1 ended processes left behind: \\d+ \\(\\w+\\); did not end in time.*");
        assertThat(place.work().resolve("next")).exists();
        assertThat(place.stepsAlive()).isEmpty();
    }

    @Test
    void what_a_step_leaves_behind_is_waited_for_where_the_recipe_says_so() throws Exception {
        var daemon = place.recipe(
                        "service",
                        "linger: wait\n"
                            + "steps:\n"
                            + "  - (setsid sh -c 'until test -e go; do sleep 0.1; done; touch done' > /dev/null 2>&1"
                            + " &)\n"
                            + "  - test -e done\n")
                .start();
        long id = daemon.begin("service");
        eventually(() -> assertThat(place.stepsAlive()).isNotEmpty());
        assertThat(text(daemon.run(id), "state")).isEqualTo("running");
        place.touch("go");
        JsonNode run = daemon.over(id);
        assertThat(text(run, "state")).as(text(run, "state")).isEqualTo("succeeded");
    }

    @Test
    void who_waits_for_what_was_left_behind_can_be_killed_and_runs_out_of_time() throws Exception {
        var daemon = place.recipe("killed", "linger: wait\nsteps: [ 'setsid sleep 604 & true' ]\n")
                .recipe("late", "linger: wait\nsteps: [ { run: 'setsid sleep 605 & true', timeout: 1s } ]\n")
                .start();
        assertThat(text(daemon.runToEnd("late"), "reason")).isEqualTo("step 1: timed out after 1s");
        long id = daemon.begin("killed");
        eventually(() -> assertThat(place.stepsAlive().values()).containsExactly("sleep 604"));
        assertThat(place.client("kill", "killed").code()).isZero();
        assertThat(text(daemon.run(id), "state")).isEqualTo("killed");
        assertThat(place.stepsAlive()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"leave, failed, 1", "kill, succeeded, 0"})
    void a_pipe_that_something_left_behind_holds_open_keeps_no_run(String linger, String state, int alive)
            throws Exception {
        var daemon = place.recipe(
                        "pipe",
                        "linger: " + linger
                                + "\ngrace: 1s\nsteps:\n  - setsid sleep 606 & echo data }>\n  - cat\n  - echo on\n")
                .start();
        JsonNode run = daemon.runToEnd("pipe");
        assertThat(text(run, "state")).isEqualTo(state);
        assertThat(daemon.output(run.get("id").asLong())).isEqualTo("data\non\n");
        assertThat(place.stepsAlive()).hasSize(alive);
        if (state.equals("failed")) {
            assertThat(text(run, "reason"))
                    .matches("step 2: its input would never end: \\d+ \\(sleep\\), left behind by an earlier step, .*");
        }
    }

    @Test
    void a_pipe_is_waited_for_where_the_recipe_says_so() throws Exception {
        var daemon = place.recipe(
                        "pipe", "linger: wait\ngrace: 0s\nsteps:\n  - (sleep 2; echo late) & echo early }>\n  - cat\n")
                .start();
        JsonNode run = daemon.runToEnd("pipe");
        assertThat(text(run, "state")).isEqualTo("succeeded");
        assertThat(daemon.output(run.get("id").asLong())).isEqualTo("early\nlate\n");
    }
}
