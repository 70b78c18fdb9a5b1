package io.leprechaun.daemon.e2e;

import static io.leprechaun.daemon.e2e.Installation.eventually;
import static io.leprechaun.daemon.e2e.Installation.lines;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

/** The requested end of the daemon. */
@Timeout(180)
class StopTest {
    private static final String LONG =
            "on_stop: kill\nsteps: [ 'setsid sleep 600 & touch up; sleep 600', echo never ]\n";

    @RegisterExtension
    private final Installation place = Installation.here();

    private void isUp() {
        eventually(() -> assertThat(place.work().resolve("up")).exists());
    }

    @Test
    void daemon_kill_ends_it_with_all_its_runs() throws Exception {
        var daemon = place.recipe("long", LONG).start();
        long id = daemon.begin("long");
        isUp();
        assertThat(place.client("daemon", "kill").code()).isZero();
        assertThat(daemon.awaitExit()).isZero();
        assertThat(place.socket()).doesNotExist();
        assertThat(place.stepsAlive()).isEmpty();
        assertThat(place.client("daemon", "info").code()).isEqualTo(5);
        assertThat(place.start().run(id).get("state").asString()).isEqualTo("killed");
    }

    @Test
    void a_sigterm_ends_it_with_all_its_runs_which_are_killed_and_not_lost() throws Exception {
        var daemon = place.recipe("long", LONG).start();
        long id = daemon.begin("long");
        isUp();
        assertThat(daemon.stop()).isZero();
        assertThat(place.socket()).doesNotExist();
        assertThat(place.stepsAlive()).isEmpty();
        JsonNode run = place.start().run(id);
        assertThat(run.get("state").asString()).isEqualTo("killed");
        assertThat(run.get("reason").asString()).contains("the daemon was stopped");
    }

    @Test
    void a_second_sigterm_does_no_harm() throws Exception {
        var daemon = place.recipe(
                        "stubborn",
                        "on_stop: kill\ngrace: 1s\nsteps: [ \"trap '' TERM; touch up; while :; do sleep 1; done\" ]\n")
                .start();
        long id = daemon.begin("stubborn");
        isUp();
        for (int i = 0; i < 5; i++) {
            daemon.signal();
        }
        assertThat(daemon.stop()).isZero();
        assertThat(place.stepsAlive()).isEmpty();
        assertThat(place.start().run(id).get("state").asString()).isEqualTo("killed");
    }

    @Test
    void a_recipe_that_asks_for_it_is_waited_for() throws Exception {
        var daemon = place.recipe(
                        "patient",
                        "on_stop: wait\nsteps: [ 'touch up; until test -e go; do sleep 0.1; done', touch done ]\n")
                .start();
        long id = daemon.begin("patient");
        isUp();
        daemon.signal();
        eventually(() -> assertThat(place.client("run", "patient").code()).isNotZero());
        assertThat(daemon.isAlive()).isTrue();
        place.touch("go");
        assertThat(daemon.awaitExit()).isZero();
        assertThat(place.work().resolve("done")).exists();
        assertThat(place.start().run(id).get("state").asString()).isEqualTo("succeeded");
    }

    @Test
    void what_waits_stays_and_runs_after_the_next_start() throws Exception {
        var daemon = place.settings("workers: { max: 1 }")
                .recipe("long", LONG)
                .recipe("next", "overlap: queue\nsteps: [ 'echo $LEPRECHAUN_RUN >> ran' ]\n")
                .start();
        daemon.begin("long");
        long one = daemon.begin("next");
        long two = daemon.begin("next");
        assertThat(daemon.stop()).isZero();
        assertThat(place.work().resolve("ran")).doesNotExist();
        place.start();
        eventually(() -> assertThat(lines(place.work().resolve("ran"))).containsExactly(one + "", two + ""));
    }

    @Test
    void hooks_are_accepted_or_to_come_again_while_it_stops() throws Exception {
        place.recipe("quick", "definition: hook\nid: an-id-of-a-hook\noverlap: parallel\nsteps: [ 'true' ]\n")
                .recipe("long", "definition: hook\nid: another-id\n" + LONG);
        var daemon = place.start();
        var answers = new ConcurrentLinkedQueue<HttpResponse<String>>();
        Callable<HttpResponse<String>> quick = () -> daemon.post("/hook?id=an-id-of-a-hook");
        Callable<HttpResponse<String>> waiting = () -> daemon.post("/hook?id=another-id&wait=1m");
        try (var senders = Executors.newVirtualThreadPerTaskExecutor()) {
            var killed = senders.submit(waiting);
            isUp();
            var queued = senders.submit(waiting);
            eventually(() -> assertThat(daemon.runs("long")).hasSize(2));
            var sending = Stream.generate(() -> senders.submit(() -> sendUntilRefused(quick, answers)))
                    .limit(4)
                    .toList();
            eventually(() -> assertThat(answers).hasSizeGreaterThan(20));
            assertThat(daemon.stop()).isZero();
            for (var sender : sending) {
                sender.get();
            }
            assertThat(killed.get().statusCode()).isEqualTo(503);
            assertThat(killed.get().body()).contains("\"killed\"");
            assertThat(queued.get().statusCode()).isEqualTo(202);
            answers.add(killed.get());
        }
        assertThat(answers).allSatisfy(answer -> {
            assertThat(answer.statusCode()).as(answer.body()).isIn(202, 429, 503);
            assertThat(answer.headers().firstValue("Retry-After").isPresent())
                    .as("%s %s", answer.statusCode(), answer.body())
                    .isEqualTo(answer.statusCode() != 202);
        });
        assertThat(daemon.log()).doesNotContain("cut off");
        place.assertVerified();
    }

    private static boolean sendUntilRefused(Callable<HttpResponse<String>> hook, Queue<HttpResponse<String>> answers)
            throws Exception {
        try {
            while (true) {
                answers.add(hook.call());
            }
        } catch (IOException refused) {
            return true;
        }
    }

    @Test
    void who_follows_a_run_is_not_left_hanging() throws Exception {
        var daemon = place.recipe("long", "on_stop: kill\nsteps: [ 'echo begun; sleep 600' ]\n")
                .start();
        var follower = place.beginClient("run", "long", "--follow");
        eventually(() -> assertThat(follower.printed()).contains("begun"));
        assertThat(daemon.stop()).isZero();
        assertThat(follower.end().code()).isNotZero();
    }
}
