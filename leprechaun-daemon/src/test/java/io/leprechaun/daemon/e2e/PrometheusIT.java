package io.leprechaun.daemon.e2e;

import static io.leprechaun.daemon.e2e.Installation.JSON;
import static io.leprechaun.daemon.e2e.Installation.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

/** A Prometheus that scrapes a daemon, with the shipped alerts and the queries of the dashboard. */
@Tag("proof")
@Timeout(300)
class PrometheusIT {
    @RegisterExtension
    private final Installation place = new Installation();

    private final HttpClient http = HttpClient.newHttpClient();
    private Optional<Process> prometheus = Optional.empty();
    private int port;

    @AfterEach
    void end() throws InterruptedException {
        if (prometheus.isPresent()) {
            prometheus.get().destroyForcibly();
            assertThat(prometheus.get().waitFor()).isNotZero();
        }
        http.close();
    }

    private void scrape(int daemon, String token) throws Exception {
        Path folder = Files.createDirectories(place.folder().resolve("prometheus"));
        Files.writeString(folder.resolve("token"), token);
        Files.writeString(
                folder.resolve("rules.yml"),
                Installation.text(MonitoringFixture.RULES).replaceAll("for: \\d+m", "for: 1s"));
        Files.writeString(folder.resolve("prometheus.yml"), """
            global: { scrape_interval: 1s, evaluation_interval: 1s }
            rule_files: [rules.yml]
            scrape_configs:
              - job_name: leprechaun
                authorization: { credentials_file: token }
                static_configs: [{ targets: ["127.0.0.1:%d"] }]
            """.formatted(daemon));
        try (var free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        prometheus = Optional.of(new ProcessBuilder(
                        "prometheus",
                        "--config.file=" + folder.resolve("prometheus.yml"),
                        "--storage.tsdb.path=" + folder.resolve("data"),
                        "--web.listen-address=127.0.0.1:" + port)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile())
                .start());
        eventually(() -> assertThat(isReady())
                .as(Installation.text(folder.resolve("log")))
                .isTrue());
    }

    private boolean isReady() throws InterruptedException {
        try {
            return get("/-/ready").statusCode() == 200;
        } catch (IOException e) {
            return false; // it does not listen yet
        }
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return http.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private List<JsonNode> query(String expression) throws Exception {
        var answer = get("/api/v1/query?query=" + URLEncoder.encode(expression, StandardCharsets.UTF_8));
        JsonNode document = JSON.readTree(answer.body());
        assertThat(document.get("status").asString())
                .as("%s: %s", expression, answer.body())
                .isEqualTo("success");
        return document.get("data").get("result").valueStream().toList();
    }

    /** Returns the alerts that fire, with their recipes. */
    private Set<String> firing() throws Exception {
        return query("ALERTS{alertstate=\"firing\"}").stream()
                .map(alert -> alert.get("metric"))
                .map(labels -> labels.get("alertname").asString()
                        + (labels.has("recipe") ? " " + labels.get("recipe").asString() : ""))
                .collect(Collectors.toSet());
    }

    @Test
    void prometheus_answers_the_queries_of_the_dashboard_and_fires_the_alerts_of_real_faults() throws Exception {
        Tools.require("that a Prometheus can scrape the daemon is not checked", "prometheus");
        Path collector = Files.createDirectories(place.folder().resolve("collector"));
        String settings = "console: { open: always, listen: \"127.0.0.1:0\" }\nmetrics: { textfile: "
                + collector.resolve("leprechaun.prom") + " }\n";
        var first = place.settings(settings)
                .recipe("tick", "definition: cron\npattern: '* * * * * *'\ncatch_up: none\nsteps: [ 'false' ]\n")
                .start();
        String token = place.client("token", "new", "prometheus").out().strip();
        eventually(() -> assertThat(first.runs("tick")).isNotEmpty());
        first.killHard();
        Instant killed = Instant.now();
        eventually(() -> assertThat(Instant.now())
                .as("due instants pass without a daemon")
                .isAfter(killed.plusSeconds(3)));
        var daemon = MonitoringFixture.start(place, settings);
        scrape(TcpIT.port(daemon), token);
        eventually(() -> assertThat(firing())
                .contains(
                        "LeprechaunFailing bad",
                        "LeprechaunFailing tick",
                        "LeprechaunLate tick",
                        "LeprechaunMissed tick"));
        assertThat(firing())
                .doesNotContain("LeprechaunFailing good", "LeprechaunLate good", "LeprechaunDown")
                .doesNotContain("LeprechaunUnhealthy", "LeprechaunBroken broken");

        for (String query : MonitoringFixture.queries()) {
            eventually(() -> assertThat(query(query)).as(query).isNotEmpty());
        }
        for (String alert : MonitoringFixture.alerts()) {
            query(alert);
        }

        place.recipe("broken", "stepz: [ 'true' ]\n");
        Files.delete(collector.resolve("leprechaun.prom"));
        Files.delete(collector);
        eventually(() -> assertThat(firing()).contains("LeprechaunBroken broken", "LeprechaunUnhealthy"));
        assertThat(place.client("ack", "bad").code()).isZero();
        eventually(() -> assertThat(firing()).doesNotContain("LeprechaunFailing bad"));
        daemon.killHard();
        eventually(() -> assertThat(firing()).contains("LeprechaunDown"));
    }
}
