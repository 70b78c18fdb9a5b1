package io.leprechaun.daemon.e2e;

import static io.leprechaun.daemon.e2e.Installation.eventually;
import static io.leprechaun.daemon.e2e.RunningDaemon.list;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

/** Attempts of one run, and the steps that handle an end. */
@Timeout(180)
class RetryTest extends RetryFixture {
    RetryTest() {
        super(Installation.here());
    }

    private static final String FAILS_WHEN_TOLD = "retry: { times: 1, delay: 1s }\n"
            + "steps: [ 'echo up >> up; until test -e go; do sleep 0.1; done; test $LEPRECHAUN_ATTEMPT -eq 2' ]\n";

    private static List<String> states(JsonNode run) {
        return list(run.get("steps")).stream().map(step -> text(step, "state")).toList();
    }

    @Test
    void a_run_that_fails_is_tried_again_and_each_attempt_has_its_output() throws Exception {
        var daemon = place.recipe("flaky", """
            retry: { times: 3, delay: 100ms, backoff: 2 }
            steps:
              - echo attempt $LEPRECHAUN_ATTEMPT of run $LEPRECHAUN_RUN
              - test $LEPRECHAUN_ATTEMPT -eq 3
            """).start();
        JsonNode run = daemon.runToEnd("flaky");
        String id = text(run, "id");
        assertThat(text(run, "state")).isEqualTo("succeeded");
        assertThat(run.get("attempt").asInt()).isEqualTo(3);
        assertThat(states(run)).containsExactly("succeeded", "succeeded");
        assertThat(place.client("logs", "flaky").out()).isEqualTo("attempt 3 of run " + id + "\n");
        for (int attempt = 1; attempt <= 3; attempt++) {
            assertThat(place.client("logs", id, "--attempt", Integer.toString(attempt))
                            .out())
                    .isEqualTo("attempt " + attempt + " of run " + id + "\n");
        }
        assertThat(daemon.runs("flaky")).hasSize(1);
        assertThat(place.client("show", id).out()).contains("attempt:");
    }

    @Test
    void the_last_attempt_decides_and_is_followed_to() throws Exception {
        var daemon = place.recipe(
                        "hopeless",
                        "retry: { times: 2, delay: 100ms }\n"
                                + "steps: [ 'echo $LEPRECHAUN_ATTEMPT; exit $LEPRECHAUN_ATTEMPT' ]\n")
                .start();
        var follow = place.client("run", "hopeless", "--follow");
        assertThat(follow.out()).isEqualTo("1\n2\n3\n");
        assertThat(follow.code()).isEqualTo(1);
        JsonNode run = daemon.runs("hopeless").getFirst();
        assertThat(text(run, "state")).isEqualTo("failed");
        assertThat(text(run, "reason")).isEqualTo("step 1: exit 3");
        assertThat(run.get("exit_code").asInt()).isEqualTo(3);
    }

    @Test
    void between_two_attempts_a_run_has_no_slot_but_its_recipe_is_taken() throws Exception {
        place.settings("workers: { max: 1 }");
        var daemon = place.recipe(
                        "flaky",
                        "overlap: queue\n"
                                + "retry: { times: 1, delay: 3s }\n"
                                + "steps: [ 'echo $LEPRECHAUN_RUN >> order; test $LEPRECHAUN_ATTEMPT -eq 2' ]\n")
                .recipe("other", "steps: [ 'echo other >> order' ]\n")
                .start();
        long first = daemon.begin("flaky");
        eventually(() -> assertThat(text(daemon.run(first), "state")).isEqualTo("waiting"));
        JsonNode waiting = daemon.run(first);
        assertThat(OffsetDateTime.parse(text(waiting, "retry_at")))
                .isAfter(OffsetDateTime.parse(text(waiting, "started_at")));
        assertThat(text(waiting, "reason")).isEqualTo("step 1: exit 1");
        assertThat(place.json("scheduler", "info").get("running").asInt()).isZero();
        long second = daemon.begin("flaky");
        assertThat(text(daemon.runToEnd("other"), "state")).isEqualTo("succeeded");
        assertThat(text(daemon.run(second), "state")).isEqualTo("queued");
        assertThat(text(daemon.over(first), "state")).isEqualTo("succeeded");
        daemon.over(second);
        assertThat(lines("order")).startsWith(first + "", "other", first + "", second + "");
    }

    @Test
    void a_run_between_two_attempts_can_be_killed() throws Exception {
        var daemon = place.recipe("flaky", "retry: { times: 1, delay: 1h }\nsteps: [ exit 1 ]\n")
                .start();
        long id = daemon.begin("flaky");
        eventually(() -> assertThat(text(daemon.run(id), "state")).isEqualTo("waiting"));
        assertThat(place.client("kill", Long.toString(id)).code()).isZero();
        JsonNode run = daemon.over(id);
        assertThat(text(run, "state")).isEqualTo("killed");
        assertThat(states(run)).containsExactly("failed");
    }

    @Test
    void a_killed_run_is_not_tried_again() throws Exception {
        var daemon = place.recipe("slow", "retry: { times: 5, delay: 0s }\nsteps: [ 'touch up; sleep 600' ]\n")
                .start();
        long id = daemon.begin("slow");
        eventually(() -> assertThat(place.work().resolve("up")).exists());
        place.client("kill", Long.toString(id));
        assertThat(daemon.over(id).get("attempt").asInt()).isEqualTo(1);
    }

    @Test
    void an_attempt_that_takes_too_long_is_tried_again() throws Exception {
        var daemon = place.recipe(
                        "slow",
                        "timeout: 1s\n"
                                + "retry: { times: 1, delay: 0s }\n"
                                + "steps: [ 'test $LEPRECHAUN_ATTEMPT -eq 2 || sleep 600' ]\n")
                .start();
        JsonNode run = daemon.runToEnd("slow");
        assertThat(text(run, "state")).isEqualTo("succeeded");
        assertThat(run.get("attempt").asInt()).isEqualTo(2);
    }

    private static final String HANDLERS = """
        steps:
          - %s
          - { run: 'echo success $LEPRECHAUN_OUTCOME >> told', when: success }
          - { run: 'echo failure $LEPRECHAUN_OUTCOME >> told', when: failure }
          - { run: 'echo always $LEPRECHAUN_OUTCOME >> told', when: always }
          - echo plain >> told
        """;

    @Test
    void steps_have_their_turn_as_it_goes() throws Exception {
        var daemon = place.recipe("good", HANDLERS.formatted("true x"))
                .recipe("bad", HANDLERS.formatted("false x"))
                .recipe("must", HANDLERS.formatted("! false x"))
                .start();
        assertThat(states(daemon.runToEnd("good")))
                .containsExactly("succeeded", "succeeded", "not_run", "succeeded", "succeeded");
        assertThat(lines("told")).containsExactly("success succeeded", "always succeeded", "plain");
        assertThat(states(daemon.runToEnd("bad")))
                .containsExactly("failed", "not_run", "succeeded", "succeeded", "succeeded");
        assertThat(lines("told")).hasSize(6).endsWith("failure failed", "always failed", "plain");
        JsonNode must = daemon.runToEnd("must");
        assertThat(states(must)).containsExactly("failed", "not_run", "succeeded", "succeeded", "not_run");
        assertThat(text(must, "state")).isEqualTo("failed");
        assertThat(lines("told")).hasSize(8).endsWith("failure failed", "always failed");
    }

    @Test
    void handlers_run_after_a_kill_and_after_a_timeout() throws Exception {
        var daemon = place.recipe("killed", HANDLERS.formatted("touch up; sleep 600"))
                .recipe("late", "timeout: 1s\n" + HANDLERS.formatted("sleep 600"))
                .start();
        long id = daemon.begin("killed");
        eventually(() -> assertThat(place.work().resolve("up")).exists());
        place.client("kill", Long.toString(id));
        JsonNode killed = daemon.over(id);
        assertThat(text(killed, "state")).isEqualTo("killed");
        assertThat(states(killed)).containsExactly("killed", "not_run", "succeeded", "succeeded", "not_run");
        assertThat(lines("told")).containsExactly("failure killed", "always killed");
        JsonNode late = daemon.runToEnd("late");
        assertThat(text(late, "state")).isEqualTo("timed_out");
        assertThat(states(late)).containsExactly("timed_out", "not_run", "succeeded", "succeeded", "not_run");
        assertThat(lines("told")).endsWith("failure timed_out", "always timed_out");
    }

    @Test
    void handlers_have_no_longer_than_the_grace() throws Exception {
        var daemon = place.recipe("slow", """
            grace: 1s
            steps:
              - touch up; sleep 600
              - { run: "trap '' TERM; setsid sleep 600 & sleep 600", when: always }
              - { run: touch never, when: always }
            """).start();
        long id = daemon.begin("slow");
        eventually(() -> assertThat(place.work().resolve("up")).exists());
        long before = System.nanoTime();
        place.client("kill", Long.toString(id));
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(20));
        JsonNode run = daemon.over(id);
        assertThat(text(run, "state")).isEqualTo("killed");
        assertThat(states(run)).containsExactly("killed", "killed", "not_run");
        assertThat(place.work().resolve("never")).doesNotExist();
        assertThat(place.stepsAlive()).isEmpty();
    }

    /** A stop does not wait for waiting runs: otherwise it would take its whole minute, and then kill the run. */
    @Test
    void a_run_that_fails_while_the_daemon_stops_holds_it_up_no_longer_and_is_tried_again_by_the_next()
            throws Exception {
        var daemon = place.recipe("flaky", FAILS_WHEN_TOLD).start();
        long id = daemon.begin("flaky");
        eventually(() -> assertThat(lines("up")).hasSize(1));
        daemon.signal();
        eventually(() -> assertThat(place.client("run", "flaky").code()).isNotZero()); // it is stopping
        long begin = System.nanoTime();
        place.touch("go");
        assertThat(daemon.awaitExit()).isZero();
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(20));
        JsonNode run = place.start().over(id);
        assertThat(text(run, "state")).isEqualTo("succeeded");
        assertThat(run.get("attempt").asInt()).isEqualTo(2);
    }

    @Test
    void a_run_that_fails_while_its_agent_stops_holds_it_up_no_longer_and_is_tried_again_after_the_start()
            throws Exception {
        var daemon = place.recipe("flaky", FAILS_WHEN_TOLD).start();
        long id = daemon.begin("flaky");
        eventually(() -> assertThat(lines("up")).hasSize(1));
        var stop = place.beginClient("scheduler", "stop");
        eventually(
                () -> assertThat(text(daemon.ask("/scheduler/info"), "status")).isEqualTo("stopped"));
        place.touch("go");
        assertThat(stop.end().code()).isZero();
        assertThat(text(daemon.run(id), "state")).isEqualTo("waiting");
        assertThat(place.client("scheduler", "start").code()).isZero();
        assertThat(text(daemon.over(id), "state")).isEqualTo("succeeded");
    }

    @Test
    void a_run_is_done_again_with_what_it_was_given_from_the_step_that_failed() throws Exception {
        var daemon = place.recipe("deploy", """
            steps:
              - echo $LEPRECHAUN_TRIGGER built $LEPRECHAUN_PARAM_BRANCH
              - '! test -e go'
              - echo $LEPRECHAUN_TRIGGER sent $LEPRECHAUN_PARAM_BRANCH | tee sent
            """).start();
        var first = place.client("run", "deploy", "-p", "branch=main", "--wait");
        assertThat(first.code()).isEqualTo(1);
        String id = text(daemon.runs("deploy").getFirst(), "id");
        Files.createFile(place.work().resolve("go"));
        var again = place.client("retry", id, "--from-step", "2", "--wait", "--json");
        assertThat(again.code()).as(again.err()).isZero();
        JsonNode run = again.json().get("run");
        assertThat(text(run, "trigger")).isEqualTo("retry");
        assertThat(text(run, "requested_by")).contains("(retry of run " + id + ")");
        assertThat(states(run)).containsExactly("not_run", "succeeded", "succeeded");
        assertThat(place.client("logs", text(run, "id")).out()).isEqualTo("retry sent main\n");
        assertThat(lines("sent")).containsExactly("retry sent main");
        var whole = place.client("retry", id, "--wait", "--json");
        assertThat(states(whole.json().get("run"))).containsExactly("succeeded", "succeeded", "succeeded");
    }

    @Test
    void what_cannot_be_done_again_is_refused_with_the_reason() throws Exception {
        var daemon = place.recipe("pipe", "steps: [ 'echo a }>', cat, echo b ]\n")
                .recipe("long", "steps: [ 'sleep 1000' ]\n")
                .start();
        String id = text(daemon.runToEnd("pipe"), "id");
        var inside = place.client("retry", id, "--from-step", "2");
        assertThat(inside.code()).isEqualTo(2);
        assertThat(inside.err()).contains("use the first step of the pipeline");
        assertThat(place.client("retry", id, "--from-step", "4").code()).isEqualTo(3);
        String running = Long.toString(daemon.begin("long"));
        var early = place.client("retry", running);
        assertThat(early.code()).isEqualTo(4);
        assertThat(early.err()).contains("is running");
        assertThat(place.client("retry", "9999").code()).isEqualTo(3);
        place.recipe("hooked", "{ definition: hook, id: HOOKED, steps: [ cat ] }");
        place.client("daemon", "reload");
        place.client("pause", "hooked");
        daemon.post("/hook?id=HOOKED");
        var held = place.client("retry", text(daemon.runs("hooked").getFirst(), "id"));
        assertThat(held.code()).isEqualTo(4);
        assertThat(held.err())
                .contains("was not kept, because it started nothing; use `leprechaun run hooked` to run the recipe");
    }

    @Test
    void a_run_as_scheduled_finds_what_a_scheduled_one_does() throws Exception {
        var daemon = place.recipe("nightly", """
            definition: cron
            pattern: '0 3 1 1 *'
            steps: [ 'env | grep -v -e RUN= -e MARK= -e SCHEDULED_AT= | sort; test -n "$LEPRECHAUN_SCHEDULED_AT"' ]
            """).start();
        assertThat(place.client("run", "nightly", "--as-scheduled", "--wait").code())
                .isZero();
        assertThat(place.client("logs", "nightly").out()).contains("LEPRECHAUN_TRIGGER=cron", "LEPRECHAUN_AGENT=cron");
        assertThat(text(daemon.runs("nightly").getFirst(), "trigger"))
                .as("the ledger of what was due stays true")
                .isEqualTo("manual");
    }
}
