package io.leprechaun.daemon.e2e;

import static io.leprechaun.daemon.e2e.Installation.eventually;
import static io.leprechaun.daemon.e2e.Installation.lines;
import static io.leprechaun.daemon.e2e.RunningDaemon.list;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

/** The bounded stack, the bounded queue, and their cost. */
@Timeout(180)
class WorkersTest {
    private static final String UNTIL_GO =
            "steps: [ 'until test -e go; do sleep 0.1; done; echo $LEPRECHAUN_RUN >> ran' ]\n";

    @RegisterExtension
    private final Installation place = Installation.here();

    private List<Long> ran() {
        return lines(place.work().resolve("ran")).stream().map(Long::valueOf).toList();
    }

    private static int info(RunningDaemon daemon, String key) throws IOException {
        return daemon.ask("/server/info").get(key).asInt();
    }

    @Test
    void two_work_and_five_wait_and_the_eighth_is_told_to_come_again() throws Exception {
        var daemon = place.settings("workers: { max: 2, queue: 5 }")
                .recipe("hook", "definition: hook\nid: knock\noverlap: parallel\n" + UNTIL_GO)
                .start();
        var accepted = new HashSet<Long>();
        for (var answer : daemon.postMany("/hook?id=knock", 7, 7)) {
            accepted.add(RunningDaemon.ticket(answer));
        }
        assertThat(accepted).hasSize(7);
        assertThat(info(daemon, "running")).isEqualTo(2);
        assertThat(info(daemon, "queued")).isEqualTo(5);

        var eighth = daemon.post("/hook?id=knock");
        assertThat(eighth.statusCode()).isEqualTo(429);
        assertThat(eighth.headers().firstValueAsLong("Retry-After").orElse(0)).isPositive();
        JsonNode rejected = daemon.runs("hook").getLast();
        assertThat(rejected.get("state").asString()).isEqualTo("rejected");
        assertThat(rejected.get("trigger").asString()).isEqualTo("hook");
        assertThat(rejected.get("reason").asString()).contains("queue is full");

        place.touch("go");
        eventually(() -> assertThat(ran()).containsExactlyInAnyOrderElementsOf(accepted));
        eventually(() -> assertThat(info(daemon, "running")).isZero());
        assertThat(daemon.runs("hook"))
                .filteredOn(run -> accepted.contains(run.get("id").asLong()))
                .allSatisfy(run -> assertThat(run.get("state").asString()).isEqualTo("succeeded"));
    }

    @Tag("proof")
    @Test
    void a_thousand_hooks_at_once_all_run_and_one_recipe_runs_them_in_the_order_of_their_numbers() throws Exception {
        var daemon = place.settings("workers: { queue: 5000 }")
                .recipe("hook", "definition: hook\nid: knock\nsteps: [ 'echo $LEPRECHAUN_RUN >> ran' ]\n")
                .start();
        var accepted = new ArrayList<Long>();
        for (var answer : daemon.postMany("/hook?id=knock", 1000, 64)) {
            accepted.add(RunningDaemon.ticket(answer));
        }
        eventually(() -> assertThat(ran()).hasSize(1000));
        assertThat(ran()).containsExactlyElementsOf(accepted.stream().sorted().toList());
        eventually(() -> assertThat(daemon.runs("hook"))
                .hasSize(1000)
                .allSatisfy(run -> assertThat(run.get("state").asString()).isEqualTo("succeeded")));
    }

    @Test
    void a_worker_is_killed_by_its_name() throws Exception {
        var daemon = place.recipe("hook", "definition: hook\nid: knock\nsteps: [ sleep 600, echo after ]\n")
                .start();
        long id = RunningDaemon.ticket(daemon.get("/hook?id=knock"));
        eventually(() -> assertThat(place.stepsAlive()).isNotEmpty());
        assertThat(place.client("server", "workers:list").out()).contains("hook", Long.toString(id));
        assertThat(place.client("scheduler", "workers:kill", "hook").code()).isEqualTo(3);
        assertThat(place.client("server", "workers:kill", "ho").code()).isEqualTo(3);
        var killed = place.client("server", "workers:kill", "hook", "--json");
        assertThat(killed.code()).isZero();
        JsonNode run = killed.json().get("runs").get(0);
        assertThat(run.get("id").asLong()).isEqualTo(id);
        assertThat(run.get("state").asString()).isEqualTo("killed");
        assertThat(list(run.get("steps")))
                .extracting(step -> step.get("state").asString())
                .containsExactly("killed", "not_run");
        assertThat(place.stepsAlive()).isEmpty();
        assertThat(place.json("server", "workers:list").get("workers").size()).isZero();
    }

    @Test
    void of_parallel_workers_the_named_run_is_killed_and_no_other() throws Exception {
        var daemon = place.recipe("many", "overlap: parallel\nsteps: [ exec sleep 600 ]\n")
                .start();
        long one = daemon.begin("many");
        long other = daemon.begin("many");
        eventually(() -> assertThat(place.stepsAlive()).hasSize(2));
        assertThat(list(daemon.ask("/scheduler/workers/list").get("workers")))
                .extracting(worker -> worker.get("name").asString())
                .containsExactly("many#" + one, "many#" + other);
        assertThat(place.client("scheduler", "workers:kill", "many#" + one).code())
                .isZero();
        assertThat(daemon.run(one).get("state").asString()).isEqualTo("killed");
        assertThat(daemon.run(other).get("state").asString()).isEqualTo("running");
        assertThat(place.stepsAlive()).hasSize(1);
    }

    @Test
    void a_run_is_dropped_from_the_queue_and_the_others_keep_their_order() throws Exception {
        var daemon = place.recipe("line", "overlap: queue\n" + UNTIL_GO).start();
        long first = daemon.begin("line");
        long second = daemon.begin("line");
        long third = daemon.begin("line");
        assertThat(place.client("scheduler", "queue:drop", Long.toString(first)).code())
                .as("it works and does not wait")
                .isEqualTo(3);
        assertThat(place.client("scheduler", "queue:drop", "line").code()).isEqualTo(2);
        assertThat(place.client("scheduler", "queue:drop", Long.toString(second))
                        .code())
                .isZero();
        assertThat(list(place.json("scheduler", "queue:list").get("queue")))
                .extracting(waiting -> waiting.get("run").asLong())
                .containsExactly(third);
        place.touch("go");
        eventually(() -> assertThat(ran()).containsExactly(first, third));
        JsonNode dropped = daemon.run(second);
        assertThat(dropped.get("state").asString()).isEqualTo("killed");
        assertThat(dropped.get("reason").asString()).contains("dropped");
        assertThat(dropped.get("started_at").isNull()).isTrue();
    }

    @Test
    void a_recipe_that_may_queue_runs_one_at_a_time_in_the_order_it_was_asked_for() throws Exception {
        var daemon = place.recipe("line", """
            overlap: queue
            steps: [ 'test ! -e busy && touch busy && echo $LEPRECHAUN_RUN >> ran; rm busy' ]
            """).start();
        var asked = LongStream.range(0, 20).map(i -> begin(daemon)).boxed().toList();
        eventually(() -> assertThat(ran()).containsExactlyElementsOf(asked));
    }

    private static long begin(RunningDaemon daemon) {
        try {
            return daemon.begin("line");
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
