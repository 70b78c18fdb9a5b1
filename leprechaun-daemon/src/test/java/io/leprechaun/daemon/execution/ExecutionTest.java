package io.leprechaun.daemon.execution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.leprechaun.daemon.body.Body;
import io.leprechaun.daemon.history.StoreException;
import io.leprechaun.daemon.process.Mark;
import io.leprechaun.daemon.recipe.Recipe;
import io.leprechaun.daemon.recipe.TriggerKind;
import io.leprechaun.daemon.run.Cause;
import io.leprechaun.daemon.run.Input;
import io.leprechaun.daemon.run.Outcome;
import io.leprechaun.daemon.run.Run;
import io.leprechaun.daemon.run.RunSpec;
import io.leprechaun.daemon.run.RunState;
import io.leprechaun.daemon.run.StepState;
import io.leprechaun.daemon.run.TestRecipes;
import io.leprechaun.daemon.settings.AgentName;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(180)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ExecutionTest {
    private static final Stop KILLED = new Stop(RunState.KILLED, "killed by zoe");

    @TempDir
    private static Path folder;

    private TestExecutions executions;
    private long lastRun;

    @BeforeAll
    void open() {
        executions = new TestExecutions(folder);
    }

    @AfterAll
    void close() {
        assertThat(executions.living()).as("processes left behind").isZero();
        executions.close();
    }

    private Execution execution(Recipe recipe, Input input) {
        var order = new RunSpec(
                recipe.name(),
                "v",
                AgentName.CRON,
                0,
                Cause.due(TriggerKind.CRON, Instant.parse("2026-11-23T01:30:00Z")));
        Run run = Run.accepted(++lastRun, order, Instant.EPOCH).started(Instant.EPOCH);
        return new Execution(executions.at(InstantSource.system()), run, recipe, () -> input);
    }

    private Execution steps(String... steps) {
        return execution(TestRecipes.steps("r", steps), Input.NONE);
    }

    private Execution text(String text) {
        return execution(TestRecipes.of("r", text), Input.NONE);
    }

    private String printed(int step) throws IOException {
        Path file = executions.outputs().file(lastRun, 1, step);
        return Files.exists(file) ? Files.readString(file) : "";
    }

    private void awaitPrinted(int step, String text) {
        await().until(() -> printed(step).contains(text));
    }

    private static CompletableFuture<Outcome> running(Execution execution) {
        var outcome = new CompletableFuture<Outcome>();
        Thread.ofVirtual().start(() -> {
            try {
                outcome.complete(execution.run());
            } catch (InterruptedException | RuntimeException e) {
                outcome.completeExceptionally(e);
            }
        });
        return outcome;
    }

    private static List<String> states(Outcome outcome) {
        return outcome.steps().stream().map(step -> step.state().word()).toList();
    }

    @Test
    void a_failed_step_does_not_stop_the_next_ones_but_the_run_has_failed() throws Exception {
        Outcome outcome = steps("echo one", "exit 3", "echo three").run();

        assertThat(outcome.state()).isEqualTo(RunState.FAILED);
        assertThat(outcome.reason()).contains("step 2: exit 3");
        assertThat(outcome.exitCode()).contains(3);
        assertThat(states(outcome)).containsExactly("succeeded", "failed", "succeeded");
        assertThat(printed(3)).isEqualTo("three\n");
    }

    @Test
    void a_failed_must_stops_the_rest_which_are_recorded_as_not_run() throws Exception {
        Outcome outcome = steps("! false", "touch never", "echo never").run();

        assertThat(states(outcome)).containsExactly("failed", "not_run", "not_run");
        assertThat(outcome.state()).isEqualTo(RunState.FAILED);
        assertThat(folder.resolve("never")).doesNotExist();
    }

    @Test
    void a_detached_step_does_not_delay_the_next_one_and_the_run_ends_after_it() throws Exception {
        Outcome outcome = steps("-> while ! test -e go; do sleep 0.01; done; echo late", "touch go")
                .run();

        assertThat(states(outcome)).containsExactly("succeeded", "succeeded");
        assertThat(printed(1)).isEqualTo("late\n");
        assertThat(outcome.steps().getFirst().endedAt().orElseThrow())
                .isAfterOrEqualTo(outcome.steps().getLast().startedAt().orElseThrow());
    }

    @Test
    void a_detached_failure_fails_the_run_and_stops_nothing() throws Exception {
        Outcome outcome = steps("! -> exit 4", "sleep 0.1", "echo on").run();

        assertThat(states(outcome)).containsExactly("failed", "succeeded", "succeeded");
        assertThat(outcome.reason()).contains("step 1: exit 4");
    }

    @Test
    void a_detached_step_goes_on_when_a_must_stops_the_rest() throws Exception {
        Outcome outcome =
                steps("-> sleep 0.2; echo done", "! false", "echo never").run();

        assertThat(states(outcome)).containsExactly("succeeded", "failed", "not_run");
        assertThat(printed(1)).isEqualTo("done\n");
    }

    @ParameterizedTest
    @CsvSource({
        "'yes }>,head -n 1', 'succeeded succeeded', SUCCEEDED",
        "'yes }>,cat }>,head -n 1', 'succeeded succeeded succeeded', SUCCEEDED",
        "'yes }>,exit 5', 'failed failed', FAILED",
        "'exit 6 }>,cat', 'failed succeeded', FAILED",
        "'kill -PIPE $$', 'failed', FAILED",
        "'exit 141 }>,exit 141', 'failed failed', FAILED",
        "'yes }>,/nowhere/nothing', 'failed failed', FAILED",
    })
    void a_pipeline_ends_well_when_each_part_does(String steps, String states, RunState state) throws Exception {
        Outcome outcome = steps(steps.split(",")).run();

        assertThat(String.join(" ", states(outcome))).isEqualTo(states);
        assertThat(outcome.state()).isEqualTo(state);
    }

    @Test
    void what_a_pipeline_carries_arrives() throws Exception {
        Outcome outcome =
                steps("head -c 10000000 /dev/zero }>", "cat }>", "wc -c").run();

        assertThat(outcome.state()).isEqualTo(RunState.SUCCEEDED);
        assertThat(printed(3)).isEqualTo("10000000\n");
    }

    @Test
    void a_must_anywhere_in_a_pipeline_stops_the_rest() throws Exception {
        assertThat(states(steps("! exit 1 }>", "cat", "echo never").run()))
                .containsExactly("failed", "succeeded", "not_run");
    }

    @Test
    void two_equal_steps_are_two_steps() throws Exception {
        Outcome outcome = steps("echo same", "echo same").run();

        assertThat(states(outcome)).containsExactly("succeeded", "succeeded");
        assertThat(printed(1) + printed(2)).isEqualTo("same\nsame\n");
    }

    @Test
    void a_step_that_reads_its_input_finds_its_end() throws Exception {
        assertThat(steps("cat").run().state()).isEqualTo(RunState.SUCCEEDED);
    }

    @Test
    void a_program_that_is_not_there_fails_its_step_and_says_so_where_people_look() throws Exception {
        Outcome outcome =
                text("steps:\n- { argv: [ /nowhere/nothing ] }\n- echo on\n").run();

        assertThat(states(outcome)).containsExactly("failed", "succeeded");
        assertThat(outcome.exitCode()).contains(127);
        assertThat(outcome.reason().orElseThrow()).contains("/nowhere/nothing");
        assertThat(printed(1)).startsWith("leprechaun: cannot run '/nowhere/nothing'");
        assertThat(PosixFilePermissions.toString(
                        Files.getPosixFilePermissions(executions.outputs().file(lastRun, 1, 1))))
                .isEqualTo("rw-------");
    }

    @Test
    void a_folder_that_is_not_there_fails_the_step() throws Exception {
        Outcome outcome = text("dir: /nowhere\nsteps: [ pwd ]\n").run();

        assertThat(outcome.exitCode()).contains(126);
        assertThat(outcome.reason().orElseThrow()).contains("the folder /nowhere does not exist");
    }

    @Test
    void a_step_whose_time_is_over_is_ended_and_the_next_one_runs() throws Exception {
        Outcome outcome =
                text("steps:\n- { run: sleep 60, timeout: 1s }\n- echo on\n").run();

        assertThat(states(outcome)).containsExactly("timed_out", "succeeded");
        assertThat(outcome.state()).isEqualTo(RunState.TIMED_OUT);
        assertThat(outcome.reason()).contains("step 1: timed out after 1s");
        assertThat(outcome.exitCode()).contains(143);
    }

    @Test
    void a_step_whose_time_is_over_has_timed_out_also_when_it_ends_well_once_asked() throws Exception {
        Outcome outcome = text("steps:\n"
                        + "- { run: 'trap \"exit 0\" TERM; while :; do sleep 0.01; done', timeout: 1s, must: true }\n"
                        + "- echo never\n")
                .run();

        assertThat(states(outcome)).containsExactly("timed_out", "not_run");
        assertThat(outcome.state()).isEqualTo(RunState.TIMED_OUT);
    }

    @Test
    void a_part_that_was_over_before_its_pipeline_timed_out_stays_as_it_ended() throws Exception {
        Outcome outcome = text("steps:\n- { run: echo fast, pipe: true }\n- { run: 'cat; sleep 60', timeout: 1s }\n")
                .run();

        assertThat(states(outcome)).containsExactly("succeeded", "timed_out");
    }

    @Test
    void a_run_whose_time_is_over_is_ended_whole() throws Exception {
        Outcome outcome = text("timeout: 1s\nsteps:\n- -> sleep 60\n- sleep 60\n- echo never\n")
                .run();

        assertThat(outcome.state()).isEqualTo(RunState.TIMED_OUT);
        assertThat(outcome.reason()).contains("timed out after 1s");
        assertThat(states(outcome)).containsExactly("timed_out", "timed_out", "not_run");
    }

    @Test
    void a_run_that_ends_in_time_is_not_ended_later() throws Exception {
        assertThat(text("timeout: 1s\nsteps: [ 'true' ]\n").run().state()).isEqualTo(RunState.SUCCEEDED);
    }

    @Test
    void killed_while_a_step_works_it_ends_the_step_and_all_that_came_of_it() throws Exception {
        Execution execution = steps("echo first", "setsid sleep 60 & echo started; wait", "touch never-killed");
        var outcome = running(execution);
        awaitPrinted(2, "started");
        execution.stop(KILLED);
        execution.stop(new Stop(RunState.TIMED_OUT, "too late to matter"));

        Outcome ended = outcome.get(60, TimeUnit.SECONDS);
        assertThat(ended.state()).isEqualTo(RunState.KILLED);
        assertThat(ended.reason()).contains("killed by zoe");
        assertThat(states(ended)).containsExactly("succeeded", "killed", "not_run");
        assertThat(executions.living()).isZero();
        assertThat(folder.resolve("never-killed")).doesNotExist();
    }

    @Test
    void what_does_not_end_when_asked_is_killed_after_the_grace_and_named() throws Exception {
        Execution execution =
                text("grace: 200ms\nsteps:\n- 'trap \"\" TERM; echo deaf; while :; do sleep 0.05; done'\n");
        var outcome = running(execution);
        awaitPrinted(1, "deaf");
        execution.stop(KILLED);

        Outcome ended = outcome.get(60, TimeUnit.SECONDS);
        assertThat(ended.exitCode()).contains(137);
        assertThat(ended.reason().orElseThrow()).contains("did not end in time and was killed: ");
    }

    @Test
    void a_run_whose_process_may_not_be_ended_has_failed_soon_and_says_so() throws Exception {
        Execution execution = text("grace: 1h\nsteps:\n- 'echo $$; exec sleep 60'\n- 'true'\n");
        var outcome = running(execution);
        awaitPrinted(1, "\n");
        String pid = printed(1).strip();
        executions.bar(Integer.parseInt(pid));
        execution.stop(KILLED);

        Outcome ended = outcome.get(60, TimeUnit.SECONDS);
        executions.endAll();
        assertThat(ended.state()).isEqualTo(RunState.FAILED);
        assertThat(ended.reason()).contains("killed by zoe; only root or its own user can end it: " + pid + " (sleep)");
        assertThat(states(ended)).containsExactly("failed", "not_run");
        assertThat(ended.steps().getFirst().outcome()).isEqualTo("its process still exists");
    }

    @Test
    void what_a_step_left_behind_and_may_not_be_ended_is_not_told_as_ended() throws Exception {
        Execution execution = text("linger: kill\nsteps:\n- 'sleep 61 & echo $!; until test -e gone; do :; done'\n");
        var outcome = running(execution);
        awaitPrinted(1, "\n");
        String pid = printed(1).strip();
        await().until(() -> Files.readString(Path.of("/proc/" + pid + "/comm")).equals("sleep\n"));
        executions.bar(Integer.parseInt(pid));
        Files.createFile(folder.resolve("gone"));

        Outcome ended = outcome.get(60, TimeUnit.SECONDS);
        executions.endAll();
        assertThat(ended.reason())
                .contains("step 1 left processes behind; only root or its own user can end it: " + pid + " (sleep)");
    }

    @Test
    void stopped_before_it_began_it_starts_nothing() throws Exception {
        Execution execution = steps("touch never-begun");
        execution.stop(KILLED);

        Outcome outcome = execution.run();

        assertThat(outcome.state()).isEqualTo(RunState.KILLED);
        assertThat(states(outcome)).containsExactly("not_run");
        assertThat(folder.resolve("never-begun")).doesNotExist();
    }

    @Test
    void told_to_stop_when_all_is_over_it_stays_as_it_ended() throws Exception {
        Execution execution = steps("true");
        Outcome outcome = execution.run();
        execution.stop(KILLED);

        assertThat(outcome.state()).isEqualTo(RunState.SUCCEEDED);
        assertThat(execution.steps().getFirst().state()).isEqualTo(StepState.SUCCEEDED);
    }

    @Test
    void what_a_step_left_behind_is_left_alone() throws Exception {
        Outcome outcome = steps("sleep 60 >/dev/null 2>&1 & echo $!").run();

        assertThat(outcome.state()).isEqualTo(RunState.SUCCEEDED);
        int pid = Integer.parseInt(printed(1).strip());
        assertThat(ProcessHandle.of(pid)).isPresent();
        assertThat(ProcessHandle.of(pid).get().destroyForcibly()).isTrue();
        await().until(() -> executions.living() == 0);
    }

    @Test
    void steps_see_what_they_may_and_nothing_else() throws Exception {
        Recipe recipe = TestRecipes.of(
                "seen",
                "timezone: Europe/Berlin\n"
                        + "env: { A: recipe, B: recipe }\n"
                        + "steps:\n"
                        + "- { run: env | sort, env: { B: step } }\n");
        var input =
                new Input(Map.of("WHO", "$(id)"), Optional.of(new Body.Held("body".getBytes(StandardCharsets.UTF_8))));
        assertThat(execution(recipe, input).run().state()).isEqualTo(RunState.SUCCEEDED);

        assertThat(printed(1).lines().filter(line -> !line.startsWith("_=")))
                .containsExactlyInAnyOrder(
                        "A=recipe",
                        "B=step",
                        "HOME=" + folder,
                        "LANG=C.UTF-8",
                        "LEPRECHAUN_AGENT=cron",
                        "LEPRECHAUN_ATTEMPT=1",
                        "LEPRECHAUN_HOOK_BODY=" + executions.outputs().body(lastRun),
                        "LEPRECHAUN_MARK="
                                + new Mark(executions.at(InstantSource.system()).store(), lastRun, 1, 1).text(),
                        "LEPRECHAUN_PARAM_WHO=$(id)",
                        "LEPRECHAUN_RECIPE=seen",
                        "LEPRECHAUN_RUN=" + lastRun,
                        "LEPRECHAUN_SCHEDULED_AT=2026-11-23T02:30:00+01:00",
                        "LEPRECHAUN_TRIGGER=cron",
                        "LOGNAME=zoe",
                        "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
                        "PWD=" + folder,
                        "SHELL=/bin/sh",
                        "TZ=Europe/Berlin",
                        "USER=zoe");
        assertThat(executions.outputs().body(lastRun)).hasContent("body");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"rm -rf \"dir 2020\"/x && echo 'a  b'", "echo \"$HOME\" > /dev/null; echo 1 2 3", "echo a\\\\b"})
    void a_command_reaches_the_shell_byte_for_byte(String command) throws Exception {
        Outcome outcome = steps("|\n    " + command).run();

        assertThat(outcome.steps().getFirst().command()).isEqualTo(command + "\n");
        assertThat(outcome.state()).isEqualTo(RunState.SUCCEEDED);
    }

    @Test
    void output_that_cannot_be_kept_is_reported_and_fails_no_run() throws Exception {
        Execution execution = steps("echo never");
        Path block = executions.outputs().folder(lastRun);
        Files.createDirectories(block.getParent());
        Files.createFile(block);

        Outcome outcome = execution.run();

        assertThat(outcome.state()).isEqualTo(RunState.SUCCEEDED);
        assertThat(outcome.reason().orElseThrow())
                .isEqualTo("step 1 lost 6 bytes of output (cannot create the folder " + block
                        + " (a file is in its place): make the state folder writable)");
    }

    @Test
    void an_input_that_cannot_be_read_fails_the_run_with_the_reason() throws Exception {
        Recipe recipe = TestRecipes.steps("r", "echo never");
        var order =
                new RunSpec(recipe.name(), "v", AgentName.SERVER, 0, Cause.requested(TriggerKind.HOOK, "127.0.0.1"));
        var run = Run.accepted(++lastRun, order, Instant.EPOCH).started(Instant.EPOCH);
        var execution = new Execution(executions.at(InstantSource.system()), run, recipe, () -> {
            throw new StoreException("cannot read the store: disk I/O error");
        });

        Outcome outcome = execution.run();

        assertThat(outcome.state()).isEqualTo(RunState.FAILED);
        assertThat(outcome.reason()).contains("cannot read the store: disk I/O error");
        assertThat(states(outcome)).containsExactly("not_run");
    }
}
