package io.leprechaun.daemon.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.leprechaun.api.Access;
import io.leprechaun.api.ExitCode;
import io.leprechaun.api.Handler;
import io.leprechaun.api.Registrator;
import io.leprechaun.api.Reply;
import io.leprechaun.api.text.Text;
import io.leprechaun.daemon.audit.Change;
import io.leprechaun.daemon.audit.ChangeLog;
import io.leprechaun.daemon.count.Traffic;
import io.leprechaun.daemon.lifecycle.Alarms;
import io.leprechaun.daemon.session.Grant;
import io.leprechaun.daemon.session.OneTimeLinks;
import io.leprechaun.daemon.session.Peer;
import io.leprechaun.daemon.session.Session;
import io.leprechaun.daemon.session.Sessions;
import io.leprechaun.daemon.settings.ConsoleSettings;
import io.leprechaun.daemon.settings.ConsoleSettings.Open;
import io.leprechaun.daemon.token.Tokens;
import io.leprechaun.daemon.units.Address;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each rule of a session over TCP, by requests whose bytes are written by hand. */
@Timeout(120)
class ConsoleHandlerTest {
    private static final Pattern CSRF = Pattern.compile("name=\"csrf\" value=\"([0-9a-f]{64})\"");
    private static final String SAME = "\nSec-Fetch-Site: same-origin";

    @TempDir
    private Path folder;

    private final AtomicInteger answered = new AtomicInteger();
    private final CountDownLatch streams = new CountDownLatch(1);
    private final CountDownLatch streamEnds = new CountDownLatch(1);
    private final Map<String, Access> roles = new ConcurrentHashMap<>(Map.of("ann", Access.ADMINISTER));
    private final Alarms alarms = Alarms.open();
    private final OneTimeLinks links = new OneTimeLinks(System::nanoTime);
    private Sessions sessions;
    private ChangeLog changes;
    private TcpApi api;

    private record Service(String name, List<Handler> handlers) implements Registrator {}

    /** The roles of the test. */
    private record TestRoles(Map<String, Access> roles) implements Authority {
        @Override
        public Optional<Access> most(String user, boolean admitted) {
            return Optional.ofNullable(roles.get(user));
        }

        @Override
        public String holders(Access role) {
            return "the test has it";
        }
    }

    @BeforeEach
    void open() throws IOException {
        open(Optional.empty());
    }

    private void open(Optional<URI> url) throws IOException {
        var settings = new ConsoleSettings(Open.ASKED, new Address("127.0.0.1", 0), Optional.empty(), url);
        sessions = Sessions.open(folder.resolve("access/sessions"), InstantSource.system());
        changes = new ChangeLog(folder.resolve("access/changes.jsonl"), InstantSource.system());
        var tokens = Tokens.open(folder.resolve("access/tokens"), InstantSource.system());
        var callers = new TcpApi.ApiCallers(tokens, sessions, links, new TestRoles(roles));
        api = new TcpApi(
                new TcpApi.ApiParts(settings, callers, changes, "web<1>", "1.0"),
                alarms,
                new Traffic(),
                System::nanoTime);
        api.open(router());
    }

    private Router router() {
        return Router.of(List.of(new Service(
                "fake",
                List.of(
                        handler("read", Access.READ),
                        handler("change", Access.CHANGE),
                        handler("administer", Access.ADMINISTER),
                        new Handler("stream", Access.READ, _ -> new Reply.Stream(this::stream, ExitCode.OK))))));
    }

    private Handler handler(String name, Access access) {
        return new Handler(
                name,
                access,
                call -> Reply.of(
                        Map.of("by", call.caller().user(), "count", answered.incrementAndGet()), Text.line("done")));
    }

    private void stream(OutputStream out) throws IOException {
        try {
            out.write("first\n".getBytes(StandardCharsets.UTF_8));
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

    private String cookie() {
        return "\nCookie: leprechaun-" + api.port() + "=";
    }

    /** Sends a head, in which PORT stands for the port, and a form. */
    private Raw ask(String head, String form) throws IOException {
        try (var channel = SocketChannel.open(new InetSocketAddress("127.0.0.1", api.port()))) {
            String more = form.isEmpty()
                    ? ""
                    : "\nContent-Type: application/x-www-form-urlencoded\nContent-Length: " + form.length();
            String request = (head.strip() + (head.contains("Host: ") ? "" : "\nHost: 127.0.0.1:PORT") + more)
                            .replace("PORT", Integer.toString(api.port()))
                            .replace("\n", "\r\n")
                    + "\r\nConnection: close\r\n\r\n" + form;
            Raw.write(channel, request.getBytes(StandardCharsets.UTF_8));
            return Raw.of(Raw.read(channel));
        }
    }

    private Raw ask(String head) throws IOException {
        return ask(head, "");
    }

    private Grant grant(Access access) {
        return new Grant("ann", access, Duration.ofHours(12), "link");
    }

    /** Logs in, and returns the secret of the session. */
    private String login(Access access) throws IOException {
        Raw answer = ask("POST /login HTTP/1.1" + SAME, "secret=" + links.link(grant(access)) + "&next=%2F");
        assertThat(answer.status()).as(answer.body()).isEqualTo(303);
        assertThat(answer.header("Location")).contains("/");
        return secret(answer);
    }

    private static String secret(Raw answer) {
        String cookie = answer.header("Set-Cookie").orElseThrow();
        return cookie.substring(cookie.indexOf('=') + 1, cookie.indexOf(';'));
    }

    private String csrf(String secret) throws IOException {
        Matcher found = CSRF.matcher(
                ask("GET / HTTP/1.1\nAccept: text/html" + cookie() + secret).body());
        assertThat(found.find()).isTrue();
        return found.group(1);
    }

    @Test
    void a_link_logs_in_once_and_the_session_is_shown_and_recorded() throws IOException {
        String secret = links.link(grant(Access.CHANGE));
        Raw answer = ask("POST /login HTTP/1.1" + SAME, "secret=" + secret + "&next=%2Fruns%3Fstate%3Dfailed");
        assertThat(answer.status()).isEqualTo(303);
        assertThat(answer.header("Location")).contains("/runs?state=failed");
        assertThat(answer.header("Set-Cookie"))
                .hasValueSatisfying(cookie -> assertThat(cookie)
                        .matches("leprechaun-" + api.port()
                                + "=[A-Za-z0-9_-]{43}; Path=/; Max-Age=43200; HttpOnly; SameSite=Strict"));
        String kept = secret(answer);
        assertThat(ask("GET / HTTP/1.1\nAccept: text/html" + cookie() + kept).body())
                .contains("web&lt;1&gt;", "1.0", "ann", "operate", "href=\"/api\"", "href=\"/health\"");
        assertThat(ask("POST /login HTTP/1.1" + SAME, "secret=" + secret).status())
                .isEqualTo(403);
        assertThat(sessions.all()).singleElement().satisfies(session -> {
            assertThat(session.from()).isEqualTo("127.0.0.1");
            assertThat(session.peer()).isNotEqualTo(Peer.UNKNOWN);
            assertThat(session.listed()).isTrue();
        });
        assertThat(changes.newest(9, _ -> true))
                .extracting(Change::by, Change::way, Change::command)
                .containsExactly(tuple("ann", "console", "login"));
    }

    @Test
    void a_code_logs_in_and_the_sixth_try_does_not() throws IOException {
        var typed = new Grant("ann", Access.READ, Duration.ofMinutes(1), "code");
        String code = links.code(typed);
        assertThat(ask("POST /login HTTP/1.1" + SAME, "code=" + code).status()).isEqualTo(303);
        String other = links.code(typed);
        for (int i = 0; i < 5; i++) {
            Raw refused = ask("POST /login HTTP/1.1" + SAME, "code=AAAAAAAA");
            assertThat(refused.status()).isEqualTo(403);
            assertThat(refused.body()).contains("role=\"alert\"");
        }
        assertThat(ask("POST /login HTTP/1.1" + SAME, "code=" + other).status()).isEqualTo(403);
        assertThat(sessions.all()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"//evil.example", "/\\evil.example", "https://evil.example", "evil", "", "/a\r\nX: y", "/\tx"})
    void after_the_login_a_browser_stays_here(String next) throws IOException {
        String form =
                "secret=" + links.link(grant(Access.READ)) + "&next=" + URLEncoder.encode(next, StandardCharsets.UTF_8);
        Raw answer = ask("POST /login HTTP/1.1" + SAME, form);
        assertThat(answer.header("Location")).contains("/");
        assertThat(answer.header("X")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"Sec-Fetch-Site: cross-site", "Sec-Fetch-Site: same-site", "Origin: http://evil.example"})
    void another_page_cannot_log_a_browser_in(String field) throws IOException {
        String secret = links.link(grant(Access.READ));
        assertThat(ask("POST /login HTTP/1.1\n" + field, "secret=" + secret).status())
                .isEqualTo(403);
        assertThat(links.redeemLink(secret)).as("it was not used").isPresent();
    }

    @ParameterizedTest
    @EnumSource(Access.class)
    void a_role_admits_its_own_handlers_and_those_of_lesser_ones(Access role) throws IOException {
        String secret = login(role);
        String csrf = csrf(secret);
        for (Access needed : Access.values()) {
            String path =
                    "/fake/" + (needed == Access.READ ? "read" : needed == Access.CHANGE ? "change" : "administer");
            int before = answered.get();
            Raw answer = ask(needed.method() + " " + path + " HTTP/1.1" + SAME + cookie() + secret
                    + "\nLeprechaun-Csrf: " + csrf);
            boolean admitted = needed.compareTo(role) <= 0;
            assertThat(answer.status()).as("%s by %s", path, role).isEqualTo(admitted ? 200 : 403);
            assertThat(answered.get() - before).isEqualTo(admitted ? 1 : 0);
            if (!admitted) {
                assertThat(answer.body()).contains("requires a session with the role", "--role", "\"code\":7");
            }
        }
        assertThat(changes.newest(9, change -> change.command().startsWith("fake")))
                .extracting(Change::way)
                .allMatch("console"::equals)
                .hasSize(role.ordinal());
    }

    @Test
    void a_role_that_became_less_counts_at_once() throws IOException {
        String secret = login(Access.CHANGE);
        String csrf = csrf(secret);
        String change = "POST /fake/change HTTP/1.1" + SAME + cookie() + secret + "\nLeprechaun-Csrf: " + csrf;
        roles.put("ann", Access.READ);
        assertThat(ask(change).status()).isEqualTo(403);
        assertThat(ask("GET /fake/read HTTP/1.1" + cookie() + secret).status()).isEqualTo(200);
        roles.clear();
        assertThat(ask("GET /fake/read HTTP/1.1" + cookie() + secret))
                .matches(answer -> answer.status() == 403 && answer.body().contains("no role here any more"));
        assertThat(answered).hasValue(1);
    }

    @ParameterizedTest
    @CsvSource({
        "Sec-Fetch-Site: same-origin, 200",
        "Origin: http://127.0.0.1:PORT, 200",
        "Origin: HTTP://127.0.0.1:PORT, 403",
        "Sec-Fetch-Site: none, 403",
        "Sec-Fetch-Site: same-site, 403",
        "Sec-Fetch-Site: cross-site, 403",
        "Sec-Fetch-Site: Same-Origin, 403",
        "Origin: https://127.0.0.1:PORT, 403",
        "Origin: http://127.0.0.1, 403",
        "Origin: http://127.0.0.1:1, 403",
        "Origin: http://127.0.0.1:PORT/, 403",
        "Origin: http://127.0.0.1:PORT.evil.example, 403",
        "Origin: http://localhost:PORT, 403",
        "Origin: null, 403",
        "X: y, 403"
    })
    void a_change_must_come_from_a_page_of_the_console(String field, int status) throws IOException {
        String secret = login(Access.CHANGE);
        String csrf = csrf(secret);
        Raw answer = ask("POST /fake/change HTTP/1.1\n" + field + cookie() + secret + "\nLeprechaun-Csrf: " + csrf);
        assertThat(answer.status()).isEqualTo(status);
        assertThat(answered).hasValue(status == 200 ? 1 : 0);
        assertThat(answer.header("Access-Control-Allow-Origin")).isEmpty();
        if (status == 403) {
            String came = field.equals("X: y")
                    ? "neither Sec-Fetch-Site nor Origin"
                    : field.replace("PORT", Integer.toString(api.port()));
            assertThat(answer.body()).contains(came, "console: url");
        }
    }

    @Test
    void a_change_needs_the_text_of_its_session_as_a_header_or_a_field() throws IOException {
        String secret = login(Access.CHANGE);
        String csrf = csrf(secret);
        String other = csrf(login(Access.CHANGE));
        String head = "POST /fake/change HTTP/1.1" + SAME + cookie() + secret;
        assertThat(ask(head).body()).contains("missing Leprechaun-Csrf");
        assertThat(ask(head + "\nLeprechaun-Csrf: " + other).body()).contains("wrong Leprechaun-Csrf");
        assertThat(ask(head + "\nLeprechaun-Csrf:").body()).contains("wrong Leprechaun-Csrf");
        assertThat(ask(head, "csrf=" + other).status()).isEqualTo(403);
        assertThat(ask(head.replace("/fake/change", "/fake/change?csrf=" + csrf))
                        .status())
                .as("in the address")
                .isEqualTo(403);
        assertThat(ask("DELETE" + head.substring(4)).status())
                .as("any other method")
                .isEqualTo(403);
        assertThat(answered).hasValue(0);
        assertThat(ask(head, "csrf=" + csrf).status()).isEqualTo(200);
        assertThat(ask(head + "\nLeprechaun-Csrf: " + csrf).status()).isEqualTo(200);
        assertThat(answered).hasValue(2);
    }

    @ParameterizedTest
    @CsvSource({
        "X: y, 200",
        "Sec-Fetch-Site: none, 200",
        "Sec-Fetch-Site: same-origin, 200",
        "Sec-Fetch-Site: same-site, 403",
        "Sec-Fetch-Site: cross-site, 403",
        "Origin: http://evil.example, 403"
    })
    void a_page_of_another_site_reads_nothing(String field, int status) throws IOException {
        String secret = login(Access.READ);
        Raw answer = ask("GET /fake/read HTTP/1.1\n" + field + cookie() + secret);
        assertThat(answer.status()).isEqualTo(status);
        assertThat(answered).hasValue(status == 200 ? 1 : 0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"X: y", "Sec-Fetch-Site: none", "Sec-Fetch-Site: same-site", "Origin: http://evil.example"})
    void a_stream_is_read_by_a_page_of_the_console_alone(String field) throws IOException {
        Raw answer = ask("GET /fake/stream HTTP/1.1\n" + field + cookie() + login(Access.READ));
        assertThat(answer.status()).isEqualTo(403);
        assertThat(streams.getCount()).isEqualTo(1);
    }

    @Test
    void an_ended_session_ends_its_stream_though_nothing_is_written() throws Exception {
        String secret = login(Access.READ);
        try (var channel = SocketChannel.open(new InetSocketAddress("127.0.0.1", api.port()))) {
            String head =
                    "GET /fake/stream HTTP/1.1\nHost: localhost:" + api.port() + SAME + cookie() + secret + "\n\n";
            Raw.write(channel, head.replace("\n", "\r\n").getBytes(StandardCharsets.UTF_8));
            assertThat(streams.await(60, TimeUnit.SECONDS)).isTrue();
            assertThat(api.activity().idle()).as("while it is read").isZero();
            assertThat(streamEnds.getCount()).isEqualTo(1);
            sessions.end(_ -> true);
            assertThat(streamEnds.await(60, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(ask("GET /fake/read HTTP/1.1" + SAME + cookie() + secret))
                .matches(answer -> answer.status() == 401 && answer.body().contains("leprechaun console"));
    }

    @Test
    void a_session_of_another_user_of_the_host_is_refused() throws IOException {
        for (Peer peer : List.of(new Peer("54321"), Peer.UNKNOWN)) {
            String secret = sessions.begin(grant(Access.READ), true, "127.0.0.1", peer)
                    .orElseThrow()
                    .secret();
            assertThat(ask("GET /fake/read HTTP/1.1" + SAME + cookie() + secret))
                    .matches(answer -> answer.status() == 403 && answer.body().contains("another user of this host"));
        }
        assertThat(answered).hasValue(0);
    }

    @Test
    void a_cookie_of_the_same_name_by_another_server_of_the_host_is_in_nobodys_way() throws IOException {
        String secret = login(Access.READ);
        String name = "leprechaun-" + api.port();
        assertThat(ask("GET /fake/read HTTP/1.1" + SAME + cookie() + "planted; " + name + "=" + secret)
                        .status())
                .isEqualTo(200);
        assertThat(ask("GET /fake/read HTTP/1.1" + SAME + "\nCookie: x={\"a\":[1, 2]}; y; =z; q=\"; " + name + "="
                                + secret)
                        .status())
                .isEqualTo(200);
        assertThat(ask("GET /fake/read HTTP/1.1" + SAME + "\nCookie: leprechaun-1=" + secret)
                        .status())
                .isEqualTo(401);
    }

    @Test
    void another_name_of_the_host_is_refused_before_all_else() throws IOException {
        String secret = login(Access.READ);
        for (String path : List.of("/", "/login", "/login.js", "/fake/read", "/none")) {
            Raw answer = ask(
                    "GET " + path + " HTTP/1.1\nHost: evil.example:PORT\nAccept: text/html" + SAME + cookie() + secret);
            assertThat(answer.status()).as(path).isEqualTo(421);
        }
        assertThat(ask("POST /login HTTP/1.1\nHost: 127.0.0.1.evil.example:PORT", "secret=x")
                        .status())
                .isEqualTo(421);
    }

    @Test
    void a_browser_without_a_session_is_sent_to_the_login_and_a_program_is_told() throws IOException {
        Raw page = ask("GET /runs?state=failed HTTP/1.1\nAccept: text/html,*/*;q=0.8\nSec-Fetch-Site: none");
        assertThat(page.status()).isEqualTo(303);
        assertThat(page.header("Location")).contains("/login?next=%2Fruns%3Fstate%3Dfailed");
        assertThat(ask("GET " + page.header("Location").orElseThrow() + " HTTP/1.1")
                        .body())
                .contains("name=\"next\" value=\"/runs?state=failed\"");
        assertThat(ask("GET / HTTP/1.1\nAccept: text/html").header("Location")).contains("/login");
        assertThat(ask("GET / HTTP/1.1\nAccept: */*").status()).isEqualTo(401);
        assertThat(ask("GET /fake/read HTTP/1.1" + SAME).status()).isEqualTo(401);
        assertThat(ask("GET /fake/read HTTP/1.1\nSec-Fetch-Site: same-site").status())
                .isEqualTo(403);
        assertThat(answered).hasValue(0);
    }

    @Test
    void a_link_of_another_site_comes_once_more_from_our_own() throws IOException {
        String navigation = "\nAccept: text/html\nSec-Fetch-Site: cross-site\nSec-Fetch-Mode: navigate";
        Raw bounced = ask("GET /runs?a=1&b=2 HTTP/1.1" + navigation);
        assertThat(bounced.status()).isEqualTo(200);
        assertThat(bounced.body()).contains("http-equiv=\"refresh\" content=\"0; url=/runs?a=1&amp;b=2\"");
        assertThat(ask("GET //evil.example/ HTTP/1.1" + navigation).body()).doesNotContain("url=//");
        assertThat(ask("GET /runs HTTP/1.1\nAccept: text/html\nSec-Fetch-Site: cross-site\nSec-Fetch-Mode: no-cors")
                        .status())
                .isEqualTo(303);
        assertThat(ask("GET /runs HTTP/1.1" + navigation + cookie() + "old").status())
                .isEqualTo(303);
    }

    @Test
    void a_logout_needs_the_text_of_the_session_too() throws IOException {
        String secret = login(Access.READ);
        String head = "POST /logout HTTP/1.1" + SAME + cookie() + secret;
        assertThat(ask(head, "x=y").status()).isEqualTo(403);
        assertThat(ask("GET /logout HTTP/1.1" + cookie() + secret).status()).isEqualTo(405);
        String csrf = csrf(secret);
        Raw answer = ask(head, "csrf=" + csrf);
        assertThat(answer.status()).isEqualTo(303);
        assertThat(answer.header("Set-Cookie"))
                .hasValueSatisfying(cookie -> assertThat(cookie).contains("Max-Age=0", "=; "));
        assertThat(sessions.all()).isEmpty();
    }

    @Test
    void a_form_that_is_sent_twice_changes_something_once() throws IOException {
        String secret = login(Access.CHANGE);
        String form = "csrf=" + csrf(secret) + "&idempotency_key=k1";
        String head = "POST /fake/change HTTP/1.1" + SAME + cookie() + secret;
        Raw first = ask(head, form);
        assertThat(first.status()).isEqualTo(200);
        assertThat(ask(head, form).body()).isEqualTo(first.body());
        assertThat(ask(head.replace("change", "change?args=x"), form).status()).isEqualTo(422);
        assertThat(answered).hasValue(1);
        String other = login(Access.CHANGE);
        assertThat(ask(
                                "POST /fake/change HTTP/1.1" + SAME + cookie() + other + "\nIdempotency-Key: k1",
                                "csrf=" + csrf(other))
                        .status())
                .isEqualTo(200);
        assertThat(answered).hasValue(2);
    }

    @ParameterizedTest
    @CsvSource({
        "https://runs.example.org, __Host-leprechaun, /, true",
        "https://runs.example.org/lep/, __Secure-leprechaun, /lep, true",
        "http://runs.example.org:81/lep, leprechaun-PORT, /lep, false"
    })
    void the_cookie_goes_by_the_address_of_the_console(URI url, String name, String path, boolean secure)
            throws IOException {
        api.close();
        open(Optional.of(url));
        String host = "\nHost: " + url.getAuthority();
        String known = name.replace("PORT", Integer.toString(api.port()));
        Raw answer = ask(
                "POST /login HTTP/1.1" + host + "\nOrigin: " + url.getScheme() + "://" + url.getAuthority(),
                "secret=" + links.link(grant(Access.READ)));
        assertThat(answer.header("Set-Cookie"))
                .hasValueSatisfying(cookie -> assertThat(cookie)
                        .matches(Pattern.quote(known) + "=[A-Za-z0-9_-]{43}; Path=" + path
                                + "; Max-Age=43200; HttpOnly; SameSite=Strict" + (secure ? "; Secure" : "")));
        assertThat(sessions.all()).extracting(Session::peer).allMatch(peer -> peer.equals(Peer.ANY) == secure);
        String cookie = "\nCookie: " + answer.header("Set-Cookie").orElseThrow().replaceAll(";.*", "");
        String prefix = path.equals("/") ? "" : path;
        assertThat(answer.header("Location")).contains(prefix + "/");
        for (String stripped : List.of("", prefix)) {
            Raw page = ask("GET " + stripped + "/ HTTP/1.1\nAccept: text/html" + host + cookie);
            assertThat(page.status()).isEqualTo(200);
            assertThat(page.body()).contains("action=\"" + prefix + "/logout\"");
            assertThat(ask("GET " + stripped + "/fake/read?args=x HTTP/1.1" + host + SAME + cookie)
                            .status())
                    .isEqualTo(200);
        }
    }

    @Test
    void a_path_is_taken_off_once_and_only_whole() throws IOException {
        api.close();
        open(Optional.of(URI.create("http://127.0.0.1:1/fake")));
        String secret = begun();
        String head = " HTTP/1.1" + SAME + cookie() + secret;
        assertThat(ask("GET /fake/fake/read" + head).status()).isEqualTo(200);
        assertThat(ask("GET /fake/fake/fake/read" + head).status()).isEqualTo(404);
        assertThat(ask("GET /fakefake/read" + head).status()).isEqualTo(404);
        assertThat(ask("GET /x/../fake/administer" + head).status()).isEqualTo(404);
    }

    private String begun() throws IOException {
        return sessions.begin(
                        grant(Access.READ),
                        true,
                        "127.0.0.1",
                        new Peer(Files.getAttribute(Path.of("/proc/self"), "unix:uid")
                                .toString()))
                .orElseThrow()
                .secret();
    }

    @Test
    void only_admitted_requests_keep_the_port_open() throws IOException {
        String secret = login(Access.READ);
        Duration before = api.activity().idle();
        ask("GET /fake/read HTTP/1.1");
        ask("GET /health HTTP/1.1");
        ask("GET /login HTTP/1.1");
        assertThat(api.activity().idle()).isGreaterThan(before);
        Duration unused = api.activity().idle();
        long asked = System.nanoTime();
        ask("GET /fake/read HTTP/1.1" + SAME + cookie() + secret);
        assertThat(api.activity().idle()).isLessThan(unused.plusNanos(System.nanoTime() - asked));
    }
}
