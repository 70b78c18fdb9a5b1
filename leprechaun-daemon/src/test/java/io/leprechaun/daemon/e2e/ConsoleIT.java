package io.leprechaun.daemon.e2e;

import static io.leprechaun.daemon.e2e.Installation.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.leprechaun.api.Access;
import io.leprechaun.daemon.http.Raw;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The console of the built program: by the client that opens it, by curl as a browser, and by a hostile raw client. */
@Timeout(240)
class ConsoleIT {
    private static final Pattern LINK = Pattern.compile("(http://127\\.0\\.0\\.1:([0-9]+))/login#([A-Za-z0-9_-]{43})");
    private static final Pattern CSRF = Pattern.compile("name=\"csrf\" value=\"([0-9a-f]{64})\"");
    private static final Pattern COOKIE = Pattern.compile("(?im)^set-cookie: (leprechaun-[0-9]+=[^;]+);");
    private static final String SAME = "-H 'Sec-Fetch-Site: same-origin' ";

    @RegisterExtension
    private final Installation place = new Installation();

    private int port;

    @BeforeEach
    void tools() throws IOException {
        Tools.require("that the console answers is not checked", "curl");
        try (var free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        place.settings("console: { listen: \"127.0.0.1:" + port + "\" }");
        place.recipe("say", "steps: [ 'echo begins; sleep 600' ]\n");
        place.recipe("short", "steps: [ 'true' ]\n");
    }

    private String sh(String line) throws InterruptedException {
        return place.shell(line + " 2>&1").out();
    }

    private String curl(String options, String path) throws InterruptedException {
        return sh("curl -sS -w ' [%{http_code}]' " + options + " 'http://127.0.0.1:" + port + path + "'");
    }

    /**
     * Asks for a link, and logs in with it as the page of the login does. Returns the option of curl with the cookie.
     */
    private String login(String... more) throws InterruptedException {
        var words = new ArrayList<>(List.of("console"));
        words.addAll(List.of(more));
        var asked = place.client(words.toArray(String[]::new));
        assertThat(asked.code()).as(asked.err()).isZero();
        Matcher link = LINK.matcher(asked.out());
        assertThat(link.find()).as(asked.out()).isTrue();
        assertThat(asked.err()).contains("valid for 60 s and for one login");
        String answer = sh("curl -sSi " + SAME + "-d secret=" + link.group(3) + " " + link.group(1) + "/login");
        Matcher cookie = COOKIE.matcher(answer);
        assertThat(cookie.find()).as(answer).isTrue();
        assertThat(answer)
                .startsWith("HTTP/1.1 303")
                .contains("HttpOnly; SameSite=Strict")
                .doesNotContain("; Secure");
        assertThat(sh("curl -sSi " + SAME + "-d secret=" + link.group(3) + " " + link.group(1) + "/login"))
                .as("the same link again")
                .startsWith("HTTP/1.1 403");
        return "-H 'Cookie: " + cookie.group(1) + "' ";
    }

    private String csrf(String session) throws InterruptedException {
        String page = curl(session + "-H 'Accept: text/html'", "/");
        Matcher found = CSRF.matcher(page);
        assertThat(found.find()).as(page).isTrue();
        return "-H 'Leprechaun-Csrf: " + found.group(1) + "' ";
    }

    private boolean listens() {
        try (var channel = SocketChannel.open(new InetSocketAddress("127.0.0.1", port))) {
            return channel.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    @Test
    void it_opens_when_asked_and_a_session_outlives_the_daemon_until_it_is_ended() throws Exception {
        var daemon = place.start();
        assertThat(listens()).as("before it is asked for").isFalse();
        String session = login();
        assertThat(curl(session + "-H 'Accept: text/html'", "/"))
                .contains("<title>", "as <bdi>", "role operate", "/api", "/health", "[200]");
        assertThat(curl(session + SAME, "/api/v1/runs")).contains("\"runs\"", "[200]");
        String csrf = csrf(session);
        assertThat(curl(session + csrf + SAME + "-X POST", "/book/run?args=short"))
                .contains("[200]");
        assertThat(curl(session + csrf + SAME + "-X POST", "/daemon/kill"))
                .contains("requires a session with the role admin", "[403]");
        assertThat(curl(session + csrf + SAME + "-X POST", "/token/new?args=t")).contains("[403]");
        assertThat(curl(session + SAME, "/console/open")).contains("links are made at the daemon", "[403]");
        assertThat(place.client("changes").out()).contains("login", "run short", "console");
        assertThat(place.client("console", "ls").out()).contains("operate", "127.0.0.1, uid ", "link");
        Path kept = place.state().resolve("access/sessions");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(kept)))
                .isEqualTo("rw-------");
        assertThat(Files.readString(kept)).doesNotContain(session.replaceAll(".*=|'.*", ""));
        assertThat(daemon.stop()).isZero();

        var next = place.start();
        assertThat(listens()).as("after the restart").isFalse();
        assertThat(place.client("console", "--role", "read").code()).isZero();
        assertThat(curl(session + SAME, "/api/v1/runs")).contains("[200]");
        String id = place.client("console", "ls", "-q").out().strip();
        assertThat(place.client("console", "end", id).out()).contains("session " + id + " has ended");
        assertThat(curl(session + SAME, "/api/v1/runs")).contains("this session has ended", "[401]");
        assertThat(place.client("console", "end", id).code()).isEqualTo(3);
        assertThat(next.log()).doesNotContain(session.replaceAll(".*=|'.*", ""));
    }

    @Test
    void an_ended_session_ends_a_followed_log() throws Exception {
        var daemon = place.start();
        String session = login("--role", "read");
        long run = daemon.begin("say");
        assertThat(curl(session, "/api/v1/runs/" + run + "/output?follow=true"))
                .as("not for a page of another site")
                .contains("[403]");
        var curl = place.begin(
                "/bin/sh",
                "-c",
                "exec curl -sN " + session + SAME + "'http://127.0.0.1:" + port + "/api/v1/runs/" + run
                        + "/output?follow=true'");
        eventually(() -> assertThat(curl.printed()).contains("begins"));
        assertThat(place.client("console", "end", "all").code()).isZero();
        assertThat(curl.end().code()).as("curl: partial file").isEqualTo(18);
        assertThat(daemon.run(run).get("state").asString()).isEqualTo("running");
    }

    @Test
    void another_user_of_the_host_cannot_use_the_cookie() throws Exception {
        assumeThat(SmallDisk.mayBeMounted())
                .as("only root starts processes of others")
                .isTrue();
        Tools.require("that a session is bound to its user is not checked", "setpriv");
        var daemon = place.start();
        String session = login();
        String other = "setpriv --reuid 65534 --clear-groups ";
        String url = " http://127.0.0.1:" + port + "/api/v1/runs";
        assertThat(sh(other + "curl -sS " + session + SAME + url)).contains("another user of this host");
        assertThat(sh(other + "curl -sS " + session + url.replace("127.0.0.1", "localhost")))
                .contains("another user of this host");
        assertThat(daemon.log()).contains("of uid 0, sent by uid 65534");
        assertThat(curl(session + SAME, "/api/v1/runs")).contains("[200]");

        Matcher link = LINK.matcher(place.client("console").out());
        assertThat(link.find()).isTrue();
        String theirs = sh(other + "curl -sSi " + SAME + "-d secret=" + link.group(3) + " " + link.group(1) + "/login");
        Matcher cookie = COOKIE.matcher(theirs);
        assertThat(cookie.find()).as(theirs).isTrue();
        String bound = "-H 'Cookie: " + cookie.group(1) + "' ";
        assertThat(sh(other + "curl -sS " + bound + SAME + url)).contains("\"runs\"");
        assertThat(curl(bound + SAME, "/api/v1/runs")).contains("another user of this host");
    }

    @Test
    void each_route_is_for_its_role_by_socket_token_and_session_alike() throws Exception {
        var daemon = place.start();
        var routes = Route.all(daemon.api());
        assertThat(routes).extracting(Route::path).contains("/console/open", "/console/ls", "/console/end");
        for (Access role : Access.values()) {
            String word = role == Access.ADMINISTER ? "admin" : role.role();
            String token =
                    place.client("token", "new", word, "--scope", word).out().strip();
            String session = login("--role", word);
            String cookie = session.replaceAll("^-H '|' $", "");
            String csrf = csrf(session).replaceAll("^-H '|' $", "");
            var refused = new LinkedHashMap<String, List<Boolean>>();
            var expected = new LinkedHashMap<String, List<Boolean>>();
            for (Route route : routes) {
                String head = route.access().method() + " " + route.path() + Route.HARMLESS + " HTTP/1.1\n";
                boolean denied = route.access().compareTo(role) > 0
                        || route.path().startsWith("/token/")
                        || route.path().equals("/console/open")
                        || route.path().equals("/book/env") && role == Access.READ;
                refused.put(
                        route.path(),
                        List.of(
                                isRefused(head + "Authorization: Bearer " + token),
                                isRefused(head + "Sec-Fetch-Site: same-origin\n" + cookie + "\n" + csrf)));
                expected.put(route.path(), List.of(denied, denied));
            }
            assertThat(refused).as("with the role %s", word).isEqualTo(expected);
        }
        for (Route route : routes) {
            Raw none = raw(route.access().method() + " " + route.path() + " HTTP/1.1");
            assertThat(none.status()).as(route.path()).isEqualTo(401);
        }
        assertThat(daemon.isAlive()).isTrue();
    }

    private boolean isRefused(String head) throws IOException {
        Raw answer = raw(head);
        assertThat(answer.status()).as("%s: %s", head, answer.body()).isIn(400, 403);
        return answer.status() == 403;
    }

    private Raw raw(String head) throws IOException {
        try (var channel = SocketChannel.open(new InetSocketAddress("127.0.0.1", port))) {
            String request = head + (head.contains("Host: ") ? "" : "\nHost: 127.0.0.1:" + port)
                    + "\nConnection: close\nContent-Length: 0\n\n";
            Raw.write(channel, request.replace("\n", "\r\n").getBytes(StandardCharsets.UTF_8));
            return Raw.of(Raw.read(channel));
        }
    }

    @Test
    void a_hostile_page_or_name_or_path_reaches_nothing() throws Exception {
        var daemon = place.start();
        String session = login("--role", "admin");
        String cookie = session.replaceAll("^-H '|' $", "");
        String csrf = csrf(session).replaceAll("^-H '|' $", "");
        String kill = "POST /daemon/kill HTTP/1.1\n" + cookie + "\n";
        for (String with : List.of(
                "Sec-Fetch-Site: cross-site\n" + csrf,
                "Sec-Fetch-Site: same-site\n" + csrf,
                "Sec-Fetch-Site: none\n" + csrf,
                "Origin: http://evil.example\n" + csrf,
                "Origin: http://127.0.0.1:" + (port ^ 1) + "\n" + csrf,
                "Origin: null\n" + csrf,
                csrf,
                "Sec-Fetch-Site: same-origin",
                "Sec-Fetch-Site: same-origin\nLeprechaun-Csrf: " + "0".repeat(64))) {
            assertThat(raw(kill + with).status()).as(with).isEqualTo(403);
        }
        for (String host : List.of(
                "evil.example:" + port, "127.0.0.1.evil.example:" + port, "localhost.:" + port, "127.0.0.1:1")) {
            assertThat(raw(kill + "Host: " + host + "\nSec-Fetch-Site: same-origin\n" + csrf)
                            .status())
                    .as(host)
                    .isEqualTo(421);
        }
        for (String path : List.of(
                "/login/../daemon/kill",
                "/login.js/..%2fdaemon/kill",
                "//daemon/kill",
                "/daemon;x/kill",
                "/login/daemon/kill")) {
            assertThat(raw("POST " + path + " HTTP/1.1\nSec-Fetch-Site: same-origin")
                            .status())
                    .as(path)
                    .isIn(400, 401);
        }
        assertThat(daemon.isAlive()).isTrue();
        assertThat(raw(kill + "Sec-Fetch-Site: same-origin\n" + csrf).status()).isEqualTo(200);
        assertThat(daemon.awaitExit()).isZero();
    }

    @Test
    void off_and_a_taken_port_are_one_sentence_each() throws Exception {
        try (var taken = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            assertThat(taken.isBound()).isTrue();
            var daemon = place.start();
            var asked = place.client("console");
            assertThat(asked.code()).isEqualTo(4);
            assertThat(asked.err()).contains("cannot listen", "free the port, or set console: listen:");
            assertThat(place.client("daemon", "health").code()).isZero();
            assertThat(daemon.stop()).isZero();
        }
        place.settings("console: off");
        place.start();
        var off = place.client("console");
        assertThat(off.code()).isEqualTo(4);
        assertThat(off.err()).contains("console: { open: asked }").hasLineCount(1);
        assertThat(listens()).isFalse();
    }

    @Test
    void nothing_of_it_is_loaded_before_it_is_asked_for() throws Exception {
        Path loaded = place.folder().resolve("loaded");
        var first = place.start();
        String line = Files.readString(Path.of("/proc/" + first.pid() + "/cmdline"));
        assertThat(first.stop()).isZero();
        var words = new ArrayList<>(List.of(line.split("\0")));
        words.add(1, "-Xlog:class+load:file=" + loaded);
        words.removeIf(word -> word.equals("-Xlog:disable") || word.startsWith("-XX:AOT")); // which loads all it has
        var daemon = new RunningDaemon(place, place.begin(words.toArray(String[]::new))).awaitReady();
        String console = "io.leprechaun.daemon.http.TcpApi ";
        assertThat(Files.readString(loaded))
                .contains("io.leprechaun.daemon.http.ApiServer ", "io.leprechaun.daemon.access.ConsoleDoor ")
                .doesNotContain(
                        console,
                        "io.leprechaun.daemon.http.TcpEntrance ",
                        "io.leprechaun.daemon.http.console.",
                        "io.leprechaun.daemon.http.SessionEntrance ",
                        "org.eclipse.jetty.http2.server.");
        login();
        assertThat(Files.readString(loaded)).contains(console);
        assertThat(daemon.stop()).isZero();
    }

    @Test
    void over_ssh_the_way_is_shown_and_a_code_is_typed() throws Exception {
        place.start();
        String client = Installation.TREE.resolve("bin/leprechaun") + " --socket " + place.socket() + " ";
        assertThat(sh("SSH_CONNECTION='192.0.2.1 5 192.0.2.7 22' " + client + "console"))
                .contains("ssh -L " + port + ":127.0.0.1:" + port + " ", "@192.0.2.7\n");
        String asked =
                place.client("console", "--code", "--screen", "--for", "30d").out();
        Matcher code = Pattern.compile("code: ([0-9A-Z]{4}-[0-9A-Z]{4})").matcher(asked);
        assertThat(code.find()).as(asked).isTrue();
        assertThat(curl("-d code=" + code.group(1).toLowerCase(Locale.ROOT), "/login"))
                .contains("[303]");
        assertThat(place.json("console", "ls")
                        .path("sessions")
                        .get(0)
                        .get("role")
                        .asString())
                .isEqualTo("read");
    }
}
