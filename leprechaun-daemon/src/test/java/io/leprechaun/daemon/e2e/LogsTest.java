package io.leprechaun.daemon.e2e;

import static io.leprechaun.daemon.e2e.Installation.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The output of steps, during a run and afterwards. */
@Timeout(180)
class LogsTest {
    @RegisterExtension
    private final Installation place = Installation.here();

    private static final String TALK = """
        steps:
          - echo one; echo err >&2
          - echo two; until test -e go; do sleep 0.1; done; echo three
          - -> exit 3
        """;

    @Test
    void a_run_and_a_recipe_and_a_step_have_logs() throws Exception {
        place.touch("go");
        var daemon = place.recipe("talk", TALK).start();
        long first = daemon.runToEnd("talk").get("id").asLong();
        assertThat(place.client("logs", Long.toString(first)).out()).isEqualTo("one\nerr\ntwo\nthree\n");
        assertThat(place.client("logs", "talk").out()).isEqualTo("one\nerr\ntwo\nthree\n");
        assertThat(place.client("logs", "ta").out()).isEqualTo("one\nerr\ntwo\nthree\n");
        assertThat(place.client("logs", "talk", "--step", "2").out()).isEqualTo("two\nthree\n");
        assertThat(place.client("logs", "talk", "--step", "3").out()).isEmpty();
        var file = place.state().resolve("output/" + first / 1000 + "/" + first + "/1-1.log");
        assertThat(file).hasContent("one\nerr\n");
    }

    @Test
    void who_follows_sees_it_come_and_ends_with_the_run() throws Exception {
        var daemon = place.recipe("talk", TALK).start();
        long id = daemon.begin("talk");
        var follower = place.beginClient("logs", "-f", Long.toString(id));
        eventually(() -> assertThat(follower.printed()).isEqualTo("one\nerr\ntwo\n"));
        assertThat(follower.process().isAlive()).isTrue();
        place.touch("go");
        var ended = follower.end();
        assertThat(ended.out()).isEqualTo("one\nerr\ntwo\nthree\n");
        assertThat(ended.code()).isZero();
    }

    @Test
    void run_and_follow_prints_the_output_and_exits_as_the_run_does() throws Exception {
        var daemon = place.recipe("talk", TALK)
                .recipe("good", "steps: [ echo fine ]\n")
                .start();
        var good = place.client("run", "good", "--follow");
        assertThat(good.code()).isZero();
        assertThat(good.out()).isEqualTo("fine\n");
        var follower = place.beginClient("run", "talk", "--follow");
        eventually(() -> assertThat(follower.printed()).isEqualTo("one\nerr\ntwo\n"));
        place.touch("go");
        var bad = follower.end();
        assertThat(bad.code()).isEqualTo(1);
        assertThat(bad.out()).isEqualTo("one\nerr\ntwo\nthree\n");
        assertThat(bad.err())
                .as("which step it is at is said beside what it prints")
                .containsSubsequence("run ", " of talk\n", "[1/", "] failed: exit ", "failed after");
        assertThat(daemon.runs("talk")).hasSize(1);
    }

    @Test
    void the_heading_of_a_step_precedes_its_output_also_after_the_run() throws Exception {
        var daemon = place.recipe("good", "steps: [ 'echo fine; exit 3' ]\n").start();
        long run = daemon.runToEnd("good").get("id").asLong();
        String frames = daemon.api()
                .send("GET", "/history/logs?args=" + run + "&args=-f&args=--framed")
                .body();
        assertThat(frames).containsSubsequence("[1/1] echo fine", "fine\n", "[1/1] failed: exit 3");
    }

    @Test
    void a_reader_that_had_enough_is_no_error_of_the_daemon() throws Exception {
        var daemon = place.recipe("loud", "steps: [ 'head -c 3000000 /dev/zero; sleep 600' ]\n")
                .start();
        long id = daemon.begin("loud");
        var follower = place.beginClient("logs", "-f", Long.toString(id));
        eventually(() -> assertThat(follower.printed()).hasSize(3_000_000));
        follower.process().destroyForcibly().waitFor();
        assertThat(place.client("kill", "loud").code()).isZero();
        assertThat(daemon.log()).doesNotContain("ERROR");
    }
}
