package io.leprechaun.daemon.e2e;

import static io.leprechaun.daemon.e2e.Installation.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.leprechaun.api.Access;
import io.leprechaun.api.Places;
import io.leprechaun.daemon.Executable;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
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
 * Ordinary users with recipes of their own, by processes of theirs: the recipes run as their owner, and neither they
 * nor their owner reach data of others.
 */
@Tag("proof")
@Timeout(240)
@ResourceLock(value = Installation.USERS_OF_HOST, mode = ResourceAccessMode.READ)
class UsersIT {
    private static final String PASSWD = """
        root:x:0:0::/root:/bin/sh
        alice:x:61002:61002::/:/bin/sh
        bob:x:61003:61003::/:/bin/sh
        carl:x:61004:61004::/:/bin/sh
        61003:x:61009:61009::/:/bin/sh
        70000:x:61011:61010::/:/bin/sh
        """;

    private static final String GROUP = """
        root:x:0:
        alice:x:61002:
        bob:x:61003:
        carl:x:61004:
        staff:x:61010:alice
        """;

    private static final Person ALICE = new Person("61002", "61010");
    private static final Person BOB = new Person("61003", "61003");
    private static final Person CARL = new Person("61004", "61004");
    private static final String USERS = "users: { allow: [\"@staff\", bob], runs: 1, recipes: 8 }\n";

    @RegisterExtension
    private final Installation place = new Installation();

    /** A user of this host. */
    private record Person(String uid, String group) {
        Stream<String> words() {
            return Stream.of("/usr/bin/setpriv", "--reuid=" + uid, "--regid=" + uid, "--groups=" + group);
        }
    }

    @BeforeEach
    void only_root_is_everybody() {
        assumeThat(SmallDisk.mayBeMounted())
                .as("only root starts processes of other users")
                .isTrue();
        Tools.require("recipes of users are not checked", "curl", "setpriv", "unshare");
    }

    private RunningDaemon start(String settings) throws Exception {
        place.settings(settings);
        return start();
    }

    private RunningDaemon start() throws Exception {
        Files.setPosixFilePermissions(place.folder(), PosixFilePermissions.fromString("rwxr-xr-x"));
        Path passwd = passwd(PASSWD);
        Path group = group(GROUP);
        var begun = place.beginDaemonBy(
                "/usr/bin/unshare",
                "--mount",
                "/bin/sh",
                "-c",
                "mount --bind " + passwd + " /etc/passwd && mount --bind " + group + " /etc/group && exec \"$0\"");
        return new RunningDaemon(place, begun).awaitReady();
    }

    private Path passwd(String users) throws Exception {
        return Files.writeString(place.folder().resolve("passwd"), users);
    }

    private Path group(String groups) throws Exception {
        return Files.writeString(place.folder().resolve("group"), groups);
    }

    private Installation.Ended client(Person person, String... words) throws Exception {
        var client = Stream.of(
                Installation.TREE.resolve("bin/leprechaun").toString(),
                "--socket",
                place.socket().toString());
        return place.begin(Stream.of(person.words(), client, Stream.of(words))
                        .flatMap(word -> word)
                        .toArray(String[]::new))
                .end();
    }

    /** Returns a file with a text that every user can read. */
    private String file(String text) throws Exception {
        Path file = Files.createTempFile(place.folder(), "text", ".yml");
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        return file.toString();
    }

    private Installation.Ended edit(Person person, String name, String text) throws Exception {
        return client(person, "edit", name, file(text));
    }

    private static void assertDone(Installation.Ended ended) {
        assertThat(ended.code()).as(ended.err()).isZero();
    }

    private void assertNotThere(Person person, String... words) throws Exception {
        var ended = client(person, words);
        assertThat(ended.code())
                .as(String.join(" ", words) + ": " + ended.err())
                .isEqualTo(3);
    }

    private void assertNotPermitted(Person person, String... words) throws Exception {
        var ended = client(person, words);
        assertThat(ended.code())
                .as(String.join(" ", words) + ": " + ended.err())
                .isEqualTo(7);
    }

    private Path kept(Person person, String name) {
        return place.state().resolve("users/" + person.uid() + "/" + name + ".yml");
    }

    @Test
    void an_owner_who_may_read_all_gets_a_console_that_only_reads() throws Exception {
        start("access: { read: [bob] }\nconsole: { listen: \"127.0.0.1:0\" }\n" + USERS);
        var words = Stream.concat(
                BOB.words(),
                Stream.of(
                        "curl",
                        "-sS",
                        "--unix-socket",
                        place.socket().resolveSibling("own.sock").toString(),
                        "http://localhost/console/open"));
        var link = place.begin(words.toArray(String[]::new)).end();
        assertThat(link.out()).as(link.err()).contains("\"role\":\"read\"");
    }

    @Test
    void users_change_see_and_control_their_own_recipes_and_runs_and_no_others() throws Exception {
        place.recipe("nightly", "steps: [ 'echo of root' ]\n");
        var daemon = start(USERS);
        var done = edit(ALICE, "backup", "steps: [ 'id -un', 'id -Gn' ]\n");
        assertDone(done);
        assertThat(done.out()).contains("alice/backup is in force");
        assertThat(kept(ALICE, "backup")).hasContent("steps: [ 'id -un', 'id -Gn' ]\n");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(kept(ALICE, "backup"))))
                .isEqualTo("rw-------");
        assertThat(Files.getAttribute(kept(ALICE, "backup"), "unix:uid")).isEqualTo(0);
        assertDone(edit(BOB, "backup", "steps: [ 'id -un', 'id -Gn' ]\n"));

        assertDone(client(ALICE, "run", "backup", "--wait"));
        assertDone(client(BOB, "run", "bob/backup", "--wait"));
        assertThat(client(ALICE, "logs", "backup").out())
                .contains("alice", "staff")
                .doesNotContain("root");
        assertThat(client(BOB, "logs", "backup").out()).contains("bob").doesNotContain("alice", "root");
        assertThat(place.client("run", "nightly", "--wait").code()).isZero();
        assertThat(client(ALICE, "ls", "-q").out()).isEqualTo("alice/backup\n");
        assertThat(client(ALICE, "runs", "-q").out()).isEqualTo("1\n");
        assertThat(client(BOB, "runs", "-q").out()).isEqualTo("2\n");
        assertThat(place.client("ls", "-q").out().lines())
                .containsExactlyInAnyOrder("nightly", "alice/backup", "bob/backup");
        assertThat(place.client("show", "alice/backup").out()).contains("61002");

        for (String verb : List.of("show", "logs", "why", "env", "run", "pause", "resume", "kill")) {
            assertNotThere(ALICE, verb, "nightly");
            assertNotThere(ALICE, verb, "bob/backup");
        }
        for (String verb : List.of("show", "logs", "wait", "kill", "retry", "why")) {
            assertNotThere(ALICE, verb, "2");
            assertNotThere(ALICE, verb, "3");
        }
        assertNotThere(ALICE, "edit", "--print", "nightly");
        assertNotThere(ALICE, "edit", "--remove", "bob/backup");
        assertNotThere(ALICE, "pause", "all");
        assertNotThere(ALICE, "pause", "scheduler");
        assertNotPermitted(ALICE, "locks");
        assertNotPermitted(ALICE, "usage");
        assertNotPermitted(ALICE, "notices");
        assertNotPermitted(ALICE, "daemon", "info");
        assertNotPermitted(ALICE, "daemon", "reload");
        assertNotPermitted(ALICE, "daemon", "kill");
        assertNotPermitted(ALICE, "scheduler", "stop");
        assertNotPermitted(CARL, "ls");
        assertNotPermitted(CARL, "edit", "backup", file("steps: [ id ]\n"));

        assertThat(client(BOB, "edit", "--print", "backup").out()).isEqualTo("steps: [ 'id -un', 'id -Gn' ]\n");
        assertDone(client(BOB, "edit", "--remove", "backup"));
        assertThat(client(BOB, "ls", "-q").out()).isEmpty();
        assertThat(kept(BOB, "backup")).doesNotExist();
        assertThat(daemon.log()).doesNotContain("id -Gn");
        assertThat(daemon.stop()).isZero();
        assertThat(Places.ownSocket(place.socket())).doesNotExist();
        place.assertVerified();
    }

    /** Each route of the daemon, and those of the users' socket: an owner may use a few, and a stranger none. */
    @Test
    void at_the_open_socket_owners_reach_their_commands_and_strangers_none() throws Exception {
        var daemon = start(USERS);
        var routes = new ArrayList<Route>(Route.all(daemon.api()));
        routes.add(new Route("/book/text", Access.READ));
        routes.add(new Route("/book/put", Access.CHANGE));
        routes.add(new Route("/book/remove", Access.CHANGE));
        var reached = new TreeMap<String, String>();
        for (Person person : List.of(ALICE, CARL)) {
            Path asks = Files.writeString(
                    place.folder().resolve("asks"),
                    routes.stream()
                            .map(route -> """
                                url = "http://localhost%s%s"
                                request = %s
                                unix-socket = "%s"
                                silent
                                output = "/dev/null"
                                write-out = "%%{http_code}\\n"
                                """.formatted(
                                            route.path(),
                                            Route.HARMLESS,
                                            route.access().method(),
                                            Places.ownSocket(place.socket())))
                            .collect(Collectors.joining("next\n")));
            var answers = place.begin(Stream.concat(person.words(), Stream.of("curl", "--config", asks.toString()))
                            .toArray(String[]::new))
                    .end()
                    .out()
                    .lines()
                    .toList();
            assertThat(answers).hasSameSizeAs(routes);
            for (int i = 0; i < answers.size(); i++) {
                if (!answers.get(i).equals("403")) {
                    reached.merge(routes.get(i).path(), person.uid(), (one, other) -> one + " " + other);
                }
            }
        }
        assertThat(reached)
                .containsOnlyKeys(
                        "/book/list",
                        "/book/show",
                        "/book/next",
                        "/book/why",
                        "/book/env",
                        "/book/run",
                        "/book/retry",
                        "/book/pause",
                        "/book/resume",
                        "/book/text",
                        "/book/put",
                        "/book/remove",
                        "/history/list",
                        "/history/show",
                        "/history/logs",
                        "/history/wait",
                        "/history/kill");
        assertThat(reached).allSatisfy((_, by) -> assertThat(by).isEqualTo(ALICE.uid()));
    }

    @Test
    void a_text_that_a_user_must_not_have_is_refused_with_its_line_and_nothing_is_kept() throws Exception {
        Files.writeString(
                place.settingsFile(),
                "timezone: UTC\nagents: { server: { listen: \"127.0.0.1:0\" } }\n"
                        + "defaults: { nice: -5, grace: 1h, secrets: { ADMIN: { env: HOME } },"
                        + " notify: { ping: { env: HOME } } }\n" + USERS);
        start();
        String steps = "steps: [ 'echo \"<$ADMIN>\"' ]\n";
        for (String line : List.of(
                "user: root",
                "group: root",
                "nice: -1",
                "priority: 1",
                "timeout: 25h",
                "timeout: none",
                "history: { output: 1GiB }",
                "secrets: { X: { env: HOME } }",
                "secrets: { X: { credential: x } }",
                "notify: { ping: { env: HOME } }",
                "notify: { ping: \"http://127.0.0.1:9/\" }",
                "grace: 1h",
                "history: { keep: { runs: none } }",
                "lock: { name: x, mode: counted }",
                "name: other",
                "no_such_key: 1")) {
            var refused = edit(ALICE, "bad", steps + line + "\n");
            assertThat(refused.code()).as(line + ": " + refused.err()).isEqualTo(2);
            assertThat(refused.err()).as(line).contains("leprechaun: bad.yml");
            assertThat(refused.err().lines()).as(line).hasSize(1);
        }
        assertThat(edit(ALICE, "bad", "definition: hook\nid: 0123456789abcdef\n" + steps)
                        .err())
                .contains("bad.yml:2");
        assertThat(edit(ALICE, "../bad", steps).code()).isEqualTo(2);
        assertThat(edit(ALICE, "bob/bad", steps).code()).isEqualTo(2);
        assertThat(edit(ALICE, "42", steps).code()).isEqualTo(2);
        assertThat(edit(ALICE, "long", steps + "#" + "x".repeat(64 * 1024) + "\n")
                        .code())
                .isEqualTo(2);
        assertThat(place.state().resolve("users")).doesNotExist();

        for (int i = 0; i < 8; i++) {
            assertDone(edit(ALICE, "r" + i, steps));
        }
        var refused = edit(ALICE, "r8", steps);
        assertThat(refused.code()).isEqualTo(2);
        assertThat(refused.err()).contains("the limit for one user");
        assertDone(client(ALICE, "edit", "--remove", "r0")); // the folder of the daemon's own is empty
        assertNotThere(ALICE, "run", "r0");
        assertDone(edit(ALICE, "r0", "after: r1\n" + steps));
        var circle = edit(ALICE, "r1", "after: r0\n" + steps);
        assertThat(circle.code()).isEqualTo(2);
        assertThat(circle.err()).contains("not in force", "forms a cycle");
        assertDone(edit(ALICE, "r7", steps + "description: changed\n"));
        assertDone(client(ALICE, "run", "r7", "--wait"));
        assertThat(client(ALICE, "logs", "r7").out()).isEqualTo("<>\n"); // the secrets of the settings are not theirs
    }

    @Test
    void a_users_recipe_reads_secrets_as_its_owner_and_no_others() throws Exception {
        start(USERS);
        Path roots = Files.writeString(place.folder().resolve("roots"), "root-only-3v1\n");
        Files.setPosixFilePermissions(roots, PosixFilePermissions.fromString("rw-------"));
        Path own = Path.of(file("mine-77\n"));
        Files.setAttribute(own, "unix:uid", Integer.parseInt(ALICE.uid()));
        Files.setPosixFilePermissions(own, PosixFilePermissions.fromString("rw-------"));
        Path link = Files.createSymbolicLink(place.folder().resolve("link"), roots);
        Files.setAttribute(link, "unix:uid", Integer.parseInt(ALICE.uid()), LinkOption.NOFOLLOW_LINKS);
        Path hidden = Files.createDirectory(
                place.folder().resolve("hidden"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Files.createFile(hidden.resolve("there"));
        var said = new TreeSet<String>();
        for (String name : List.of("there", "gone")) {
            assertDone(edit(ALICE, "look", "secrets: { X: { file: " + hidden.resolve(name) + " } }\nsteps: [ id ]\n"));
            said.add(client(ALICE, "env", "look").err().replace("/" + name, "/?"));
            assertDone(edit(ALICE, "look", "dir: " + hidden.resolve(name) + "\nsteps: [ id ]\n"));
            assertThat(client(ALICE, "run", "look", "--wait").code()).isEqualTo(1);
            said.add(client(ALICE, "logs", "look")
                    .err()
                    .replace("/" + name, "/?")
                    .replaceAll("run [0-9]+|[0-9]+ ms", ""));
        }
        assertThat(said).as("no more of a folder than its user may know").hasSize(2);
        for (Path path : List.of(roots, link)) {
            assertDone(edit(ALICE, "secret", "secrets: { X: { file: " + path + " } }\nsteps: [ 'echo \"${#X}\"' ]\n"));
            assertThat(client(ALICE, "run", "secret", "--wait").code()).isEqualTo(1);
            assertThat(client(ALICE, "logs", "secret").err()).contains("the secret X is missing or empty");
        }
        assertDone(edit(ALICE, "secret", "secrets: { X: { file: " + own + " } }\nsteps: [ 'echo \"${#X}\"' ]\n"));
        assertDone(client(ALICE, "run", "secret", "--wait"));
        assertThat(client(ALICE, "logs", "secret").out()).isEqualTo("7\n");
        assertDone(edit(BOB, "secret", "secrets: { X: { file: " + own + " } }\nsteps: [ 'echo \"${#X}\"' ]\n"));
        assertThat(client(BOB, "run", "secret", "--wait").code()).isEqualTo(1);
    }

    @Test
    void a_run_that_waits_is_its_owners_over_a_restart_and_one_user_has_only_some_at_work() throws Exception {
        var daemon = start(USERS);
        Path gate = place.folder().resolve("gate");
        assertDone(edit(ALICE, "first", "steps: [ 'while ! test -e " + gate + "; do sleep 0.1; done' ]\n"));
        assertDone(edit(ALICE, "second", "steps: [ 'id -un' ]\n"));
        assertDone(edit(BOB, "second", "steps: [ 'id -un' ]\n"));
        assertDone(client(ALICE, "run", "first"));
        assertDone(client(ALICE, "run", "second"));
        assertDone(client(ALICE, "run", "second", "--force")); // whatever the policies say, but not the limit
        assertThat(client(ALICE, "why", "2").out()).contains("holds the lock runs of alice");
        assertDone(client(BOB, "run", "second", "--wait"));
        assertThat(client(ALICE, "runs", "--state", "running", "-q").out()).isEqualTo("1\n");
        daemon.killHard();

        Files.createFile(gate);
        daemon = start(USERS);
        eventually(() -> assertThat(client(ALICE, "runs", "--state", "succeeded", "-q")
                        .out()
                        .lines())
                .containsExactly("3", "2"));
        assertThat(client(ALICE, "logs", "2").out()).isEqualTo("alice\n");
        assertThat(client(ALICE, "logs", "3").out()).isEqualTo("alice\n");
        assertThat(daemon.stop()).isZero();
        place.assertVerified();
    }

    @Test
    void a_user_who_may_have_no_recipes_any_more_has_broken_ones() throws Exception {
        var daemon = start(USERS);
        assertDone(edit(BOB, "second", "steps: [ 'id -un' ]\n"));
        assertThat(daemon.stop()).isZero();
        daemon = start("users: { allow: \"@staff\" }\n");
        assertNotPermitted(BOB, "ls");
        assertThat(place.client("ls").out()).contains("bob/second", "broken");
        assertThat(place.client("run", "bob/second").err()).contains("the settings allow no recipes of bob");
        assertThat(place.client("run", "bob/second").code()).isEqualTo(2);
        assertThat(daemon.stop()).isZero();
        daemon = start("");
        assertThat(place.client("ls", "-q").out()).isEmpty();
        assertThat(client(ALICE, "edit", "x", file("steps: [ id ]\n")).err())
                .contains("no daemon here accepts users' recipes");
        assertThat(daemon.stop()).isZero();
    }

    @Test
    void an_owner_is_a_number_and_never_a_name() throws Exception {
        var daemon = start(USERS);
        assertDone(edit(BOB, "who", "steps: [ 'id -u' ]\n"));
        assertDone(client(BOB, "run", "who", "--wait"));
        assertThat(client(BOB, "logs", "who").out())
                .as("there is a user whose name is this number")
                .isEqualTo("61003\n");
        var nameless = new Person("70000", "70000");
        assertNotPermitted(nameless, "ls");
        assertNotPermitted(nameless, "edit", "mine", file("steps: [ id ]\n"));

        passwd(PASSWD.replace("bob:x:61003:61003", "bob:x:61077:61077"));
        var other = new Person("61077", "61077");
        assertThat(client(other, "ls", "-q").out()).isEmpty();
        assertThat(client(other, "runs", "-q").out()).isEmpty();
        assertNotThere(other, "logs", "who");
        assertNotThere(other, "show", "1");
        assertThat(daemon.stop()).isZero();
    }

    @Test
    void a_user_who_leaves_the_group_is_barred_within_a_look() throws Exception {
        start(USERS);
        assertDone(edit(ALICE, "tick", "definition: schedule\nschedule: { hour: 1 }\nsteps: [ 'id -u' ]\n"));
        group(GROUP.replace("staff:x:61010:alice", "staff:x:61010:"));
        assertThat(place.client("daemon", "reload").out()).contains("1 broken");
        assertThat(place.client("run", "alice/tick").err()).contains("the settings allow no recipes of alice");
        assertThat(place.client("next", "-q").out()).isEmpty();
        group(GROUP);
        assertThat(place.client("daemon", "reload").code()).isZero();
        assertThat(place.client("run", "alice/tick", "--wait").code()).isZero();
    }

    @Test
    void names_of_others_are_in_no_answer() throws Exception {
        place.recipe("alice-dept", "definition: cron\npattern: '0 3 * * *'\nsteps: [ id ]\n");
        var daemon = start(USERS);
        assertDone(edit(BOB, "hush", "definition: cron\npattern: '0 4 * * *'\nsteps: [ id ]\n"));
        assertDone(edit(ALICE, "dep", "after: dept\nsteps: [ id ]\n"));
        for (var words : List.of(
                List.of("next"),
                List.of("next", "-n", "200"),
                List.of("ls"),
                List.of("show", "dep"),
                List.of("why", "dep"),
                List.of("show", "alice-dep"),
                List.of("run", "hus"),
                List.of("logs", "hush"),
                List.of("runs"))) {
            var ended = client(ALICE, words.toArray(String[]::new));
            assertThat(ended.out() + ended.err()).as(words.toString()).doesNotContain("hush'?", "bob/", "dept'?");
        }
        assertThat(client(ALICE, "next", "-n", "100000").code()).isEqualTo(2);
        assertThat(client(ALICE, "runs", "-n", "100000").code()).isEqualTo(2);
        var sent = place.begin(Stream.concat(
                                ALICE.words(),
                                Stream.of(
                                        "curl",
                                        "-s",
                                        "--unix-socket",
                                        Places.ownSocket(place.socket()).toString(),
                                        "-d",
                                        "args=--text=steps:%20[%20canary%20]&args=x",
                                        "http://localhost/book/put"))
                        .toArray(String[]::new))
                .end();
        assertThat(sent.out()).contains("alice/x");
        assertThat(daemon.log()).doesNotContain("canary");
    }

    @Test
    void an_editor_is_used_as_crontab_does() throws Exception {
        start(USERS);
        Path editor = Executable.write(place.folder().resolve("editor"), """
            #!/bin/sh
            if grep -q '^steps: \\[ true \\]' "$1"; then echo "steps: [ id ]" > "$1"; else printf 'steps: [ true ]\\nuser: root\\n' > "$1"; fi
            """);
        String command = Stream.of(
                        Stream.of("EDITOR=" + editor),
                        Stream.of(
                                Installation.TREE.resolve("bin/leprechaun").toString(),
                                "--socket",
                                place.socket().toString(),
                                "edit",
                                "mine"))
                .flatMap(word -> word)
                .reduce((one, other) -> one + " " + other)
                .orElseThrow();
        var ended = place.begin(Stream.concat(
                                ALICE.words(),
                                Stream.of("/bin/sh", "-c", "echo y | script -qec '" + command + "' /dev/null"))
                        .toArray(String[]::new))
                .end();
        assertThat(ended.code()).as(ended.out() + ended.err()).isZero();
        assertThat(ended.out())
                .contains("mine.yml:2", "its steps run as alice", "Edit again?", "alice/mine is in force");
        assertThat(kept(ALICE, "mine")).hasContent("steps: [ id ]\n");
    }
}
