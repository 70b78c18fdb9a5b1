package io.leprechaun.daemon.e2e;

import static io.leprechaun.daemon.e2e.Installation.eventually;
import static io.leprechaun.daemon.e2e.Installation.lines;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

/** {@code start}, {@code stop} and {@code pause}. */
@Timeout(180)
class StoppedAgentTest {
    private static final String EACH_SECOND = """
        definition: cron
        pattern: "* * * * * *"
        overlap: parallel
        steps: [ 'echo "$LEPRECHAUN_SCHEDULED_AT" >> fired' ]
        """;

    @RegisterExtension
    private final Installation place = Installation.here();

    private List<String> fired() {
        return lines(place.work().resolve("fired"));
    }

    /** Waits until it has fired this many more times. */
    private void firesAgain(int times) {
        int before = fired().size();
        eventually(() -> assertThat(fired()).hasSizeGreaterThanOrEqualTo(before + times));
    }

    private static JsonNode newest(RunningDaemon daemon, String recipe) throws Exception {
        return daemon.runs(recipe).getLast();
    }

    @Test
    void while_paused_nothing_fires_and_what_was_due_is_one_row_with_its_count() throws Exception {
        var daemon = place.recipe("each", EACH_SECOND).start();
        firesAgain(2);
        assertThat(place.client("cron", "pause").code()).isZero();
        assertThat(place.json("cron", "info").get("status").asString()).isEqualTo("paused");
        eventually(() ->
                assertThat(daemon.ask("/cron/info").get("running").asInt()).isZero());
        var before = fired();
        eventually(() -> assertThat(newest(daemon, "each").get("count").asInt()).isGreaterThanOrEqualTo(3));
        assertThat(fired()).isEqualTo(before);
        JsonNode held = newest(daemon, "each");
        assertThat(held.get("state").asString()).isEqualTo("held");
        assertThat(held.get("trigger").asString()).isEqualTo("cron");
        assertThat(held.get("reason").asString()).contains("paused");
        var first = OffsetDateTime.parse(held.get("due_at").asString());
        var last = OffsetDateTime.parse(held.get("due_until").asString());
        assertThat(Duration.between(first, last).toSeconds())
                .isEqualTo(held.get("count").asInt() - 1);
        assertThat(daemon.runs("each"))
                .filteredOn(run -> run.get("state").asString().equals("held"))
                .hasSize(1);

        assertThat(place.client("cron", "start").code()).isZero();
        firesAgain(2);
        assertThat(place.json("cron", "info").get("status").asString()).isEqualTo("started");
        assertThat(new HashSet<>(fired())).as("no due instant fires twice").hasSameSizeAs(fired());
        assertThat(fired())
                .as("what was held is not replayed")
                .noneSatisfy(at -> assertThat(OffsetDateTime.parse(at)).isBetween(first, last));
    }

    @Test
    void starting_again_and_again_never_doubles() throws Exception {
        place.recipe("each", EACH_SECOND).start();
        for (int i = 0; i < 3; i++) {
            place.client("cron", "stop");
            place.client("cron", "start");
            place.client("cron", "start");
            place.client("cron", "pause");
            place.client("cron", "pause");
            place.client("cron", "start");
        }
        firesAgain(4);
        assertThat(new HashSet<>(fired())).hasSameSizeAs(fired());
    }

    @Test
    void an_interval_fires_once_a_period_after_stops_and_starts() throws Exception {
        var daemon = place.recipe("each", """
            definition: schedule
            schedule: { sec: 1 }
            overlap: parallel
            steps: [ 'echo "$LEPRECHAUN_SCHEDULED_AT" >> fired' ]
            """).start();
        firesAgain(2);
        for (int i = 0; i < 3; i++) {
            place.client("scheduler", "stop");
            place.client("scheduler", "start");
        }
        firesAgain(3);
        assertThat(new HashSet<>(fired())).hasSameSizeAs(fired());
        assertThat(daemon.log()).doesNotContain("ERROR");
    }

    @Test
    void stop_waits_for_what_runs() throws Exception {
        var daemon = place.recipe("slow", "steps: [ 'until test -e go; do sleep 0.1; done' ]\n")
                .start();
        long id = daemon.begin("slow");
        eventually(() -> assertThat(place.stepsAlive()).isNotEmpty());
        var stop = place.beginClient("scheduler", "stop");
        eventually(() -> assertThat(daemon.ask("/scheduler/info").get("status").asString())
                .isEqualTo("stopped"));
        assertThat(stop.process().isAlive()).isTrue();
        assertThat(daemon.run(id).get("state").asString()).isEqualTo("running");
        place.touch("go");
        assertThat(stop.end().code()).isZero();
        assertThat(daemon.run(id).get("state").asString()).isEqualTo("succeeded");
    }

    @Test
    void stop_now_kills_what_runs() throws Exception {
        var daemon = place.recipe("slow", "steps: [ sleep 600 ]\n").start();
        long id = daemon.begin("slow");
        eventually(() -> assertThat(place.stepsAlive()).isNotEmpty());
        assertThat(place.client("scheduler", "stop", "--now").code()).isZero();
        assertThat(daemon.run(id).get("state").asString()).isEqualTo("killed");
        assertThat(place.stepsAlive()).isEmpty();
    }

    @Test
    void what_is_queued_waits_through_pause_and_stop_and_runs_in_order_after_start() throws Exception {
        var daemon = place.settings("workers: { max: 1 }")
                .recipe("first", "steps: [ 'until test -e go; do sleep 0.1; done' ]\n")
                .recipe("next", "overlap: queue\nsteps: [ 'echo $LEPRECHAUN_RUN >> ran' ]\n")
                .start();
        daemon.begin("first");
        var waiting = List.of(daemon.begin("next"), daemon.begin("next"), daemon.begin("next"));
        place.client("scheduler", "pause");
        place.touch("go");
        eventually(() ->
                assertThat(daemon.ask("/scheduler/info").get("running").asInt()).isZero());
        assertThat(place.json("scheduler", "info").get("queued").asInt()).isEqualTo(3);
        place.client("scheduler", "stop");
        assertThat(place.json("scheduler", "info").get("queued").asInt()).isEqualTo(3);
        assertThat(lines(place.work().resolve("ran"))).isEmpty();
        place.client("scheduler", "start");
        eventually(() -> assertThat(lines(place.work().resolve("ran")))
                .containsExactlyElementsOf(waiting.stream().map(String::valueOf).toList()));
    }

    @Test
    void what_was_due_while_stopped_is_missed() throws Exception {
        var daemon = place.recipe("each", EACH_SECOND).start();
        firesAgain(1);
        place.client("cron", "stop");
        Instant stopped = Instant.now();
        eventually(() -> assertThat(Instant.now()).isAfter(stopped.plusSeconds(3)));
        place.client("cron", "start");
        firesAgain(1);
        var missed = daemon.runs("each").stream()
                .filter(run -> run.get("state").asString().equals("missed"))
                .toList();
        assertThat(missed).hasSize(1);
        assertThat(missed.getFirst().get("count").asInt()).isGreaterThanOrEqualTo(2);
        assertThat(missed.getFirst().get("reason").asString()).contains("stopped");
        assertThat(new HashSet<>(fired())).hasSameSizeAs(fired());
    }
}
