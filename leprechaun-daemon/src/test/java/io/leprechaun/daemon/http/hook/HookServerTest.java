package io.leprechaun.daemon.http.hook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.leprechaun.daemon.agent.server.HookAnswer;
import io.leprechaun.daemon.agent.server.HookListener;
import io.leprechaun.daemon.agent.server.HookRequest;
import io.leprechaun.daemon.body.BodyFolder;
import io.leprechaun.daemon.count.Traffic;
import io.leprechaun.daemon.http.Raw;
import io.leprechaun.daemon.settings.HookSettings;
import io.leprechaun.daemon.units.Address;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(180)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HookServerTest {
    private static final int CROWD = 100;
    private static final int BODY_LIMIT = 1024 * 1024;

    private final List<HookRequest> asked = new CopyOnWriteArrayList<>();
    private final CountDownLatch crowd = new CountDownLatch(CROWD);

    @TempDir
    private static Path folder;

    private HookServer server;
    private SocketAddress address;

    @BeforeAll
    void open() throws IOException {
        int port;
        try (var free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        server = new HookServer(settings(port), new BodyFolder(folder.resolve("bodies")), new Traffic());
        server.listen(desk(request -> {
            asked.add(request);
            return switch (request.id().orElse("none")) {
                case "full" -> new HookAnswer(429, Map.of("error", "the queue is full"), Map.of("Retry-After", "30"));
                case "crowd" -> answer(everybodyIsHere() ? 202 : 500);
                case "defect" -> throw new IllegalStateException("as planned");
                default -> answer(202);
            };
        }));
        address = new InetSocketAddress("127.0.0.1", port);
    }

    private static HookSettings settings(int port) {
        return new HookSettings(new Address("127.0.0.1", port), Optional.empty(), List.of(), 1000, 500, 1 << 30);
    }

    private static HookAnswer answer(int status) {
        return new HookAnswer(status, Map.of("run", 7), Map.of());
    }

    private static HookListener.HookDesk desk(Function<HookRequest, HookAnswer> answer) {
        return new HookListener.HookDesk() {
            @Override
            public int bodyLimit(Optional<String> id) {
                return BODY_LIMIT;
            }

            @Override
            public boolean isKnown(Optional<String> id) {
                return id.filter("unknown"::equals).isEmpty();
            }

            @Override
            public HookAnswer answer(HookRequest request) {
                return answer.apply(request);
            }
        };
    }

    @AfterAll
    void close() throws IOException {
        server.close();
    }

    @BeforeEach
    void forget() {
        asked.clear();
    }

    private boolean everybodyIsHere() {
        crowd.countDown();
        try {
            return crowd.await(60, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private Raw ask(String head, byte... body) throws IOException {
        return Raw.ask(address, head, body);
    }

    @Test
    void takes_a_hook_by_query_and_by_path() throws IOException {
        Raw raw = ask("POST /hook?id=45DE2239F HTTP/1.1", (byte) 0, (byte) -1);
        assertThat(raw.status()).isEqualTo(202);
        assertThat(raw.header("Content-Type")).contains("application/json");
        assertThat(raw.body()).isEqualTo("{\"run\":7}\n");
        ask("GET /hook?id=45DE2239F HTTP/1.1");
        ask("POST /hook/45DE2239F?id=other HTTP/1.1");

        assertThat(asked)
                .extracting(HookRequest::id)
                .containsOnly(Optional.of("45DE2239F"))
                .hasSize(3);
        assertThat(asked.getFirst().body().bytes()).containsExactly(0, -1);
        assertThat(asked.getFirst().from()).isEqualTo(InetAddress.getLoopbackAddress());
        assertThat(asked.getFirst().patience()).isEmpty();
        assertThat(asked.getLast().body().length()).isZero();
    }

    /** A request that names no length has no body, unless it is chunked. */
    @Test
    void hooks_without_a_body_need_no_room_and_wait_beside_each_other() throws Exception {
        try (var senders =
                Executors.newFixedThreadPool(CROWD, Thread.ofVirtual().factory())) {
            Callable<Integer> sender =
                    () -> ask("GET /hook?id=crowd&wait=30s HTTP/1.1").status();
            for (var answer : senders.invokeAll(Collections.nCopies(CROWD, sender))) {
                assertThat(answer.get()).isEqualTo(202);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/hook", "/hook?id=", "/hook/", "/hook?wait=1s", "/hook?ID=x", "/hook?id"})
    void a_hook_without_an_id_is_asked_for_none(String target) throws IOException {
        ask("POST " + target + " HTTP/1.1");
        assertThat(asked).extracting(HookRequest::id).containsExactly(Optional.empty());
    }

    @Test
    void answers_a_ping() throws IOException {
        Raw raw = ask("GET /ping HTTP/1.1");
        assertThat(raw.status()).isEqualTo(200);
        assertThat(raw.body()).isEqualTo("PONG\n");
        assertThat(asked).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/hooks",
                "/hookx?id=a",
                "/hook/a/b",
                "/scheduler/info",
                "/api/v1/runs",
                "/health",
                "/ping/x/",
                "/Ping",
                "/hook/a/b/"
            })
    void serves_nothing_else(String path) throws IOException {
        Raw raw = ask("GET " + path + " HTTP/1.1");
        assertThat(raw.status()).isEqualTo(404);
        assertThat(raw.body()).isEqualTo("{\"error\":\"unknown path: use /hook or /ping\"}\n");
        assertThat(asked).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "BREW"})
    void a_hook_takes_get_and_post_only(String method) throws IOException {
        Raw raw = ask(method + " /hook?id=x HTTP/1.1");
        assertThat(raw.status()).isEqualTo(405);
        assertThat(raw.header("Allow")).contains("GET, HEAD, POST");
        assertThat(asked).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"wait=30s, PT30S", "wait=1h, PT1H", "wait=2h, PT1H", "wait=P9999999D, PT1H", "wait=0s, PT0S"})
    void waits_for_an_hour_at_most(String query, Duration patience) throws IOException {
        ask("POST /hook?id=x&" + query + " HTTP/1.1");
        assertThat(asked.getFirst().patience()).contains(patience);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Origin: https://evil.example",
                "Origin: null",
                "Sec-Fetch-Site: cross-site",
                "Sec-Fetch-Site: same-origin"
            })
    void a_page_in_a_browser_triggers_nothing(String header) throws IOException {
        for (String method : List.of("GET", "POST")) {
            Raw raw = ask(method + " /hook?id=x HTTP/1.1\n" + header);
            assertThat(raw.status()).isEqualTo(403);
            assertThat(raw.body()).isEqualTo("{\"error\":\"web pages may not send hooks\"}\n");
        }
        assertThat(asked).isEmpty();
        assertThat(ask("GET /hook?id=x HTTP/1.1\nSec-Fetch-Site: none").status())
                .as("somebody typed it")
                .isEqualTo(202);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"wait=soon", "wait=", "wait=30", "wait=%zz", "wait=\u0142", "wait=PT-5S", "id=%", "id=%ff%fe"})
    void a_query_that_makes_no_sense_is_refused_and_triggers_nothing(String query) throws IOException {
        Raw raw = ask("POST /hook?" + query + "&id=x HTTP/1.1");
        assertThat(raw.status()).isEqualTo(400);
        assertThat(raw.body()).startsWith("{\"error\":\"");
        assertThat(asked).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"msg=ł", "msg=Zoë", "日本=🍀", "v=|{}[]\"^`\\<>", "x=Jos%E9&note=100%", "%", "id=%E9&wait"})
    void the_query_is_taken_as_it_was_sent(String query) throws IOException {
        assertThat(ask("POST /hook/x?wait=0s&" + query + " HTTP/1.1").status()).isEqualTo(202);
        assertThat(bytes(asked.getFirst().query())).isEqualTo("wait=0s&" + query);
    }

    private static String bytes(String oneCharacterAByte) {
        return new String(oneCharacterAByte.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }

    /** Jetty has put another character in their place. */
    @Test
    void bytes_of_the_query_that_are_no_text_are_taken_for_none() throws IOException {
        try (SocketChannel channel = SocketChannel.open(address)) {
            Raw.write(
                    channel,
                    "POST /hook/x?msg=Jos\u00e9&v=1 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
                            .getBytes(StandardCharsets.ISO_8859_1));
            assertThat(Raw.of(Raw.read(channel)).status()).isEqualTo(202);
        }
        assertThat(asked.getFirst().query()).isEqualTo("msg=Jos\u00ff&v=1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/hook/%2e%2e", "/hook/..", "/hook/a%2fb", "/hook/%00", "/hook//", "/hook/../ping"})
    void a_trick_in_the_path_is_no_hook(String path) throws IOException {
        Raw raw = ask("POST " + path + " HTTP/1.1");
        assertThat(raw.status()).isIn(400, 404, 405);
        assertThat(raw.body()).doesNotContain("<").doesNotContainIgnoringCase("jetty");
        assertThat(asked).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"//hook/x", "/hook//x", "/hook//", "//ping", "/hook/x//?id=x"})
    void an_empty_part_of_the_path_is_named(String path) throws IOException {
        Raw raw = ask("POST " + path + " HTTP/1.1");
        assertThat(raw.status()).isEqualTo(400);
        assertThat(raw.body()).isEqualTo("{\"error\":\"the path has an empty part (//)\"}\n");
    }

    /** The steps would get it as it is. */
    @ParameterizedTest
    @ValueSource(strings = {"gzip, chunked", "gzip,chunked", "gzip", "gzip\nTransfer-Encoding: chunked", "identity"})
    void a_body_that_is_encoded_on_its_way_is_refused(String encoding) throws IOException {
        Raw raw = ask("POST /hook/x HTTP/1.1\nTransfer-Encoding: " + encoding);
        assertThat(raw.status()).isEqualTo(501);
        assertThat(raw.body()).contains("unsupported transfer encoding: use chunked");
        assertThat(asked).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"chunked", "Chunked", "CHUNKED"})
    void a_body_in_chunks_is_taken(String encoding) throws IOException {
        try (SocketChannel channel = SocketChannel.open(address)) {
            String request = "POST /hook/x HTTP/1.1\r\nHost: x\r\nConnection: close\r\nTransfer-Encoding: " + encoding
                    + "\r\n\r\n4\r\nbody\r\n0\r\n\r\n";
            Raw.write(channel, request.getBytes(StandardCharsets.US_ASCII));
            assertThat(Raw.of(Raw.read(channel)).status()).isEqualTo(202);
        }
        assertThat(new String(asked.getFirst().body().bytes(), StandardCharsets.US_ASCII))
                .isEqualTo("body");
    }

    @Test
    void says_when_to_try_again() throws IOException {
        Raw raw = ask("POST /hook?id=full HTTP/1.1");
        assertThat(raw.status()).isEqualTo(429);
        assertThat(raw.header("Retry-After")).contains("30");
    }

    /** It may be there by the time that the body has come, and must not be given half of it. */
    @Test
    void the_cut_body_for_a_hook_that_was_not_there_is_for_no_hook() throws IOException {
        ask("POST /hook?id=unknown HTTP/1.1", new byte[60_000]);
        assertThat(asked.getLast().id()).contains("unknown");
        ask("POST /hook?id=unknown HTTP/1.1", new byte[100_000]);
        assertThat(asked.getLast().id()).isEmpty();
        assertThat(asked.getLast().body().length()).isLessThanOrEqualTo(65_536);
    }

    /** It may wait for far longer than a silent connection is left open. */
    @Test
    void a_sender_that_waits_in_silence_gets_its_answer() throws IOException {
        int port;
        try (var free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        try (var impatient =
                new HookServer(settings(port), new BodyFolder(folder), new Traffic(), Duration.ofSeconds(3))) {
            impatient.listen(desk(_ -> new HookAnswer(
                    202,
                    Map.of("run", 7),
                    Map.of(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.of(afterSilence(port)))));
            Raw raw = Raw.ask(new InetSocketAddress("127.0.0.1", port), "POST /hook?id=x HTTP/1.1");
            assertThat(raw.status()).isEqualTo(200);
        }
    }

    /**
     * An outcome that comes once the listener has cut a connection that was silent for shorter than the one that waits
     * for it.
     */
    private static HookAnswer.PendingAnswer afterSilence(int port) {
        return new HookAnswer.PendingAnswer() {
            @Override
            public Duration patience() {
                return Duration.ofMinutes(1);
            }

            @Override
            public Optional<HookAnswer> await(Duration limit) {
                try (var silent = new Socket(InetAddress.getLoopbackAddress(), port)) {
                    silent.setSoTimeout(Math.max(1, Math.toIntExact(limit.toMillis())));
                    silent.getInputStream().readAllBytes();
                    return Optional.of(new HookAnswer(200, Map.of("run", 7), Map.of()));
                } catch (SocketTimeoutException e) {
                    return Optional.empty();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        };
    }

    @Test
    void a_defect_tells_the_sender_nothing() throws IOException {
        Raw raw = ask("POST /hook?id=defect HTTP/1.1");
        assertThat(raw.status()).isEqualTo(500);
        assertThat(raw.header("Content-Type")).contains("application/json");
        assertThat(raw.body())
                .doesNotContain("as planned")
                .doesNotContain("Exception")
                .doesNotContain("<");
    }

    @Test
    void takes_a_body_of_the_limit_and_refuses_one_byte_more_before_it_triggers_anything() throws IOException {
        byte[] largest = new byte[BODY_LIMIT];
        Arrays.fill(largest, (byte) 'x');
        assertThat(ask("POST /hook?id=x HTTP/1.1", largest).status()).isEqualTo(202);
        assertThat(asked.getFirst().body().bytes()).hasSize(BODY_LIMIT);

        assertThat(ask("POST /hook?id=x HTTP/1.1", Arrays.copyOf(largest, largest.length + 1))
                        .status())
                .isEqualTo(413);
        assertThat(asked).hasSize(1);
    }

    @Test
    void a_body_without_a_length_is_limited_too() throws IOException {
        try (SocketChannel channel = SocketChannel.open(address)) {
            Raw.write(
                    channel,
                    "POST /hook?id=x HTTP/1.1\r\nHost: x\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n"
                            .getBytes(StandardCharsets.US_ASCII));
            byte[] chunk = ("10000\r\n" + "x".repeat(0x10000) + "\r\n").getBytes(StandardCharsets.US_ASCII);
            for (int i = 0; i < 17; i++) {
                Raw.write(channel, chunk);
            }
            Raw.write(channel, "0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(Raw.of(Raw.read(channel)).status()).isEqualTo(413);
        }
        assertThat(asked).isEmpty();
    }

    @Test
    void a_sender_who_hangs_up_in_the_middle_of_the_body_triggers_nothing() throws IOException {
        try (SocketChannel channel = SocketChannel.open(address)) {
            Raw.write(
                    channel,
                    "POST /hook?id=half HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nhalf"
                            .getBytes(StandardCharsets.US_ASCII));
        }
        assertThat(ask("POST /hook?id=whole HTTP/1.1").status()).isEqualTo(202);
        assertThat(asked).extracting(request -> request.id().orElseThrow()).containsExactly("whole");
    }

    @Test
    void a_head_that_is_too_long_or_no_http_is_refused() throws IOException {
        assertThat(ask("POST /hook?id=x HTTP/1.1\nX: " + "x".repeat(100_000)).status())
                .isEqualTo(431);
        assertThat(ask("nonsense").status()).isEqualTo(400);
        assertThat(asked).isEmpty();
    }

    @Test
    void a_port_that_is_taken_is_told_with_what_to_do() throws IOException {
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                var second = new HookServer(settings(taken.getLocalPort()), new BodyFolder(folder), new Traffic())) {
            assertThatThrownBy(() -> second.listen(desk(request -> answer(202))))
                    .isInstanceOf(IOException.class)
                    .hasMessageStartingWith("cannot listen for hooks on 127.0.0.1:" + taken.getLocalPort())
                    .hasMessageContaining("free the port");
        }
    }
}
