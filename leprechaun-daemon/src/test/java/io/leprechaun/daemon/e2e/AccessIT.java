package io.leprechaun.daemon.e2e;

import static io.leprechaun.api.Access.ADMINISTER;
import static io.leprechaun.api.Access.CHANGE;
import static io.leprechaun.api.Access.READ;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.leprechaun.api.Access;
import io.leprechaun.api.Places;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;

/**
 * Every command for every kind of user: root, the daemon's user, each role, a stranger, as separate processes. The
 * routes are those that the daemon lists, so that none is forgotten.
 */
@Tag("proof")
@Timeout(240)
@ResourceLock(value = Installation.USERS_OF_HOST, mode = ResourceAccessMode.READ)
class AccessIT {
    private static final String SECRET = "canary-secret-8fK3";
    private static final String PARAMETER = "canary-parameter-Qx27";
    private static final String OPEN_ID = "canary-open-id-55d0b84d77";
    private static final String SIGNED_ID = "signed-id-6f1c9a52e0b84d77";

    private static final String PASSWD = """
        root:x:0:0::/root:/bin/sh
        lepd:x:61001:61001::/:/bin/sh
        ada:x:61002:61002::/:/bin/sh
        olaf:x:61003:61003::/:/bin/sh
        gus:x:61004:61004::/:/bin/sh
        rita:x:61005:61011::/:/bin/sh
        sid:x:61006:61006::/:/bin/sh
        """;

    private static final String GROUP = """
        root:x:0:
        lepd:x:61001:
        lepops:x:61010:lepd,ada,olaf,gus
        auditors:x:61011:
        leprechaun-operators:x:61013:lepd
        chiefs:x:61012:ada
        """;

    private static final Person ROOT = new Person("root", "0", "0", "", ADMINISTER, READ);
    private static final Person SELF = new Person("lepd", "61001", "61001", "61010,61013", ADMINISTER, READ);
    private static final Person ADMINISTRATOR = new Person("ada", "61002", "61002", "61010,61012", ADMINISTER, READ);
    private static final Person OPERATOR = new Person("olaf", "61003", "61003", "61010", CHANGE, READ);
    private static final Person MEMBER = new Person("gus", "61004", "61004", "61010", READ, READ);
    private static final Person READER = new Person("rita", "61005", "61011", "", null, READ);
    private static final Person STRANGER = new Person("sid", "61006", "61006", "", null, null);

    @RegisterExtension
    private final Installation place = new Installation();

    /**
     * A user of this host.
     *
     * @param most the highest role that is expected at the daemon's socket; null: no connection
     * @param reading the highest role that is expected at the readers' socket; null: none
     */
    private record Person(String name, String uid, String gid, String groups, Access most, Access reading) {
        Stream<String> words() {
            return Stream.of(
                    "/usr/bin/setpriv",
                    "--reuid=" + uid,
                    "--regid=" + gid,
                    groups.isEmpty() ? "--clear-groups" : "--groups=" + groups);
        }
    }

    private record Ask(String method, String target) {}

    @BeforeEach
    void only_root_is_everybody() {
        assumeThat(SmallDisk.mayBeMounted())
                .as("only root starts processes of other users")
                .isTrue();
        Tools.require("roles are not checked", "curl", "setpriv", "unshare");
    }

    private RunningDaemon start() throws Exception {
        Path token = Files.writeString(place.folder().resolve("token"), SECRET + "\n");
        place.settings("""
            socket_group: lepops
            access: { administer: ["@chiefs", "@no-such-group"], operate: [olaf], read: "@auditors" }
            """)
                .recipe("open", """
                    definition: hook
                    id: %s
                    secrets: { TOKEN: { file: %s } }
                    steps: [ 'test -n "$TOKEN"' ]
                    """.formatted(OPEN_ID, token))
                .recipe("signed", """
                    definition: hook
                    id: %s
                    hook: { auth: { scheme: bearer, secret: { file: %s } } }
                    steps: [ true ]
                    """.formatted(SIGNED_ID, token))
                .recipe("twin", """
                    definition: hook
                    id: %s
                    steps: [ true ]
                    """.formatted(OPEN_ID));
        Files.setPosixFilePermissions(token, PosixFilePermissions.fromString("rw-------"));
        return start("", "");
    }

    /**
     * Starts the daemon as its own user, among the users and groups of this test.
     *
     * @param before the commands of root in the daemon's name space, ended with {@code &&}
     */
    private RunningDaemon start(String before, String options) throws Exception {
        Path passwd = Files.writeString(place.folder().resolve("passwd"), PASSWD);
        Path group = Files.writeString(place.folder().resolve("group"), GROUP);
        place.giveTo(SELF.uid());
        var begun = place.beginDaemonBy(
                "/usr/bin/unshare",
                "--mount",
                "/bin/sh",
                "-c",
                "mount --bind " + passwd + " /etc/passwd && mount --bind " + group + " /etc/group && " + before
                        + " exec "
                        + SELF.words().collect(Collectors.joining(" ")) + " \"$0\" " + options);
        return new RunningDaemon(place, begun).awaitReady();
    }

    private Path readers() {
        return Places.readersSocket(place.socket());
    }

    /** Sends requests as a user, by one process; empty: it could not connect. */
    private Optional<String> curl(Person person, Path socket, List<Ask> asks, String... options) throws Exception {
        Path file = place.folder().resolve("asks");
        Files.writeString(
                file,
                asks.stream()
                        .map(ask -> Stream.concat(
                                        Stream.of(
                                                "url = \"http://localhost/\"",
                                                "request-target = \""
                                                        + ask.target().replace("\\", "\\\\") + "\"",
                                                ask.method().equals("HEAD")
                                                        ? "head"
                                                        : "request = \"" + ask.method() + "\"",
                                                "unix-socket = \"" + socket + "\"",
                                                "max-time = 30",
                                                "silent"),
                                        Stream.of(options))
                                .collect(Collectors.joining("\n")))
                        .collect(Collectors.joining("\nnext\n")));
        var ended = as(person, "curl", "--config", file.toString());
        return ended.code() == 7 ? Optional.empty() : Optional.of(ended.out());
    }

    private Installation.Ended as(Person person, String... words) throws Exception {
        return place.begin(Stream.concat(person.words(), Stream.of(words)).toArray(String[]::new))
                .end();
    }

    private Installation.Ended client(Person person, String... words) throws Exception {
        return as(
                person,
                Stream.concat(
                                Stream.of(
                                        Installation.TREE
                                                .resolve("bin/leprechaun")
                                                .toString(),
                                        "--socket",
                                        place.socket().toString()),
                                Stream.of(words))
                        .toArray(String[]::new));
    }

    /** Returns the status and exit code of each answer. */
    private Optional<List<String>> answers(Person person, Path socket, List<Ask> asks) throws Exception {
        return curl(person, socket, asks, "output = \"/dev/null\"", "dump-header = \"-\"")
                .map(heads -> Pattern.compile("HTTP/1\\.1 (\\d+).*?\r\n\r\n", Pattern.DOTALL)
                        .matcher(heads)
                        .results()
                        .map(head -> head.group(1)
                                + Pattern.compile("(?i)\nLeprechaun-Exit: (\\d+)")
                                        .matcher(head.group())
                                        .results()
                                        .map(code -> "/" + code.group(1))
                                        .collect(Collectors.joining()))
                        .toList());
    }

    /**
     * Asserts that each route at a socket is answered exactly to users with its role, and refused with 403 and exit
     * code 7 to the others.
     */
    private void assertMatrix(Person person, Path socket, Access most, List<Route> routes) throws Exception {
        var asks = routes.stream()
                .map(route -> new Ask(route.access().method(), route.path() + Route.HARMLESS))
                .toList();
        var answers = answers(person, socket, asks);
        assertThat(answers).as("%s at %s", person.name(), socket).isPresent();
        var refused = new LinkedHashMap<String, Boolean>();
        var expected = new LinkedHashMap<String, Boolean>();
        for (int i = 0; i < routes.size(); i++) {
            refused.put(routes.get(i).path(), answers.get().get(i).equals("403/7"));
            expected.put(
                    routes.get(i).path(), most == null || routes.get(i).access().compareTo(most) > 0);
        }
        assertThat(refused).as("refused to %s at %s", person.name(), socket).isEqualTo(expected);
    }

    @Test
    void each_command_is_for_those_who_have_its_role_and_nobody_else() throws Exception {
        var daemon = start();
        assertThat(daemon.log()).contains("no group 'no-such-group' on this host");
        assertThat(mode(place.socket())).isEqualTo("rw-rw---- 61010");
        assertThat(mode(readers())).isEqualTo("rw-rw-rw- 61010");
        var routes = Route.all(daemon.api());
        assertThat(routes).extracting(Route::path).contains("/book/run", "/history/logs", "/cron/queue/drop");
        assertThat(routes).extracting(Route::path).containsAll(Route.ADMINISTERING);
        for (Person person : List.of(ROOT, SELF, ADMINISTRATOR, OPERATOR, MEMBER, READER, STRANGER)) {
            if (person.most() != null) {
                assertMatrix(person, place.socket(), person.most(), routes);
            } else {
                assertThat(answers(person, place.socket(), List.of(new Ask("GET", "/daemon/info"))))
                        .as("%s connects", person.name())
                        .isEmpty();
            }
            assertMatrix(person, readers(), person.reading(), routes);
        }
        assertClient(daemon);
        assertSpellings();
        assertThat(daemon.isAlive()).isTrue();
        assertThat(daemon.stop()).isZero();
        assertThat(readers()).doesNotExist();
    }

    private static String mode(Path socket) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(socket)) + " "
                + Files.getAttribute(socket, "unix:gid");
    }

    /**
     * Asserts that the client finds the socket that is open to it, and names the required role and the setting that
     * grants it.
     */
    private void assertClient(RunningDaemon daemon) throws Exception {
        assertThat(client(READER, "ls").code()).isZero();
        var refused = client(READER, "run", "open");
        assertThat(refused.code()).isEqualTo(7);
        assertThat(refused.err()).contains("requires the role operate", "access: { operate:");
        refused = client(OPERATOR, "daemon", "kill");
        assertThat(refused.code()).isEqualTo(7);
        assertThat(refused.err()).contains("requires the role administer", "access: { administer:");
        refused = client(STRANGER, "ls");
        assertThat(refused.code()).isEqualTo(7);
        assertThat(refused.err()).contains("permission denied: reading requires the role");
        assertThat(daemon.log())
                .contains("command=run by=rita was refused: role read", "by=sid was refused: no role, path /book/list");
    }

    /** Asserts that a path is authorised by its target, however it is written. */
    private void assertSpellings() throws Exception {
        var asks = new ArrayList<Ask>();
        for (String target : List.of(
                "//daemon/kill",
                "/daemon//kill",
                "/daemon/kill/",
                "/daemon/%6bill",
                "/daemon/%6Bil%6C",
                "/daemon/./kill",
                "/daemon/info/../kill",
                "/daemon/info/%2e%2e/kill",
                "/health/../daemon/kill",
                "/health/%2e%2e/daemon/kill",
                "/api/v1/runs/../../../daemon/kill",
                "/api/v1/recipes/..%2f..%2f..%2fdaemon%2fkill",
                "/daemon;x/kill",
                "/daemon/kill;x=/daemon/info",
                "/;/daemon/kill",
                "/DAEMON/KILL",
                "/daemon%2fkill",
                "/daemon%5ckill",
                "/daemon\\kill",
                "/daemon/kill%00",
                "/daemon/kill%20",
                "/daemon:kill",
                "/daemon/kill?/daemon/info",
                "/daemon/kill#/daemon/info",
                "/%64aemon/kill",
                "/daemon/kill%3b",
                "http://localhost/daemon/kill",
                "http://localhost//daemon/kill")) {
            asks.add(new Ask("POST", target));
            asks.add(new Ask("GET", target));
            asks.add(new Ask("HEAD", target));
        }
        for (Person person : List.of(OPERATOR, MEMBER, READER, STRANGER)) {
            Path socket = person.most() == null ? readers() : place.socket();
            var answers = answers(person, socket, asks).orElseThrow();
            assertThat(answers).as("to %s", person.name()).hasSameSizeAs(asks);
            for (int i = 0; i < asks.size(); i++) {
                assertThat(answers.get(i))
                        .as("%s by %s", asks.get(i), person.name())
                        .matches("40[034](/.*)?");
            }
        }
    }

    @Test
    void nobody_learns_more_than_the_role_allows() throws Exception {
        var daemon = start();
        assertThat(daemon.post("/hook?id=" + OPEN_ID).statusCode()).isEqualTo(202);
        assertThat(client(ROOT, "run", "open", "--wait", "-p", "X=" + PARAMETER).code())
                .isZero();
        String run =
                client(ROOT, "runs", "open", "-q").out().lines().findFirst().orElseThrow();
        var asks = Route.all(daemon.api()).stream()
                .filter(route -> route.access() == READ)
                .flatMap(route -> Stream.of("", "?args=open", "?args=twin", "?args=signed", "?args=" + run)
                        .map(more -> new Ask("GET", route.path() + more)))
                .toList();
        String learnt = curl(READER, readers(), asks).orElseThrow();
        assertThat(learnt)
                .contains("\"TOKEN\":\"***\"", SIGNED_ID, "the hook id is ")
                .doesNotContain(SECRET)
                .doesNotContain(PARAMETER)
                .doesNotContain(OPEN_ID);
        assertThat(curl(OPERATOR, place.socket(), List.of(new Ask("GET", "/book/show?args=open")))
                        .orElseThrow())
                .contains(OPEN_ID);
        var refused = curl(STRANGER, readers(), asks, "write-out = \"\\n\"").orElseThrow();
        assertThat(refused.lines().distinct().filter(line -> !line.isEmpty()))
                .as("the same is answered whatever a stranger asks for")
                .hasSize(1);
        for (Person person : List.of(OPERATOR, MEMBER, READER, STRANGER)) {
            String state = place.state().toString();
            var looked = as(
                    person,
                    "/bin/sh",
                    "-c",
                    "ls " + state + "; cat " + state + "/leprechaun.db " + state + "/lock " + place.folder()
                            + "/token /proc/" + daemon.pid() + "/environ; ls /proc/" + daemon.pid() + "/fd");
            assertThat(looked.out()).as(person.name()).isEmpty();
        }
        assertThat(daemon.stop()).isZero();
    }

    /** Without the setting: users who may write to the socket may do all but administer, and others nothing. */
    @Test
    void without_access_the_socket_decides() throws Exception {
        place.giveTo("games");
        var daemon = place.startAs("games");
        String group = Files.getAttribute(place.socket(), "unix:gid").toString();
        assertThat(mode(place.socket())).startsWith("rw-rw----");
        assertThat(readers()).doesNotExist();
        var routes = Route.all(daemon.api());
        var most = Map.of(
                new Person("news", "9", "9", group, CHANGE, null), CHANGE,
                new Person("games", "5", group, "", ADMINISTER, null), ADMINISTER);
        for (var person : most.entrySet()) {
            assertMatrix(person.getKey(), place.socket(), person.getValue(), routes);
        }
        var stranger = new Person("news", "9", "9", "", null, null);
        assertThat(answers(stranger, place.socket(), List.of(new Ask("GET", "/daemon/info"))))
                .isEmpty();
        var refused = client(stranger, "ls");
        assertThat(refused.code()).isEqualTo(7);
        assertThat(refused.err()).contains("permission denied for the daemon's socket");
        try (var planted = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) { // by another user than the daemon's
            planted.bind(UnixDomainSocketAddress.of(readers()));
            Files.setPosixFilePermissions(readers(), PosixFilePermissions.fromString("rw-rw-rw-"));
            assertThat(client(stranger, "ls").code()).isEqualTo(7);
            planted.configureBlocking(false);
            assertThat(planted.accept()).as("a connection").isNull();
        }
        assertThat(daemon.stop()).isZero();
    }

    /**
     * The service's own group may read settings and secrets: users are in another one. Members of that one keep the
     * socket of a daemon of their own.
     */
    @Test
    void the_systems_socket_is_the_operators() throws Exception {
        var own = start("", "");
        assertThat(mode(place.socket())).isEqualTo("rw-rw---- 61001");
        assertThat(own.stop()).isZero();
        var system = start(
                "mount -t tmpfs -o mode=755 tmpfs /run && mkdir /run/leprechaun && chown 61001 /run/leprechaun &&",
                "--socket " + Places.SYSTEM_SOCKET);
        assertThat(mode(Path.of("/proc/" + system.pid() + "/root" + Places.SYSTEM_SOCKET)))
                .isEqualTo("rw-rw---- 61013");
        assertThat(system.stop()).isZero();
    }

    @Test
    void a_group_that_the_socket_cannot_be_given_to_is_a_mistake() throws Exception {
        place.settings("socket_group: no-such-group");
        assertThat(place.daemon().err()).contains("socket_group: no group 'no-such-group' on this host");
        place.settings("socket_group: mail");
        place.giveTo("games");
        var ended = place.beginDaemonBy("/usr/bin/setpriv", "--reuid=games", "--regid=games", "--clear-groups")
                .end();
        assertThat(ended.code()).isEqualTo(2);
        assertThat(ended.err()).contains("socket_group: the daemon's user games is not in the group 'mail'");
    }
}
