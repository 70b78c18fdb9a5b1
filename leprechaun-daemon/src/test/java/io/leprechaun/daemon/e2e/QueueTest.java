package io.leprechaun.daemon.e2e;

import static io.leprechaun.daemon.e2e.Installation.eventually;
import static io.leprechaun.daemon.e2e.Installation.lines;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** A long queue, a full one, and many simultaneous requests for the same recipe. */
class QueueTest extends QueueFixture {
    QueueTest() {
        super(Installation.here());
    }

    @Test
    void who_finds_the_queue_full_is_told_and_everybody_else_runs() throws Exception {
        settings(2, 8);
        place.recipe("work", hook("an-id-of-a-hook", "parallel", "", "'echo $LEPRECHAUN_RUN >> ran'"));
        RunningDaemon daemon = place.start();
        var answers = daemon.postMany("/hook?id=an-id-of-a-hook", 1000, 100);
        var accepted = answers.stream()
                .filter(answer -> answer.statusCode() == 202)
                .map(RunningDaemon::ticket)
                .toList();
        var refused =
                answers.stream().filter(answer -> answer.statusCode() == 429).toList();

        assertThat(accepted.size() + refused.size()).isEqualTo(1000);
        assertThat(refused)
                .isNotEmpty()
                .allSatisfy(answer ->
                        assertThat(answer.headers().firstValue("Retry-After")).isPresent());
        eventually(() -> assertThat(lines(place.work().resolve("ran")).stream().map(Long::valueOf))
                .containsExactlyInAnyOrderElementsOf(accepted));
        int counted = daemon.runs("work").stream()
                .filter(run -> run.get("state").asString().equals("rejected"))
                .mapToInt(QueueTest::times)
                .sum();
        assertThat(counted).isEqualTo(refused.size());
    }

    /** Returns the count of a record. */
    private static int times(JsonNode run) {
        return run.get("count").asInt();
    }

    @Tag("proof")
    @Test
    void however_many_want_it_at_once_no_recipe_runs_beside_itself() throws Exception {
        settings(8, 1000);
        String alone = "'flock -n lock-$LEPRECHAUN_RECIPE -c \"echo $LEPRECHAUN_RUN >> $LEPRECHAUN_RECIPE\"'";
        for (String overlap : List.of("skip", "queue", "replace")) {
            place.recipe(overlap, hook("the-id-of-" + overlap, overlap, "", alone));
        }
        RunningDaemon daemon = place.start();
        var ran = new AtomicInteger();
        for (int round = 0; round < 3; round++) {
            for (String overlap : List.of("skip", "queue", "replace")) {
                for (var answer : daemon.postMany("/hook?id=the-id-of-" + overlap, 100, 50)) {
                    assertThat(answer.statusCode()).isIn(202, 409);
                    ran.addAndGet(answer.statusCode() == 202 ? 1 : 0);
                }
            }
        }
        daemon.awaitIdle("server");
        assertThat(ran.get()).isGreaterThan(300);
        for (String overlap : List.of("skip", "queue", "replace")) {
            assertThat(daemon.runs(overlap))
                    .as("who found the lock taken has failed")
                    .allSatisfy(run -> assertThat(run.get("state").asString()).isIn("succeeded", "killed", "skipped"));
        }
        assertThat(lines(place.work().resolve("queue"))).hasSize(300).doesNotHaveDuplicates();
    }
}
