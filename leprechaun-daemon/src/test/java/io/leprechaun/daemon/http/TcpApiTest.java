package io.leprechaun.daemon.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.leprechaun.api.Access;
import io.leprechaun.api.ExitCode;
import io.leprechaun.api.Handler;
import io.leprechaun.api.Problem;
import io.leprechaun.api.ProblemException;
import io.leprechaun.api.Registrator;
import io.leprechaun.api.Reply;
import io.leprechaun.api.text.Text;
import io.leprechaun.daemon.audit.ChangeLog;
import io.leprechaun.daemon.count.Traffic;
import io.leprechaun.daemon.lifecycle.Alarms;
import io.leprechaun.daemon.session.OneTimeLinks;
import io.leprechaun.daemon.session.Sessions;
import io.leprechaun.daemon.settings.ConsoleSettings;
import io.leprechaun.daemon.token.Tokens;
import io.leprechaun.daemon.units.Address;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
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

@Timeout(120)
class TcpApiTest {
    private static final Authority NO_USERS = new Authority() {
        @Override
        public Optional<Access> most(String user, boolean admitted) {
            return Optional.empty();
        }

        @Override
        public String holders(Access role) {
            return "none";
        }
    };

    @TempDir
    private Path folder;

    private final AtomicInteger answered = new AtomicInteger();
    private final AtomicBoolean healthy = new AtomicBoolean(true);
    /** The number of times that the daemon was asked for its health. */
    private final AtomicInteger asked = new AtomicInteger();

    private final CountDownLatch streams = new CountDownLatch(1);
    private final CountDownLatch streamEnds = new CountDownLatch(1);
    private int port;
    private Tokens tokens;
    private TcpApi api;
    private final Alarms alarms = Alarms.open();
    private ChangeLog changes;

    private record Service(String name, List<Handler> handlers) implements Registrator {}

    @BeforeEach
    void open() throws IOException {
        tokens = Tokens.open(folder.resolve("access/tokens"), InstantSource.system());
        try (var free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        open("127.0.0.1");
    }

    private void open(String host) throws IOException {
        var settings = new ConsoleSettings(
                ConsoleSettings.Open.ALWAYS,
                new Address(host, port),
                Optional.empty(),
                Optional.of(URI.create("https://runs.example.org")));
        changes = new ChangeLog(folder.resolve("access/changes.jsonl"), InstantSource.system());
        var sessions = Sessions.open(folder.resolve("access/sessions"), InstantSource.system());
        var callers = new TcpApi.ApiCallers(tokens, sessions, new OneTimeLinks(System::nanoTime), NO_USERS);
        api = new TcpApi(
                new TcpApi.ApiParts(settings, callers, changes, "web1", "1.0"),
                alarms,
                new Traffic(),
                System::nanoTime);
        api.listen(router());
    }

    private Router router() {
        var daemon = new Service("daemon", List.of(new Handler("health", Access.READ, call -> {
            asked.incrementAndGet();
            if (!healthy.get()) {
                throw new ProblemException(new Problem(503, "Not healthy", "the disk is full", ExitCode.FAILED));
            }
            return Reply.of(Map.of("healthy", true), Text.line("healthy"));
        })));
        var fake = new Service(
                "fake",
                List.of(
                        handler("read", Access.READ),
                        handler("change", Access.CHANGE),
                        handler("administer", Access.ADMINISTER),
                        new Handler("defect", Access.READ, call -> {
                            throw new IllegalStateException("as planned");
                        }),
                        new Handler("memory", Access.READ, call -> {
                            throw new OutOfMemoryError("as planned");
                        }),
                        new Handler("stream", Access.READ, call -> new Reply.Stream(this::stream, ExitCode.OK))));
        return Router.of(List.of(daemon, fake));
    }

    private Handler handler(String name, Access access) {
        return new Handler(name, access, call -> {
            answered.incrementAndGet();
            return Reply.of(Map.of("by", call.caller().user()), Text.line("done"));
        });
    }

    /** Writes nothing more, as a silent step does. */
    private void stream(java.io.OutputStream out) throws IOException {
        try {
            out.write("first\n".getBytes(StandardCharsets.UTF_8));
            out.flush();
            streams.countDown();
            while (true) {
                out.flush();
                TimeUnit.MILLISECONDS.sleep(20);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            streamEnds.countDown();
        }
    }

    @AfterEach
    void close() throws IOException {
        api.close();
        alarms.close();
    }

    private String token(Access scope) throws IOException {
        return tokens.issue(scope.name().toLowerCase(Locale.ROOT), scope, "root", Optional.of(Duration.ofDays(1)))
                .orElseThrow()
                .text();
    }

    /** Sends a head, in which PORT stands for the port, and adds nothing but the end of the connection. */
    private Raw ask(String head) throws IOException {
        try (var channel = SocketChannel.open(new InetSocketAddress("127.0.0.1", port))) {
            String request =
                    head.strip().replace("PORT", Integer.toString(port)).replace("\n", "\r\n")
                            + "\r\nConnection: close\r\n\r\n";
            Raw.write(channel, request.getBytes(StandardCharsets.UTF_8));
            return Raw.of(Raw.read(channel));
        }
    }

    private Raw ask(String method, String path, String token) throws IOException {
        return ask(method + " " + path + " HTTP/1.1\nHost: 127.0.0.1:PORT\nAuthorization: Bearer " + token);
    }

    @ParameterizedTest
    @EnumSource(Access.class)
    void a_scope_admits_its_own_handlers_and_those_of_lesser_ones(Access scope) throws IOException {
        String token = token(scope);
        for (Access needed : Access.values()) {
            String path =
                    "/fake/" + (needed == Access.READ ? "read" : needed == Access.CHANGE ? "change" : "administer");
            int before = answered.get();
            Raw answer = ask(needed.method(), path, token);
            boolean admitted = needed.compareTo(scope) <= 0;
            assertThat(answer.status()).as("%s by %s", path, scope).isEqualTo(admitted ? 200 : 403);
            assertThat(answered.get() - before).isEqualTo(admitted ? 1 : 0);
            if (admitted) {
                assertThat(answer.body())
                        .contains("\"by\":\"token:" + scope.name().toLowerCase(Locale.ROOT) + "\"");
            } else {
                assertThat(answer.body()).contains("requires a token with the scope", "\"code\":7");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Authorization: Bearer",
                "Authorization: Bearer lep_00000000_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
                "Authorization: Basic cm9vdDpyb290",
                "Authorization: TOKEN",
                "Cookie: token=TOKEN"
            })
    void without_a_valid_token_nothing_is_answered(String field) throws IOException {
        String token = token(Access.ADMINISTER);
        for (String path : List.of("/fake/read", "/none/at/all", "/fake/read?token=" + token)) {
            Raw answer = ask("GET " + path + " HTTP/1.1\nHost: 127.0.0.1:PORT\n" + field.replace("TOKEN", token));
            assertThat(answer.status()).as(path).isEqualTo(401);
            assertThat(answer.header("WWW-Authenticate")).contains("Bearer");
            assertThat(answer.body()).doesNotContain("fake");
        }
        assertThat(answered).hasValue(0);
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1:PORT, 200",
        "localhost:PORT, 200",
        "LOCALHOST:PORT, 200",
        "[::1]:PORT, 200",
        "runs.example.org:443, 200",
        "runs.example.org, 200",
        "evil.example.org:PORT, 421",
        "127.0.0.1.evil.example.org:PORT, 421",
        "localhost.evil.example.org:PORT, 421",
        "127.0.0.2:PORT, 421",
        "127.0.0.1:1, 421",
        "127.0.0.1, 421",
        "runs.example.org.:443, 421"
    })
    void a_request_for_another_host_is_refused(String host, int status) throws IOException {
        Raw answer = ask("GET /fake/read HTTP/1.1\nHost: " + host + "\nAuthorization: Bearer " + token(Access.READ));
        assertThat(answer.status()).isEqualTo(status);
        assertThat(answered).hasValue(status == 200 ? 1 : 0);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Origin: http://evil.example.org",
                "Origin: null",
                "Origin: http://127.0.0.1:PORT",
                "Sec-Fetch-Site: cross-site",
                "Sec-Fetch-Site: same-site"
            })
    void a_web_page_is_refused_even_with_a_token(String field) throws IOException {
        Raw answer = ask("POST /fake/change HTTP/1.1\nHost: 127.0.0.1:PORT\n" + field + "\nAuthorization: Bearer "
                + token(Access.CHANGE));
        assertThat(answer.status()).isEqualTo(403);
        assertThat(answer.header("Access-Control-Allow-Origin")).isEmpty();
        assertThat(answered).hasValue(0);
    }

    @Test
    void many_wrong_tokens_are_told_to_wait_and_lock_out_no_right_one() throws IOException {
        String token = token(Access.READ);
        String wrong = token.substring(0, 13) + "A".repeat(43);
        for (int i = 0; i < 10; i++) {
            assertThat(ask("GET", "/fake/read", wrong).status()).isEqualTo(401);
        }
        Raw refused = ask("GET", "/fake/read", wrong);
        assertThat(refused.status()).isEqualTo(429);
        assertThat(refused.header("Retry-After")).contains("60");
        assertThat(ask("GET", "/fake/read", token).status()).isEqualTo(200);
    }

    @Test
    void a_revoked_token_ends_its_stream_though_nothing_is_written() throws Exception {
        String token = token(Access.READ);
        try (var channel = SocketChannel.open(new InetSocketAddress("127.0.0.1", port))) {
            String head = "GET /fake/stream HTTP/1.1\r\nHost: localhost:" + port + "\r\nAuthorization: Bearer " + token
                    + "\r\n\r\n";
            Raw.write(channel, head.getBytes(StandardCharsets.UTF_8));
            assertThat(streams.await(60, TimeUnit.SECONDS)).isTrue();
            assertThat(streamEnds.getCount()).isEqualTo(1);
            tokens.revoke("read");
            assertThat(streamEnds.await(60, TimeUnit.SECONDS)).isTrue();
            await().untilAsserted(() -> assertThat(Raw.read(channel)).doesNotEndWith("0\r\n\r\n"));
        }
        assertThat(ask("GET", "/fake/read", token).status()).isEqualTo(401);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/fake/read", "/fake/none", "/fake/defect", "/fake/memory", "/health", "//"})
    void every_answer_keeps_a_browser_from_running_anything_of_it(String path) throws IOException {
        Raw answer = ask("GET", path, token(Access.READ));
        assertThat(answer.header("Content-Security-Policy"))
                .hasValueSatisfying(policy -> assertThat(policy).startsWith("default-src 'none'"));
        assertThat(answer.header("X-Content-Type-Options")).contains("nosniff");
        assertThat(answer.header("Referrer-Policy")).contains("same-origin");
        assertThat(answer.header("Cross-Origin-Opener-Policy")).contains("same-origin");
        assertThat(answer.header("Cross-Origin-Resource-Policy")).contains("same-origin");
        assertThat(answer.header("Server")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "HEAD"})
    void health_without_a_token_is_a_status_and_nothing_else(String method) throws IOException {
        String head = method + " /health HTTP/1.1\nHost: 127.0.0.1:PORT";
        assertThat(ask(head))
                .matches(answer -> answer.status() == 200 && answer.body().isEmpty());
        healthy.set(false);
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(ask(head))
                        .matches(answer ->
                                answer.status() == 503 && answer.body().isEmpty()));
    }

    @Test
    void many_that_ask_for_health_without_a_token_do_not_ask_the_daemon_each_time() throws IOException {
        int before = asked.get();
        for (int i = 0; i < 50; i++) {
            assertThat(ask("GET /health HTTP/1.1\nHost: 127.0.0.1:PORT").status())
                    .isEqualTo(200);
        }
        assertThat(asked.get() - before).isBetween(1, 49);
    }

    @Test
    void health_is_not_told_to_a_page_of_another_name() throws IOException {
        assertThat(ask("GET /health HTTP/1.1\nHost: evil.example.org:PORT"))
                .matches(answer -> answer.status() == 421 && answer.body().isEmpty());
    }

    @Test
    void a_taken_address_is_tried_again() throws IOException {
        api.close();
        try (var taken = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            open("127.0.0.1");
            assertThat(api.fault()).hasValueSatisfying(why -> assertThat(why).contains("free the port"));
            assertThat(taken.isBound()).isTrue();
        }
        await().atMost(Duration.ofSeconds(60)).until(() -> api.fault().isEmpty());
        assertThat(ask("GET", "/fake/read", token(Access.READ)).status()).isEqualTo(200);
    }

    @Test
    void health_with_a_token_gives_the_reason() throws IOException {
        healthy.set(false);
        Raw answer = ask("GET", "/health", token(Access.READ));
        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.body()).contains("the disk is full");
    }

    @Test
    void a_wildcard_address_is_reached_by_the_address_of_the_connection() throws IOException {
        api.close();
        open("0.0.0.0");
        assertThat(ask("GET", "/fake/read", token(Access.READ)).status()).isEqualTo(200);
    }
}
