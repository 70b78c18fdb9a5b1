package io.leprechaun.daemon.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.leprechaun.api.Access;
import io.leprechaun.api.Arguments;
import io.leprechaun.api.Call;
import io.leprechaun.api.ExitCode;
import io.leprechaun.api.Handler;
import io.leprechaun.api.Problem;
import io.leprechaun.api.ProblemException;
import io.leprechaun.api.Registrator;
import io.leprechaun.api.Reply;
import io.leprechaun.api.text.Style;
import io.leprechaun.api.text.Table;
import io.leprechaun.api.text.Table.Cell;
import io.leprechaun.api.text.Table.Column;
import io.leprechaun.api.text.Text;
import io.leprechaun.daemon.audit.Change;
import io.leprechaun.daemon.audit.ChangeLog;
import io.leprechaun.daemon.count.Traffic;
import io.leprechaun.daemon.posix.Self;
import io.leprechaun.daemon.posix.User;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(180)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ApiServerTest {
    /** The number of notes that were asked for. */
    private static final AtomicInteger NOTES = new AtomicInteger();

    private static final String JSON = "\nAccept: application/json";
    private static final String TEXT = "\nAccept: text/plain";

    @TempDir
    private static Path folder;

    private final AtomicInteger changes = new AtomicInteger();
    private Path socket;
    private ApiServer server;

    /** An agent with a handler of each kind. */
    private final class Fake implements Registrator {
        @Override
        public String name() {
            return "fake";
        }

        @Override
        public List<Handler> handlers() {
            return List.of(
                    new Handler("table", Access.READ, call -> table()),
                    new Handler(
                            "echo",
                            Access.READ,
                            call -> Reply.of(
                                    Map.of("arguments", call.arguments()),
                                    Text.line(String.join("|", call.arguments())),
                                    call.arguments())),
                    new Handler(
                            "cut",
                            Access.READ,
                            call -> Reply.of(Map.of("list", List.of()), Text.line("1"), List.of("1"))
                                    .with(() -> {
                                        NOTES.incrementAndGet();
                                        return Optional.of("1 of 1,432: für alle");
                                    })),
                    new Handler(
                            "failed",
                            Access.READ,
                            call -> new Reply.Document(
                                    Map.of("state", "failed"), Text.line("failed"), List.of("7"), ExitCode.FAILED)),
                    new Handler("refused", Access.READ, call -> {
                        throw new ProblemException(Problem.refused("paused by zoe\r\nSet-Cookie: x"));
                    }),
                    new Handler("defect", Access.READ, call -> {
                        throw new IllegalStateException("as planned");
                    }),
                    new Handler(
                            "stream",
                            Access.READ,
                            call -> new Reply.Stream(
                                    out -> {
                                        out.write("first\n".getBytes(StandardCharsets.UTF_8));
                                        out.flush();
                                        out.write("second\n".getBytes(StandardCharsets.UTF_8));
                                    },
                                    ExitCode.FAILED)),
                    new Handler(
                            "broken-stream",
                            Access.READ,
                            call -> new Reply.Stream(
                                    out -> {
                                        out.write("first\n".getBytes(StandardCharsets.UTF_8));
                                        out.flush();
                                        throw new IOException("the file has gone");
                                    },
                                    ExitCode.OK)),
                    new Handler(
                            "defect-stream",
                            Access.READ,
                            call -> new Reply.Stream(
                                    out -> {
                                        throw new IllegalStateException("as planned");
                                    },
                                    ExitCode.OK)),
                    new Handler(
                            "out-of-memory", Access.READ, call -> Reply.of(Map.of("n", huge().length), Text.line("x"))),
                    new Handler(
                            "out-of-memory-stream",
                            Access.READ,
                            call -> new Reply.Stream(out -> out.write(huge()), ExitCode.OK)),
                    new Handler("deep", Access.READ, call -> Reply.of(Map.of("n", deep(0)), Text.line("x"))),
                    new Handler("sub:change", Access.CHANGE, this::change),
                    new Handler("administer", Access.ADMINISTER, this::change));
        }

        private Reply change(Call call) {
            Arguments.parse(call.arguments(), List.of(), 1);
            changes.incrementAndGet();
            return Reply.of(
                    Map.of("user", call.caller().user()),
                    Text.line(call.caller().user()));
        }

        private byte[] huge() {
            return new byte[Integer.MAX_VALUE];
        }

        private long deep(long level) {
            return level < 0 ? 0 : 1 + deep(level + 1);
        }

        private Reply table() {
            return Reply.of(
                    Collections.singletonMap("absent", null),
                    new Table(
                            List.of(Column.left("name"), Column.shrinking("about")),
                            List.of(List.of(Cell.of("a\u001b[31m", Style.GOOD), Cell.of("x".repeat(200)))),
                            "nothing"),
                    List.of("a", "b"));
        }
    }

    /** Everybody may do everything. */
    private static final class Everybody implements Authority {
        @Override
        public Optional<Access> most(String user, boolean admitted) {
            return Optional.of(Access.ADMINISTER);
        }

        @Override
        public String holders(Access role) {
            return "";
        }
    }

    private static ChangeLog changeLog() {
        return new ChangeLog(folder.resolve("access/changes.jsonl"), InstantSource.system());
    }

    @Test
    void a_change_is_recorded_with_its_result_and_a_reading_is_not() throws IOException {
        var before = changeLog().newest(1000, _ -> true).size();
        ask("GET /fake/echo?args=x HTTP/1.1");
        assertThat(changeLog().newest(1000, _ -> true)).hasSize(before);
        assertThat(ask("POST /fake/sub/change?args=-p&args=a=b HTTP/1.1").status())
                .isEqualTo(400);
        assertThat(ask("POST /fake/sub/change?args=one HTTP/1.1").status()).isEqualTo(200);
        assertThat(changeLog().newest(2, _ -> true))
                .extracting(Change::way, Change::command, Change::arguments, Change::code)
                .containsExactly(
                        tuple("socket", "fake sub:change", List.of("-p", "a=…"), 2),
                        tuple("socket", "fake sub:change", List.of("one"), 0));
    }

    private final Traffic traffic = new Traffic();

    private ApiServer open(Path at) throws IOException {
        return ApiServer.open(
                Door.ofGroup(at, Self.gid()), Router.of(List.of(new Fake())), new Everybody(), changeLog(), traffic);
    }

    @BeforeAll
    void open() throws IOException {
        socket = folder.resolve("api.sock");
        server = open(socket);
    }

    @AfterAll
    void close() throws IOException {
        server.close();
        assertThat(socket).doesNotExist();
    }

    private Raw ask(String head) throws IOException {
        return Raw.ask(UnixDomainSocketAddress.of(socket), head);
    }

    @Test
    void the_socket_is_the_owners_and_the_groups() throws IOException {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket)))
                .isEqualTo("rw-rw----");
    }

    @Test
    void answers_programs_with_one_document() throws IOException {
        Raw raw = ask("GET /fake/table HTTP/1.1" + JSON);
        assertThat(raw.status()).isEqualTo(200);
        assertThat(raw.header("Content-Type")).contains("application/json");
        assertThat(raw.header("Leprechaun-Exit")).contains("0");
        assertThat(raw.header("Cache-Control")).contains("no-store");
        assertThat(raw.header("X-Content-Type-Options")).contains("nosniff");
        assertThat(raw.header("Server")).isEmpty();
        assertThat(raw.body()).isEqualTo("{\"absent\":null}\n");
        assertThat(ask("GET /fake/table HTTP/1.1").body()).as("without Accept").isEqualTo(raw.body());
    }

    @Test
    void answers_people_with_a_table_as_wide_as_their_screen() throws IOException {
        Raw raw = ask("GET /fake/table?columns=40&color=true HTTP/1.1" + TEXT);
        assertThat(raw.header("Content-Type").orElseThrow()).isEqualToIgnoringCase("text/plain; charset=utf-8");
        assertThat(raw.body().lines().toList().getLast())
                .startsWith("\u001b[32ma\\e[31m\u001b[0m")
                .hasSizeLessThan(60);
        assertThat(ask("GET /fake/table HTTP/1.1" + TEXT).body())
                .contains("x".repeat(200))
                .doesNotContain("\u001b");
        for (String columns : List.of("0", "-5", "x", "99999999999", "", "1")) {
            assertThat(ask("GET /fake/table?columns=" + columns + " HTTP/1.1" + TEXT)
                            .status())
                    .as(columns)
                    .isEqualTo(200);
        }
    }

    @Test
    void answers_scripts_with_ids_alone() throws IOException {
        assertThat(ask("GET /fake/table?quiet=true HTTP/1.1" + TEXT).body()).isEqualTo("a\nb\n");
    }

    @Test
    void carries_arguments_byte_for_byte() throws IOException {
        Raw raw = ask("GET /fake/echo?args=a%20b&args=%C3%BC%26%3D%2B&args=&args=--x&other=1 HTTP/1.1" + JSON);
        assertThat(raw.body()).isEqualTo("{\"arguments\":[\"a b\",\"ü&=+\",\"\",\"--x\"]}\n");
    }

    @Test
    void carries_the_clients_exit_code() throws IOException {
        assertThat(ask("GET /fake/failed HTTP/1.1" + JSON).header("Leprechaun-Exit"))
                .contains("1");
        assertThat(ask("GET /fake/failed HTTP/1.1" + JSON).status()).isEqualTo(200);
    }

    @Test
    void a_problem_is_a_problem_document() throws IOException {
        Raw raw = ask("GET /fake/refused HTTP/1.1" + JSON);
        assertThat(raw.status()).isEqualTo(409);
        assertThat(raw.header("Content-Type")).contains("application/problem+json");
        assertThat(raw.header("Leprechaun-Exit")).contains("4");
        assertThat(raw.header("Set-Cookie")).isEmpty();
        assertThat(raw.body())
                .contains(
                        "\"title\":\"Refused\"",
                        "\"status\":409",
                        "\"code\":4",
                        "\"detail\":\"paused by zoe\\r\\nSet-Cookie: x\"");
        assertThat(ask("GET /fake/refused HTTP/1.1" + TEXT).body()).startsWith("paused by zoe");
    }

    @Test
    void a_defect_is_answered_too() throws IOException {
        for (String command : List.of("defect", "defect-stream")) {
            Raw raw = ask("GET /fake/" + command + " HTTP/1.1" + TEXT);
            assertThat(raw.status()).as(command).isEqualTo(500);
            assertThat(raw.header("Leprechaun-Exit")).contains("70");
            assertThat(raw.body()).contains("internal error").doesNotContain("<");
        }
    }

    @Test
    void streams_bytes_with_an_exit_code() throws IOException {
        Raw raw = ask("GET /fake/stream HTTP/1.0" + TEXT);
        assertThat(raw.status()).isEqualTo(200);
        assertThat(raw.header("Leprechaun-Exit")).contains("1");
        assertThat(raw.body()).isEqualTo("first\nsecond\n");
    }

    @Test
    void a_stream_that_breaks_off_does_not_end_as_if_it_were_whole() throws IOException {
        Raw raw;
        try (var channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) { // and stays open, as the client's
            Raw.write(
                    channel,
                    "GET /fake/broken-stream HTTP/1.1\r\nHost: x\r\nAccept: text/plain\r\n\r\n"
                            .getBytes(StandardCharsets.US_ASCII));
            raw = Raw.of(Raw.read(channel));
        }
        assertThat(raw.header("Transfer-Encoding")).contains("chunked");
        assertThat(raw.body()).contains("first").doesNotEndWith("0\r\n\r\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Host: localhost\r\nOrigin: http://evil.example",
                "Host: localhost\r\nOrigin: null",
                "Host: localhost\r\nSec-Fetch-Site: cross-site",
                "Host: evil.example",
                "Host: evil.example:8080",
                "Host: 10.0.0.1",
                "Host: 127.0.0.1.evil.example"
            })
    void a_page_in_a_browser_is_not_answered(String headers) throws IOException {
        int before = changes.get();
        assertThat(byHand("POST /fake/sub/change HTTP/1.1\r\n" + headers).status())
                .isEqualTo(403);
        assertThat(byHand("GET /fake/table HTTP/1.1\r\n" + headers).status()).isEqualTo(403);
        assertThat(changes).hasValue(before);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Host: localhost", "Host: x", "Host: 127.0.0.1:80", "Host: [::1]", "Host: LOCALHOST:1"})
    void this_host_has_many_names(String headers) throws IOException {
        assertThat(byHand("GET /fake/table HTTP/1.1\r\n" + headers).status()).isEqualTo(200);
    }

    private Raw byHand(String head) throws IOException {
        try (var channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
            Raw.write(channel, (head + "\r\nConnection: close\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
            return Raw.of(Raw.read(channel));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "POST, /fake/table, 'GET, HEAD'",
        "DELETE, /fake/table, 'GET, HEAD'",
        "HEAD, /fake/sub/change, POST",
        "GET, /fake/sub/change, POST",
        "PUT, /fake/sub/change, POST",
        "GET, /fake/administer, POST",
        "OPTIONS, /fake/table, 'GET, HEAD'"
    })
    void the_wrong_method_is_told_the_right_one(String method, String path, String allowed) throws IOException {
        int before = changes.get();
        Raw raw = ask(method + " " + path + " HTTP/1.1" + JSON);
        assertThat(raw.status()).isEqualTo(405);
        assertThat(raw.header("Allow")).contains(allowed);
        assertThat(raw.header("Leprechaun-Exit")).contains("2");
        assertThat(changes).hasValue(before);
    }

    @Test
    void what_changes_knows_who_asked() throws IOException {
        Raw raw = ask("POST /fake/sub/change HTTP/1.1\nContent-Length: 0" + TEXT);
        assertThat(raw.body()).isEqualTo(User.current().name() + "\n");
        assertThat(ask("POST /fake/administer HTTP/1.1\nContent-Length: 0" + TEXT)
                        .status())
                .isEqualTo(200);
    }

    @Test
    void what_a_list_leaves_out_is_a_header_of_the_text_alone() throws IOException {
        NOTES.set(0);
        assertThat(ask("GET /fake/cut HTTP/1.1" + TEXT).header("Leprechaun-Note"))
                .contains("1+of+1%2C432%3A+f%C3%BCr+alle");
        assertThat(ask("GET /fake/cut?quiet=true HTTP/1.1" + TEXT).header("Leprechaun-Note"))
                .isEmpty();
        assertThat(ask("GET /fake/cut HTTP/1.1" + JSON).header("Leprechaun-Note"))
                .isEmpty();
        assertThat(NOTES).as("to count the rest costs a query").hasValue(1);
    }

    @Test
    void what_is_not_there_is_answered_with_the_nearest_name() throws IOException {
        assertThat(ask("GET /nobody/info HTTP/1.1" + TEXT).body())
                .isEqualTo("unknown command 'nobody': see `leprechaun --help`\n");
        assertThat(ask("GET /fkae/table HTTP/1.1" + TEXT).body())
                .isEqualTo("unknown command 'fkae': did you mean `fake`?\n");
        assertThat(ask("GET /rnu/backup HTTP/1.1" + TEXT).body())
                .isEqualTo("unknown command 'rnu': did you mean `run`?\n");
        assertThat(ask("GET /schedular/info HTTP/1.1" + TEXT).body())
                .isEqualTo("unknown command 'schedular': did you mean `scheduler`?\n");
        assertThat(ask("POST /notify/tset HTTP/1.1" + TEXT).body())
                .isEqualTo("unknown command 'notify tset': did you mean `notify test`?\n");
        Raw raw = ask("GET /fake/sub/nothing HTTP/1.1" + TEXT);
        assertThat(raw.status()).isEqualTo(404);
        assertThat(raw.header("Leprechaun-Exit")).contains("3");
        assertThat(raw.body())
                .startsWith("unknown command 'fake sub:nothing': see `leprechaun --help`; fake has administer, ");
        assertThat(ask("GET /fake/talbe HTTP/1.1" + TEXT).body())
                .isEqualTo("unknown command 'fake talbe': did you mean `fake table`?\n");
        for (String path : List.of("/", "/fake", "/fake/", "//fake/table")) {
            assertThat(ask("GET " + path + " HTTP/1.1" + TEXT).status())
                    .as(path)
                    .isIn(400, 404);
        }
        assertThat(ask("OPTIONS * HTTP/1.1" + TEXT).status()).isIn(400, 404, 405);
    }

    @Test
    void a_bad_escape_changes_nothing_and_is_wrong_usage() throws IOException {
        int before = changes.get();
        for (String query : List.of("columns=%zz", "args=%zz", "color=%", "args=%ff")) {
            Raw raw = ask("POST /fake/sub/change?" + query + " HTTP/1.1\nContent-Length: 0" + TEXT);
            assertThat(raw.status()).as(query).isEqualTo(400);
            assertThat(raw.body()).doesNotContain("<");
        }
        assertThat(changes).hasValue(before);
    }

    @Test
    void an_empty_part_of_the_path_is_named() throws IOException {
        for (String path : List.of("//fake/info", "/fake//info", "/fake/info//")) {
            Raw raw = ask("GET " + path + " HTTP/1.1");
            assertThat(raw.status()).as(path).isEqualTo(400);
            assertThat(raw.body()).as(path).contains("the path has an empty part (//)");
        }
    }

    @Test
    void a_head_that_is_too_long_is_refused_and_the_next_one_is_answered() throws IOException {
        Raw raw = ask("GET /fake/echo?args=" + "x".repeat(100_000) + " HTTP/1.1" + JSON);
        assertThat(raw.status()).isIn(414, 431);
        assertThat(raw.body())
                .contains("\"code\":2", "send long arguments in the body")
                .doesNotContain("<");
        assertThat(ask("GET /fake/echo?args=" + "x".repeat(7_000) + " HTTP/1.1" + JSON)
                        .status())
                .isEqualTo(200);
    }

    @Test
    void arguments_that_are_too_long_for_a_head_stand_in_the_body() throws IOException {
        String form = "\nContent-Type: application/x-www-form-urlencoded";
        String value = "x".repeat(60_000);
        Raw raw = post("GET /fake/echo?args=a HTTP/1.1" + TEXT + form, "args=" + value + "&args=%C3%BC&quiet=true");
        assertThat(raw.body()).isEqualTo("a\n" + value + "\nü\n");
        raw = post("POST /fake/sub/change HTTP/1.1" + JSON + form, "args=a&args=b");
        assertThat(raw.body()).contains("\"code\":2");
        raw = post("GET /fake/echo HTTP/1.1" + JSON + form, "args=" + "x".repeat(1_000_000));
        assertThat(raw.status()).isEqualTo(413);
        assertThat(raw.body()).contains("arguments too long, limit 262144 bytes");
        for (String bad :
                List.of("args=\u00ff", "args=%ff")) { // a byte that is not UTF-8 is not passed on as another text
            raw = Raw.ask(
                    UnixDomainSocketAddress.of(socket),
                    "GET /fake/echo HTTP/1.1" + JSON + form,
                    bad.getBytes(StandardCharsets.ISO_8859_1));
            assertThat(raw.status()).as(bad).isEqualTo(400);
        }
        raw = post("GET /fake/echo HTTP/1.1" + JSON + "\nContent-Type: text/plain", "args=a");
        assertThat(raw.body()).isEqualTo("{\"arguments\":[]}\n");
    }

    private Raw post(String head, String body) throws IOException {
        return Raw.ask(UnixDomainSocketAddress.of(socket), head, body.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void an_allocation_that_fails_ends_its_request_alone() throws IOException {
        for (String command : List.of("out-of-memory", "out-of-memory-stream", "deep")) {
            Raw raw = ask("GET /fake/" + command + " HTTP/1.1" + JSON);
            assertThat(raw.status()).as(command).isEqualTo(503);
            assertThat(raw.header("Retry-After")).isPresent();
            assertThat(raw.header("Leprechaun-Exit")).contains("4");
            assertThat(raw.body()).contains("not enough memory for this request: try again");
        }
    }

    @Test
    void a_socket_that_nobody_listens_on_is_taken_over_and_a_living_one_is_not() throws IOException {
        Path left = folder.resolve("left.sock");
        try (var dead = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            dead.bind(UnixDomainSocketAddress.of(left));
        }
        assertThat(left).exists();
        try (var taken = open(left)) {
            assertThat(taken).isNotNull();
            assertThatThrownBy(() -> open(left))
                    .isInstanceOf(IOException.class)
                    .hasMessage(
                            "another daemon listens on " + left + ": stop it, or give this daemon another --socket");
        }
    }

    @Test
    void a_file_that_is_no_socket_is_left_alone() throws IOException {
        Path precious = Files.writeString(folder.resolve("precious"), "precious");
        assertThatThrownBy(() -> open(precious))
                .isInstanceOf(IOException.class)
                .hasMessage(precious + " is not a socket: move it away, or give this daemon another --socket");
        assertThat(precious).hasContent("precious");
    }

    @Test
    void a_socket_that_cannot_be_made_is_told_with_its_path() {
        Path nowhere = Path.of("/proc/nowhere/api.sock");
        assertThatThrownBy(() -> open(nowhere)).isInstanceOf(IOException.class).hasMessageContaining("/proc/nowhere");
    }
}
