package io.leprechaun.daemon.e2e;

import static io.leprechaun.daemon.e2e.Installation.JSON;
import static io.leprechaun.daemon.e2e.Installation.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The metrics at the socket and in a file, and the checks of the daemon. */
@Timeout(180)
class MetricsTest {
    @RegisterExtension
    private final Installation place = Installation.here();

    private static Map<String, Double> metrics(RunningDaemon daemon) throws Exception {
        var answer = daemon.api().send("GET", "/metrics");
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("content-type")).contains("text/plain; version=0.0.4; charset=utf-8");
        return MetricsPage.parse(answer.body());
    }

    @Test
    void runs_are_counted_where_they_end_and_recipes_have_their_past() throws Exception {
        var daemon = place.recipe("good", "definition: cron\npattern: '30 2 * * *'\ntimezone: UTC\nsteps: [ 'true' ]\n")
                .recipe("bad", "steps: [ 'exit 3' ]\n")
                .recipe("long", "steps: [ 'until test -e go; do sleep 0.1; done' ]\n")
                .recipe("broken", "stepz: [ 'true' ]\n")
                .recipe("hook", "definition: hook\nid: knock\nsteps: [ 'true' ]\n")
                .start();
        for (int i = 0; i < 3; i++) {
            daemon.over(daemon.begin("good"));
        }
        daemon.over(daemon.begin("bad"));
        daemon.over(daemon.begin("bad"));
        daemon.begin("long");
        assertThat(daemon.post("/hook?id=knock").statusCode()).isEqualTo(202);
        assertThat(daemon.post("/hook?id=nothing").statusCode()).isEqualTo(404);
        assertThat(place.client("pause", "bad").code()).isZero();
        eventually(() -> assertThat(metrics(daemon))
                .containsEntry("leprechaun_runs_total{recipe=\"good\",trigger=\"manual\",state=\"succeeded\"}", 3.0)
                .containsEntry("leprechaun_runs_total{recipe=\"bad\",trigger=\"manual\",state=\"failed\"}", 2.0)
                .containsEntry("leprechaun_runs_total{recipe=\"hook\",trigger=\"hook\",state=\"succeeded\"}", 1.0)
                .containsEntry("leprechaun_recipe_failures_in_a_row{recipe=\"bad\"}", 2.0)
                .containsEntry("leprechaun_recipe_failures_in_a_row{recipe=\"good\"}", 0.0)
                .containsEntry("leprechaun_recipe_expected_gap_seconds{recipe=\"good\"}", 86_400.0)
                .containsKey("leprechaun_recipe_usual_duration_seconds{recipe=\"good\"}")
                .containsKey("leprechaun_recipe_last_success_timestamp_seconds{recipe=\"good\"}")
                .containsKey("leprechaun_recipe_next_due_timestamp_seconds{recipe=\"good\"}")
                .containsKey("leprechaun_recipe_last_end_timestamp_seconds{recipe=\"bad\"}")
                .doesNotContainKey("leprechaun_recipe_last_success_timestamp_seconds{recipe=\"bad\"}")
                .doesNotContainKey("leprechaun_recipe_expected_gap_seconds{recipe=\"bad\"}")
                .containsEntry("leprechaun_recipe_broken{recipe=\"broken\"}", 1.0)
                .containsEntry("leprechaun_recipe_paused{recipe=\"bad\"}", 1.0)
                .containsEntry("leprechaun_recipes{status=\"broken\"}", 1.0)
                .containsEntry("leprechaun_recipes{status=\"paused\"}", 1.0)
                .containsEntry("leprechaun_recipes{status=\"ok\"}", 3.0)
                .containsEntry("leprechaun_hook_requests_total{recipe=\"hook\",code=\"202\"}", 1.0)
                .containsEntry("leprechaun_hook_requests_total{recipe=\"\",code=\"404\"}", 1.0)
                .containsEntry("leprechaun_http_requests_total{listener=\"hooks\",code=\"202\"}", 1.0)
                .containsEntry("leprechaun_http_requests_total{listener=\"hooks\",code=\"404\"}", 1.0)
                .containsEntry("leprechaun_healthy", 1.0)
                .containsEntry("leprechaun_series_dropped", 0.0));
        var now = metrics(daemon);
        assertThat(now.get("leprechaun_recipe_running_seconds{recipe=\"long\"}"))
                .isPositive();
        assertThat(now.get("leprechaun_commit_seconds_count")).isGreaterThan(6);
        assertThat(now.entrySet().stream()
                        .filter(one -> one.getKey().startsWith("leprechaun_run_duration_seconds_count"))
                        .mapToDouble(Map.Entry::getValue)
                        .sum())
                .isEqualTo(6);
        assertThat(now.entrySet().stream()
                        .filter(one -> one.getKey().startsWith("leprechaun_start_delay_seconds_count"))
                        .mapToDouble(Map.Entry::getValue)
                        .sum())
                .isEqualTo(7);
        assertThat(now.keySet()).noneMatch(key -> key.contains(place.folder().toString()) || key.contains("127.0.0.1"));
        place.touch("go");
        daemon.over(daemon.begin("good"));
        assertThat(daemon.api().send("POST", "/metrics").status()).isEqualTo(405);
        assertThat(daemon.api().send("HEAD", "/metrics").body()).isEmpty();
        assertThat(place.client("daemon", "metrics")).satisfies(printed -> {
            assertThat(printed.code()).isZero();
            assertThat(MetricsPage.parse(printed.out()).keySet()).containsAll(now.keySet());
        });
    }

    @Test
    void only_the_first_recipes_by_name_have_series() throws Exception {
        var daemon = place.settings("metrics: { recipes: 1 }")
                .recipe("b", "steps: [ 'true' ]\n")
                .recipe("a", "steps: [ 'true' ]\n")
                .start();
        daemon.over(daemon.begin("b"));
        daemon.over(daemon.begin("a"));
        var all = metrics(daemon);
        assertThat(all)
                .containsEntry("leprechaun_series_dropped", 1.0)
                .containsKey("leprechaun_recipe_last_success_timestamp_seconds{recipe=\"a\"}")
                .containsEntry("leprechaun_recipes{status=\"ok\"}", 2.0);
        assertThat(all.keySet()).noneMatch(key -> key.contains("recipe=\"b\""));
    }

    @Test
    void the_file_for_the_collector_is_whole_and_readable_and_stays_after_a_stop() throws Exception {
        Path folder = Files.createDirectories(place.folder().resolve("collector"));
        Path file = folder.resolve("leprechaun.prom");
        var daemon = place.settings("metrics: { textfile: " + file + " }")
                .recipe("a", "steps: [ 'true' ]\n")
                .start();
        eventually(() -> assertThat(file).exists());
        assertThat(MetricsPage.parse(Files.readString(file))).containsEntry("leprechaun_healthy", 1.0);
        assertThat(file).as("names of node_exporter itself").content().doesNotContain("process_");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-r--r--");
        assertThat(daemon.stop()).isZero();
        assertThat(folder).as("its age raises the alert").isDirectoryContaining(file::equals);
    }

    @Test
    void a_file_that_cannot_be_written_is_reported_and_stops_nothing() throws Exception {
        var daemon = place.settings("metrics: { textfile: " + place.folder().resolve("missing/leprechaun.prom") + " }")
                .recipe("a", "steps: [ 'true' ]\n")
                .start();
        eventually(() -> {
            var health = daemon.api().send("GET", "/health");
            assertThat(health.status()).isEqualTo(503);
            var document = JSON.readTree(health.body());
            assertThat(document.get("healthy").asBoolean()).isFalse();
            assertThat(document.get("detail").asString())
                    .contains("cannot write the file of metrics", "missing/leprechaun.prom", "metrics: textfile");
            assertThat(document.get("code").asInt()).isEqualTo(1);
            var check = JSON.createArrayNode();
            document.get("checks").forEach(one -> {
                if (!one.get("ok").asBoolean()) {
                    check.add(one);
                }
            });
            assertThat(check).hasSize(1);
            assertThat(check.get(0).get("name").asString()).isEqualTo("metrics");
            assertThat(check.get(0).get("why").asString())
                    .isEqualTo(document.get("detail").asString());
        });
        assertThat(metrics(daemon)).containsEntry("leprechaun_healthy", 0.0);
        assertThat(place.client("daemon", "health").code()).isEqualTo(1);
        assertThat(daemon.over(daemon.begin("a")).get("state").asString()).isEqualTo("succeeded");
    }

    @Test
    void a_healthy_daemon_names_its_checks() throws Exception {
        var daemon = place.recipe("bad", "steps: [ 'false' ]\n")
                .recipe("broken", "stepz: 1\n")
                .start();
        daemon.over(daemon.begin("bad"));
        var health = daemon.api().send("GET", "/health");
        assertThat(health.status()).isEqualTo(200);
        var document = JSON.readTree(health.body());
        assertThat(document.get("healthy").asBoolean()).isTrue();
        assertThat(document.get("checks")
                        .valueStream()
                        .map(check -> check.get("name").asString()))
                .containsExactly(
                        "store",
                        "disk",
                        "clock",
                        "timers",
                        "channels",
                        "listeners",
                        "watcher",
                        "notices",
                        "threads",
                        "log",
                        "metrics");
        assertThat(document.get("checks").valueStream()).allSatisfy(check -> {
            assertThat(check.get("ok").asBoolean()).isTrue();
            assertThat(check.get("why").isNull()).isTrue();
            assertThat(check.get("since").asString()).matches("\\d{4}-\\d\\d-\\d\\dT.*");
        });
        assertThat(daemon.api().send("HEAD", "/health").body()).isEmpty();
    }
}
