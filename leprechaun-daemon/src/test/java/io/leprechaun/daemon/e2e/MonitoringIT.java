package io.leprechaun.daemon.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.OutputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The metrics of the built tree, with the alerts, the dashboard and the page that describe them. */
@Timeout(180)
class MonitoringIT {
    private static final String OF_METRICS = "io.leprechaun.daemon.metrics.";
    private static final Pattern ROW =
            Pattern.compile("(?m)^\\| `([a-z_]+)(?:\\{[^}]*})?` \\| (counter|gauge|histogram|summary) \\|");
    /** The size that an answer with a thousand recipes may have, compressed as Prometheus asks for it. */
    private static final int LARGEST = 400_000;

    @RegisterExtension
    private final Installation place = new Installation();

    @Test
    void every_name_in_the_alerts_the_dashboard_and_the_page_has_a_sample() throws Exception {
        var daemon = MonitoringFixture.start(place, "");
        String page = MonitoringFixture.page(daemon);
        var sampled = MetricsPage.sampled(page);
        assertThat(sampled)
                .containsAll(MonitoringFixture.names(MonitoringFixture.alerts()))
                .containsAll(MonitoringFixture.names(MonitoringFixture.queries()));
        var described = new TreeMap<String, String>();
        var rows = ROW.matcher(Files.readString(Path.of("../docs/reference/metrics.md")));
        while (rows.find()) {
            described.put(rows.group(1), rows.group(2));
        }
        assertThat(described).isEqualTo(new TreeMap<>(MetricsPage.types(page)));
        assertThat(sampled).as("none is only declared").isEqualTo(described.keySet());
    }

    @Test
    void promtool_accepts_the_metrics_and_the_alerts_and_the_alerts_pass_their_tests() throws Exception {
        Tools.require("that Prometheus can read the metrics and alerts is not checked", "promtool");
        var daemon = MonitoringFixture.start(place, "");
        Path page = place.folder().resolve("page");
        Files.writeString(page, MonitoringFixture.page(daemon));
        var checked = place.shell("promtool check metrics < " + page + " 2>&1");
        assertThat(checked.out()).isEmpty();
        assertThat(checked.code()).isZero();
        Path folder = MonitoringFixture.RULES.getParent();
        assertThat(place.shell("cd " + folder + " && promtool check rules leprechaun.rules.yml 2>&1"))
                .satisfies(rules -> {
                    assertThat(rules.out()).contains("SUCCESS: 11 rules found");
                    assertThat(rules.code()).isZero();
                });
        assertThat(place.shell("cd " + folder + " && promtool test rules leprechaun.test.yml 2>&1"))
                .satisfies(tests -> {
                    assertThat(tests.out()).contains("SUCCESS");
                    assertThat(tests.code()).isZero();
                });
    }

    @Test
    void a_daemon_that_is_not_asked_does_not_load_the_metrics() throws Exception {
        Path classes = place.folder().resolve("classes");
        place.environment().put("LEPRECHAUN_JAVA_OPTS", "-Xlog:class+load:file=" + classes);
        var daemon = place.recipe("good", "steps: [ 'true' ]\n").start();
        daemon.over(daemon.begin("good"));
        assertThat(daemon.api().send("GET", "/health").status()).isEqualTo(200);
        assertThat(Files.readString(classes))
                .contains("io.leprechaun.daemon.Health ")
                .doesNotContain(OF_METRICS);
        MonitoringFixture.page(daemon);
        assertThat(Files.readString(classes)).contains(OF_METRICS);
    }

    @Tag("proof")
    @Test
    void with_a_thousand_recipes_the_answer_is_small_and_not_slower_than_their_list() throws Exception {
        for (int i = 0; i < 1000; i++) {
            place.recipe(
                    "recipe-with-a-name-%04d".formatted(i),
                    "definition: cron\npattern: '%d %d * * *'\nsteps: [ 'true' ]\n".formatted(i % 60, i / 60));
        }
        place.settings("workers: { max: 4, queue: 2000 }");
        var daemon = place.start();
        long last = 0;
        for (int i = 0; i < 1000; i++) {
            last = daemon.begin("recipe-with-a-name-%04d".formatted(i));
        }
        daemon.over(last);
        daemon.awaitIdle("cron");
        String page = MonitoringFixture.page(daemon);
        assertThat(MetricsPage.parse(page).keySet().stream()
                        .filter(key -> key.startsWith("leprechaun_recipe_last_success_timestamp_seconds")))
                .hasSize(1000);
        byte[] compressed = compressed();
        try (var in = new GZIPInputStream(new ByteArrayInputStream(compressed))) {
            assertThat(MetricsPage.types(new String(in.readAllBytes(), StandardCharsets.UTF_8)))
                    .isEqualTo(MetricsPage.types(page));
        }
        assertThat(compressed.length).isLessThan(LARGEST);
        long metrics = median(this::compressed);
        long list = median(() -> daemon.api().send("GET", "/api/v1/recipes"));
        System.out.printf(
                "1,000 recipes: /metrics %d ms, %d bytes, %d compressed; the list of recipes %d ms%n",
                metrics / 1_000_000, page.length(), compressed.length, list / 1_000_000);
        assertThat(metrics).isLessThan(2 * list);
    }

    /** A request whose time is measured. */
    private interface Ask {
        Object ask() throws Exception;
    }

    private static long median(Ask ask) throws Exception {
        long[] times = new long[31];
        for (int i = 0; i < times.length; i++) {
            long begun = System.nanoTime();
            ask.ask();
            times[i] = System.nanoTime() - begun;
        }
        Arrays.sort(times);
        return times[times.length / 2];
    }

    /** Returns the body of the answer to a reader that accepts compression. */
    private byte[] compressed() throws Exception {
        try (var channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(place.socket()));
            OutputStream out = Channels.newOutputStream(channel);
            out.write("GET /metrics HTTP/1.0\r\nHost: localhost\r\nAccept-Encoding: gzip\r\n\r\n"
                    .getBytes(StandardCharsets.UTF_8));
            byte[] all = Channels.newInputStream(channel).readAllBytes();
            int end = IntStream.range(0, all.length - 3)
                    .filter(i -> all[i] == '\r' && all[i + 1] == '\n' && all[i + 2] == '\r' && all[i + 3] == '\n')
                    .findFirst()
                    .orElseThrow();
            String head = new String(all, 0, end, StandardCharsets.UTF_8);
            assertThat(head).contains(" 200 ").containsIgnoringCase("content-encoding: gzip");
            return Arrays.copyOfRange(all, end + 4, all.length);
        }
    }

    @Test
    void over_tcp_a_token_with_the_scope_read_is_needed() throws Exception {
        Tools.require("that the metrics are answered over TCP is not checked", "curl");
        var daemon = MonitoringFixture.start(place, "console: { open: always, listen: \"127.0.0.1:0\" }\n");
        String url = "http://127.0.0.1:" + TcpIT.port(daemon);
        String token = place.client("token", "new", "prometheus").out().strip();
        String asked = "curl -sS -i -H 'Authorization: Bearer " + token + "' " + url + "/metrics";
        assertThat(place.shell(asked).out())
                .contains(" 200 ", "text/plain; version=0.0.4; charset=utf-8", "leprechaun_healthy 1");
        assertThat(place.shell(asked + " --compressed").out())
                .contains("Content-Encoding: gzip", "leprechaun_healthy 1");
        assertThat(place.shell("curl -sS -i " + url + "/metrics").out())
                .contains(" 401 ")
                .doesNotContain("leprechaun_");
        Map<String, Double> counts = MetricsPage.parse(MonitoringFixture.page(daemon)).entrySet().stream()
                .filter(one -> one.getKey().startsWith("leprechaun_http_requests_total{listener=\"tcp\""))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
        assertThat(counts)
                .isEqualTo(Map.of(
                        "leprechaun_http_requests_total{listener=\"tcp\",code=\"200\"}", 2.0,
                        "leprechaun_http_requests_total{listener=\"tcp\",code=\"401\"}", 1.0));
    }
}
