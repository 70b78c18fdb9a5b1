package io.leprechaun.daemon.e2e;

import static io.leprechaun.daemon.e2e.Installation.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

/** The output of runs is kept under a cap, true to its offsets, and never in the heap. */
@Timeout(180)
class OutputTest extends OutputFixture {
    OutputTest() {
        super(Installation.here());
    }

    private static final Pattern NOTICE =
            Pattern.compile("\n\\[leprechaun: [0-9.]+ [KMGT]iB were not kept, bytes ([0-9]+) to ([0-9]+)]\n");

    @Test
    void head_and_tail_are_kept_and_the_offsets_stay_true() throws Exception {
        var daemon = place.recipe("loud", "history: { output: 1m }\nsteps: [ 'seq 1000000' ]\n")
                .start();
        JsonNode run = daemon.runToEnd("loud");
        assertThat(text(run, "state")).isEqualTo("succeeded");
        long id = run.get("id").asLong();
        JsonNode step = run.get("steps").get(0);
        assertThat(step.get("printed").asLong()).isEqualTo(6_888_896);
        assertThat(step.get("dropped").asLong()).isBetween(6_888_896 - MIB, 6_888_896 - MIB / 2);
        assertThat(text(run, "reason")).startsWith("step 1 printed 6.6 MiB, dropped ");
        assertThat(occupied(log(id, 1))).isLessThanOrEqualTo(MIB);

        String output = daemon.output(id);
        Matcher notice = NOTICE.matcher(output);
        assertThat(notice.find()).as(output.substring(0, 100)).isTrue();
        int from = Integer.parseInt(notice.group(1));
        int to = Integer.parseInt(notice.group(2));
        assertThat(output.substring(0, notice.start())).hasSize(from).startsWith("1\n2\n3\n");
        assertThat(output.substring(notice.end())).hasSize(6_888_896 - to).endsWith("\n999999\n1000000\n");
        assertThat(daemon.api()
                        .send("GET", "/history/logs?args=loud&args=--from&args=" + to)
                        .body())
                .isEqualTo(output.substring(notice.end()));
        assertThat(daemon.api()
                        .send("GET", "/history/logs?args=loud&args=--from&args=" + (to - 10))
                        .body())
                .contains("10 bytes were not kept, bytes " + (to - 10) + " to " + to);
    }

    @Test
    void a_stream_that_is_opened_again_keeps_what_was_printed_before() throws Exception {
        var daemon = place.recipe(
                        "words",
                        "steps: [ 'echo 1; echo 2 > /dev/stderr; echo 3 | tee /dev/stderr > /dev/null; echo 4 >"
                                + " /dev/stdout' ]\n")
                .start();
        assertThat(daemon.output(daemon.runToEnd("words").get("id").asLong())).isEqualTo("1\n2\n3\n4\n");
    }

    @Test
    void many_loud_steps_share_the_cap() throws Exception {
        var daemon = place.recipe(
                        "loud",
                        "history: { output: 1m }\n"
                                + "steps:\n"
                                + "  - seq 100000\n"
                                + "  - echo short\n"
                                + "  - head -c 3000000 /dev/zero\n"
                                + "  - -> seq 200000\n")
                .start();
        JsonNode run = daemon.runToEnd("loud");
        long id = run.get("id").asLong();
        long all = 0;
        for (int step = 1; step <= 4; step++) {
            all += occupied(log(id, step));
        }
        assertThat(all).isLessThanOrEqualTo(MIB + 4 * 4096);
        assertThat(daemon.api()
                        .send("GET", "/history/logs?args=loud&args=--step&args=2")
                        .body())
                .isEqualTo("short\n");
    }

    @Test
    void what_is_being_printed_is_followed_from_any_offset_through_the_hole() throws Exception {
        var daemon = place.recipe(
                        "loud",
                        "history: { output: 64k }\n"
                                + "steps: [ 'until test -e go; do sleep 0.05; done; seq 200000; until test -e end; do"
                                + " sleep 0.05; done; echo over' ]\n")
                .start();
        long id = daemon.begin("loud");
        var follower = place.beginClient("logs", "-f", Long.toString(id), "--from", "4");
        place.touch("go");
        eventually(() -> assertThat(follower.printed()).contains("\n200000\n"));
        place.touch("end");
        var ended = follower.end();
        assertThat(ended.code()).isZero();
        String kept = NOTICE.matcher(ended.out()).replaceAll("\n");
        assertThat(ended.out()).startsWith("3\n4\n").endsWith("\n199999\n200000\nover\n");
        assertThat(kept.lines().mapToInt(String::length).max().orElse(0)).isLessThanOrEqualTo(6);
    }

    @Test
    void what_a_run_left_behind_stays_under_the_cap_too() throws Exception {
        var daemon = place.recipe(
                        "service",
                        "history: { output: 64k }\n"
                                + "steps: [ 'setsid sh -c \"sleep 1; seq 300000; sleep 600\" & true' ]\n")
                .start();
        long id = daemon.runToEnd("service").get("id").asLong();
        eventually(() -> assertThat(log(id, 1)).content().endsWith("300000\n"));
        eventually(() -> assertThat(occupied(log(id, 1))).isLessThanOrEqualTo(64 * 1024 + 4096));
    }
}
