package io.leprechaun.daemon.notify.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import com.sun.net.httpserver.HttpServer;
import io.leprechaun.daemon.history.Notice;
import io.leprechaun.daemon.lifecycle.Alarms;
import io.leprechaun.daemon.notify.NotSentException;
import io.leprechaun.daemon.notify.NotSentException.SendFault;
import io.leprechaun.daemon.notify.Samples;
import io.leprechaun.daemon.output.OutputFolder;
import io.leprechaun.daemon.run.RunState;
import io.leprechaun.daemon.run.StepState;
import io.leprechaun.daemon.secret.Secret;
import io.leprechaun.daemon.settings.notify.NoticeEvent;
import io.leprechaun.daemon.settings.notify.WebhookSettings;
import io.leprechaun.daemon.settings.notify.WebhookSettings.Preset;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@Timeout(180)
class WebhookTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String HOSTILE = "\"}],\"text\":\"<!channel> @everyone ```\\\" {run}\r\n\u2028\u202e</a>";

    private final Alarms alarms = Alarms.open();
    private final List<String> bodies = new CopyOnWriteArrayList<>();
    private final List<String> heads = new CopyOnWriteArrayList<>();
    private HttpServer server;
    private volatile int status = 200;
    private volatile Map<String, String> answered = Map.of();

    @TempDir
    private Path folder;

    @BeforeEach
    void listen() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            bodies.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            heads.add(exchange.getRequestMethod() + " " + exchange.getRequestURI() + " "
                    + exchange.getRequestHeaders().getFirst("Content-Type") + " "
                    + exchange.getRequestHeaders().getFirst("Authorization"));
            if (status / 100 == 3) {
                exchange.getResponseHeaders().set("Location", "http://127.0.0.1:" + port() + "/elsewhere");
            }
            answered.forEach(exchange.getResponseHeaders()::set);
            exchange.getResponseHeaders().set("Connection", "close"); // other tests count this JVM's descriptors
            byte[] said = "because\u0007 of it".getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, said.length);
            exchange.getResponseBody().write(said);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void close() {
        server.stop(0);
        alarms.close();
    }

    private int port() {
        return server.getAddress().getPort();
    }

    private WebhookSettings settings(Preset preset, Optional<String> body) {
        var url = URI.create("http://127.0.0.1:" + port() + "/secret/path");
        return new WebhookSettings("chat", url, preset, body, Optional.empty());
    }

    private Webhook webhook(WebhookSettings settings) {
        return webhook(settings, Poster.Timeouts.USUAL);
    }

    private Webhook webhook(WebhookSettings settings, Poster.Timeouts limits) {
        return new Webhook(settings, Samples.writer("web1", folder), new Poster(alarms, limits));
    }

    private JsonNode sent(Preset preset, Notice... notices) throws NotSentException {
        webhook(settings(preset, Optional.empty())).send(List.of(notices));
        return JSON.readTree(bodies.getLast());
    }

    @Test
    void a_program_gets_everything() throws Exception {
        var failure = Samples.failure(1, "false");
        JsonNode body = sent(Preset.JSON, failure);
        assertThat(heads).containsExactly("POST /secret/path application/json; charset=utf-8 null");
        assertThat(body.get("subject").asString()).isEqualTo("[web1] backup FAILED (exit 2, 4m)");
        assertThat(body.get("kind").asString()).isEqualTo("failure");
        assertThat(body.get("host").asString()).isEqualTo("web1");
        assertThat(body.get("recipe").asString()).isEqualTo("backup");
        assertThat(body.get("run").asString()).isEqualTo("42");
        assertThat(body.get("text").asString()).startsWith("run 42 of backup failed after 4m: step 2: exit 2.\n");
        assertThat(body.get("notices").get(0).get("run").asLong()).isEqualTo(42);

        var alarm = new Notice(2, NoticeEvent.ALARM, new Notice.About.Alert("it burns", Samples.NOON));
        JsonNode two = sent(Preset.JSON, failure, alarm);
        assertThat(two.get("kind").asString()).isEqualTo("digest");
        assertThat(two.get("notices")).hasSize(2);
    }

    @Test
    void each_service_gets_what_it_takes() throws Exception {
        var failure = Samples.failure(1, "false");
        assertThat(sent(Preset.SLACK, failure).get("text").asString())
                .startsWith("*[web1] backup FAILED (exit 2, 4m)*\n```run 42 of backup failed");
        JsonNode discord = sent(Preset.DISCORD, failure);
        assertThat(discord.get("content").asString()).startsWith("**[web1] backup FAILED (exit 2, 4m)**\n```\nrun 42");
        assertThat(discord.get("allowed_mentions").get("parse")).isEmpty();
        JsonNode card = sent(Preset.TEAMS, failure).get("attachments").get(0);
        assertThat(card.get("contentType").asString()).isEqualTo("application/vnd.microsoft.card.adaptive");
        assertThat(card.get("content").get("body").get(0).get("text").asString())
                .isEqualTo("[web1] backup FAILED (exit 2, 4m)");
        JsonNode ntfy = sent(Preset.NTFY, failure);
        assertThat(heads.getLast()).startsWith("POST / ");
        assertThat(ntfy.get("topic").asString()).isEqualTo("path");
        assertThat(ntfy.get("priority").asInt()).isEqualTo(4);
    }

    @ParameterizedTest
    @EnumSource(Preset.class)
    void nothing_from_outside_is_obeyed_and_nothing_is_too_long(Preset preset) throws Exception {
        var step = Samples.step(2, HOSTILE, StepState.FAILED, 2);
        Samples.output(new OutputFolder(folder), 2, (HOSTILE + "\n").repeat(1000));
        var run = Samples.run(RunState.FAILED, Optional.of(HOSTILE), step);
        JsonNode body = sent(preset, new Notice(1, NoticeEvent.FAILURE, run));
        switch (preset) {
            case SLACK ->
                assertThat(body.get("text").asString())
                        .doesNotContain("<!channel>")
                        .hasSizeLessThan(4_500);
            case DISCORD -> assertThat(body.get("content").asString().length()).isLessThan(2_000);
            case NTFY -> assertThat(body.get("message").asString().length()).isLessThan(4_000);
            case TEAMS -> assertThat(bodies.getLast().length()).isLessThan(28_000);
            case JSON ->
                assertThat(body.propertyNames())
                        .containsExactly("subject", "text", "kind", "host", "recipe", "run", "notices");
        }
        if (preset == Preset.SLACK || preset == Preset.DISCORD) { // one block of text, which nothing inside ends
            assertThat(bodies.getLast().split("```", -1)).hasSize(3);
        }
    }

    @Test
    void a_template_is_filled_with_texts_that_stay_texts() throws Exception {
        var step = Samples.step(2, HOSTILE, StepState.FAILED, 2);
        var run = Samples.run(RunState.FAILED, Optional.of(HOSTILE), step);
        String template =
                "{\"a\": \"{subject}\", \"b\": [\"{run}/{recipe}/{kind}/{host}\"], \"{unknown}\": \"$1\\\\{text}\"}";
        webhook(settings(Preset.SLACK, Optional.of(template))).send(List.of(new Notice(1, NoticeEvent.FAILURE, run)));
        JsonNode body = JSON.readTree(bodies.getLast());
        assertThat(body.propertyNames()).containsExactly("a", "b", "{unknown}");
        assertThat(body.get("b").get(0).asString()).isEqualTo("42/backup/failure/web1");
        assertThat(body.get("{unknown}").asString()).startsWith("$1\\run 42 of backup failed");
    }

    @Test
    void a_token_is_sent_and_never_shown() throws Exception {
        var settings = new WebhookSettings(
                "chat",
                URI.create("http://127.0.0.1:" + port() + "/secret/path"),
                Preset.JSON,
                Optional.empty(),
                Optional.of(new Secret("hush")));
        webhook(settings).send(List.of(Samples.failure(1, "false")));
        assertThat(heads.getLast()).endsWith(" Bearer hush");
        assertThat(settings.toString()).isEqualTo("chat at http://127.0.0.1:" + port());
    }

    @ParameterizedTest
    @CsvSource({
        "500, SERVER",
        "503, SERVER",
        "429, SERVER",
        "408, SERVER",
        "404, NOTICE_FOR_GOOD",
        "401, NOTICE_FOR_GOOD",
        "403, NOTICE_FOR_GOOD",
        "407, NOTICE_FOR_GOOD",
        "400, NOTICE_FOR_GOOD",
        "301, NOTICE_FOR_GOOD",
        "307, NOTICE_FOR_GOOD",
    })
    void what_is_not_taken_is_told_with_the_reason_and_sent_nowhere_else(int answer, SendFault fault) {
        status = answer;
        var refused = catchThrowableOfType(
                NotSentException.class,
                () -> webhook(settings(Preset.JSON, Optional.empty())).send(List.of(Samples.failure(1, "false"))));
        assertThat(refused.fault()).isEqualTo(fault);
        assertThat(refused).hasMessageContaining("127.0.0.1:" + port() + " answers " + answer);
        assertThat(refused.getMessage()).doesNotContain("secret", "\u0007");
        assertThat(refused).hasMessageContaining(answer / 100 == 3 ? "a redirect that is not followed" : ": because");
        assertThat(heads).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "401 | WWW-Authenticate   | Basic realm=\"x\"",
                "401 | WWW-Authenticate   | Digest realm=\"x\", nonce=\"y\"",
                "401 | WWW-Authenticate   | Negotiate",
                "401 | WWW-Authenticate   | Bearer",
                "407 | Proxy-Authenticate | Basic realm=\"x\"",
            })
    void who_wants_a_login_is_asked_once_and_says_why(int answer, String header, String challenge) {
        status = answer;
        answered = Map.of(header, challenge);
        assertThat(refused()).hasMessage("http://127.0.0.1:" + port() + " answers " + answer + ": because\\x07 of it");
        assertThat(heads).hasSize(1);
    }

    private NotSentException refused() {
        return refused(settings(Preset.JSON, Optional.empty()));
    }

    private NotSentException refused(WebhookSettings settings) {
        return catchThrowableOfType(
                NotSentException.class, () -> webhook(settings).send(List.of(Samples.failure(1, "false"))));
    }

    private static WebhookSettings at(String url) {
        return new WebhookSettings("chat", URI.create(url), Preset.JSON, Optional.empty(), Optional.empty());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "429 | 60                            | 60        | seconds",
                "503 | ' 120 '                       | 120       | blanks around",
                "500 | 7                             | 7         | any status that means later",
                "429 | 999999999999                  | 999999999999 | bounded by whoever waits",
                "429 | 0                             | 0         | at once",
                "429 | -5                            | 0         | nonsense",
                "429 | soon                          | 0         | nonsense",
                "429 | 99999999999999999999999999999 | 0         | nonsense",
                "429 | Mon, 23 Nov 2020 11:00:00 GMT | 0         | a date that is past",
                "404 | 60                            | 60        | what is refused for good",
            })
    void how_long_it_wants_to_be_left_alone_is_known(int answer, String after, long seconds, String why) {
        status = answer;
        answered = Map.of("Retry-After", after);
        assertThat(refused().pause()).as(why).isEqualTo(Duration.ofSeconds(seconds));
    }

    @Test
    void a_date_until_which_it_wants_to_be_left_alone_counts_from_its_own() {
        try (var busy = says("HTTP/1.1 503 Busy\r\nDate: Mon, 23 Nov 2026 12:00:00 GMT\r\n"
                + "Retry-After: Mon, 23 Nov 2026 12:00:30 GMT\r\nContent-Length: 0\r\n\r\n")) {
            assertThat(refused(at("http://127.0.0.1:" + busy.port() + "/")).pause())
                    .isEqualTo(Duration.ofSeconds(30));
        }
    }

    /** Returns a server that sends this text, whatever the request. */
    private static SmtpServer says(String text) {
        return new SmtpServer(socket -> {
            assertThat(socket.getInputStream().read(new byte[8192])).isPositive();
            socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
        });
    }

    @Test
    void a_ping_waits_as_long_as_it_is_asked_to() {
        status = 429;
        answered = Map.of("Retry-After", "60");
        var refused = catchThrowableOfType(
                NotSentException.class,
                () -> ping("http://127.0.0.1:" + port() + "/uuid").send(List.of(Samples.failure(1, "false"))));
        assertThat(refused.fault()).isEqualTo(SendFault.NOTICE_FOR_NOW);
        assertThat(refused.pause()).isEqualTo(Duration.ofMinutes(1));
    }

    @Test
    void a_body_is_posted_once_though_its_connection_ends() {
        var calls = new AtomicInteger();
        try (var bad = new SmtpServer(socket -> {
            calls.incrementAndGet();
            for (var seen = new StringBuilder(); !seen.toString().endsWith("\r\n\r\n{}"); ) {
                seen.append((char) socket.getInputStream().read());
            }
        })) {
            var settings = new WebhookSettings(
                    "chat",
                    URI.create("http://127.0.0.1:" + bad.port() + "/"),
                    Preset.JSON,
                    Optional.of("{}"),
                    Optional.empty());
            assertThat(refused(settings).fault()).isEqualTo(SendFault.SERVER);
            assertThat(calls).hasValue(1);
        }
    }

    @Test
    void what_is_wrong_with_tls_is_said_in_words() {
        var setup = new ServerSetup(0, "127.0.0.1", "smtps");
        setup.setServerStartupTimeout(20_000);
        var tls = new GreenMail(setup);
        tls.start();
        try {
            int port = tls.getSmtps().getPort();
            assertThat(refused(at("https://127.0.0.1:" + port + "/")))
                    .hasMessage("https://127.0.0.1:" + port
                            + ": unknown certificate authority; see notices.md,"
                            + " Certificates and proxies");
        } finally {
            tls.stop();
        }
        try (var plain = says("HTTP/1.1 400 Bad Request\r\n\r\n")) {
            assertThat(refused(at("https://127.0.0.1:" + plain.port() + "/")))
                    .hasMessageEndingWith(": no TLS on this port; try http:// or another port");
        }
        for (String said : List.of("", "\u0015\u0003\u0003\0\u0002\u0002P")) { // as TLS servers do
            try (var protectedOne = says(said)) {
                assertThat(refused(at("http://127.0.0.1:" + protectedOne.port() + "/")))
                        .hasMessageEndingWith("; try https://");
            }
        }
    }

    /** The contents of a file are not checked when settings and recipes are read. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://169.254.77.77/latest/meta-data",
                "http://2852015437/",
                "http://[fe80::1]/",
                "http://[::ffff:169.254.77.77]/",
                "file:///etc/passwd",
                "jar:file:///x.jar!/y",
                "no address",
            })
    void a_ping_goes_to_web_addresses_alone_and_not_to_those_that_are_off_limits(String address) {
        var refused = catchThrowableOfType(
                NotSentException.class, () -> ping(address).send(List.of(Samples.failure(1, "false"))));
        assertThat(refused.fault()).isEqualTo(SendFault.NOTICE_FOR_GOOD);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/uuid                | START   | /uuid/start                  | the plain form",
                "/uuid                | SUCCESS | /uuid                        | the plain form",
                "/uuid//              | FAILURE | /uuid/fail                   | slashes at the end",
                "/key/slug?create=1   | START   | /key/slug/start?create=1     | a query",
                "/key/slug?create=1   | FAILURE | /key/slug/fail?create=1      | a query",
                "/key/slug?create=1   | SUCCESS | /key/slug?create=1           | a query",
                "/key/slug/?a=b/&c=%2F| FAILURE | /key/slug/fail?a=b/&c=%2F    | slashes in both, and one that is"
                        + " escaped",
                "/a%2Fb?              | FAILURE | /a%2Fb/fail?                 | an empty query",
                "?create=1            | FAILURE | /fail?create=1               | no path",
                "/uuid#top            | START   | /uuid/start                  | a fragment, which is never sent",
                "/uuid?x=1#top        | FAILURE | /uuid/fail?x=1               | both",
                "/uuid#?status=up     | FAILURE | /uuid/fail                   | which is no query",
                "/uuid?mystatus=1&s=2 | FAILURE | /uuid/fail?mystatus=1&s=2    | a parameter that is no status",
            })
    void a_ping_says_behind_the_path_how_the_run_went(String address, NoticeEvent kind, String called, String why)
            throws Exception {
        ping("http://127.0.0.1:" + port() + address)
                .send(List.of(new Notice(1, kind, Samples.run(RunState.FAILED, Optional.empty()))));
        assertThat(heads).as(why).singleElement().asString().startsWith("POST " + called + " text/plain");
    }

    @ParameterizedTest
    @ValueSource(strings = {"?status=up&msg=OK&ping=", "?msg=OK&status=up", "?status", "?state=complete"})
    void an_address_that_says_itself_how_a_run_went_is_not_called(String query) {
        var ping = ping("http://127.0.0.1:" + port() + "/api/push/token" + query);
        var failure = List.of(Samples.failure(1, "false"));
        var refused = catchThrowableOfType(NotSentException.class, () -> ping.send(failure));
        assertThat(refused.fault()).isEqualTo(SendFault.NOTICE_FOR_GOOD);
        assertThat(refused).hasMessageContaining("the ping of backup: ").hasMessageContaining("`when: failure`");
        assertThat(refused.getMessage()).doesNotContain("token");
        assertThat(heads).isEmpty();
    }

    private Ping ping(String address) {
        return new Ping(recipe -> Optional.of(new Secret(address)), Samples.writer("web1", folder), alarms);
    }

    @Test
    void a_post_looks_at_the_address_that_is_called() {
        var url = URI.create("http://169.254.77.77:" + port() + "/");
        var settings = new WebhookSettings("chat", url, Preset.JSON, Optional.empty(), Optional.empty());
        var refused = catchThrowableOfType(
                NotSentException.class, () -> webhook(settings).send(List.of(Samples.failure(1, "false"))));
        assertThat(refused).hasMessageContaining("169.254.77.77 is a link-local or metadata address");
        assertThat(heads).isEmpty();
    }

    @Test
    void an_answer_that_never_ends_is_reported_with_its_limit() {
        var limits = new Poster.Timeouts(Duration.ofSeconds(20), Duration.ofSeconds(1));
        try (var drips = new SmtpServer(socket -> {
            socket.getOutputStream().write("HTTP/1.1 ".getBytes(StandardCharsets.US_ASCII));
            SmtpServer.drip(socket);
        })) {
            var settings = at("http://127.0.0.1:" + drips.port() + "/");
            assertThat(catchThrowableOfType(
                            NotSentException.class,
                            () -> webhook(settings, limits).send(List.of(Samples.failure(1, "false")))))
                    .hasMessageStartingWith("http://127.0.0.1:" + drips.port() + ": no complete answer within 1");
        }
    }

    @Test
    void who_does_not_answer_is_not_waited_for() {
        var limits = new Poster.Timeouts(Duration.ofMillis(500), Duration.ofSeconds(1));
        for (SmtpServer.Talk talk : List.<SmtpServer.Talk>of(SmtpServer::silent, SmtpServer::drip, socket -> {})) {
            try (var bad = new SmtpServer(talk)) {
                var url = URI.create("http://127.0.0.1:" + bad.port() + "/");
                var settings = new WebhookSettings("chat", url, Preset.JSON, Optional.empty(), Optional.empty());
                long begin = System.nanoTime();
                var failed = catchThrowableOfType(
                        NotSentException.class,
                        () -> webhook(settings, limits).send(List.of(Samples.failure(1, "false"))));
                assertThat(failed.fault()).isEqualTo(SendFault.SERVER);
                assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(10));
            }
        }
    }
}
