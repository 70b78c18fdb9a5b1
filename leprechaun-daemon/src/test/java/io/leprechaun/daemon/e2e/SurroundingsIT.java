package io.leprechaun.daemon.e2e;

import static io.leprechaun.daemon.e2e.RunningDaemon.list;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.ResourceLock;
import tools.jackson.databind.JsonNode;

/** The folder, user and environment of steps; the tests that change the user need root. */
@Timeout(180)
class SurroundingsIT {
    private static final boolean ROOT = System.getProperty("user.name").equals("root");

    @RegisterExtension
    private final Installation place = new Installation();

    @BeforeEach
    void letOthersWorkThere() throws Exception {
        Files.setPosixFilePermissions(place.folder(), PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.setPosixFilePermissions(place.work(), PosixFilePermissions.fromString("rwxrwxrwx"));
    }

    private static void assumeRoot() {
        if (!ROOT) {
            System.err.println("SKIPPED, needs root: what runs as another user");
        }
        assumeThat(ROOT).isTrue();
    }

    private static String text(JsonNode node, String key) {
        return node.get(key).asString();
    }

    private String printed(RunningDaemon daemon, String recipe) throws Exception {
        JsonNode run = daemon.runToEnd(recipe);
        assertThat(text(run, "state")).as(run.toString()).isEqualTo("succeeded");
        return daemon.output(run.get("id").asLong());
    }

    private static String tool(String... words) throws Exception {
        Process process = new ProcessBuilder(words).start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        process.waitFor();
        return out;
    }

    @Test
    void a_step_runs_as_the_user_with_all_groups_and_nothing_of_roots() throws Exception {
        assumeRoot();
        var daemon = place.recipe("who", """
            user: daemon
            group: games
            umask: 027
            nice: 7
            steps:
              - id -u; id -g; id -G; umask; nice; pwd
              - grep -E '^(Uid|Gid|Groups|CapInh|CapPrm|CapEff|CapAmb):' /proc/self/status
              - touch made
              - argv: [ id, -un ]
              - head -c 5 /etc/shadow
            """).start();
        JsonNode run = daemon.runToEnd("who");
        assertThat(list(run.get("steps")))
                .extracting(step -> text(step, "state"))
                .containsExactly("succeeded", "succeeded", "succeeded", "succeeded", "failed");
        List<String> lines = daemon.output(run.get("id").asLong()).lines().toList();
        String uid = tool("id", "-u", "daemon");
        String gid = tool("getent", "group", "games").split(":")[2];
        assertThat(lines.subList(0, 6))
                .containsExactly(
                        uid, gid, lines.get(2), "0027", "7", place.work().toString());
        assertThat(List.of(lines.get(2).split(" "))).contains(gid).doesNotContain("0");
        assertThat(lines)
                .contains(
                        "Uid:\t%1$s\t%1$s\t%1$s\t%1$s".formatted(uid),
                        "Gid:\t%1$s\t%1$s\t%1$s\t%1$s".formatted(gid),
                        "CapPrm:\t0000000000000000",
                        "CapEff:\t0000000000000000",
                        "CapAmb:\t0000000000000000",
                        "daemon");
        assertThat(Files.getOwner(place.work().resolve("made")).getName()).isEqualTo("daemon");
        assertThat(PosixFilePermissions.toString(
                        Files.getPosixFilePermissions(place.work().resolve("made"))))
                .isEqualTo("rw-r-----");
    }

    @Test
    @ResourceLock(Installation.USERS_OF_HOST)
    void supplementary_groups_are_the_users() throws Exception {
        assumeRoot();
        String user = "lep" + Long.toString(System.nanoTime(), 36).substring(0, 8);
        tool("useradd", "--system", "--no-create-home", "--groups", "games,mail", user);
        try {
            var daemon = place.recipe(
                            "who", "user: " + user + "\nsteps: [ 'id -Gn', 'echo $HOME $USER $LOGNAME', id -un ]\n")
                    .start();
            List<String> lines = printed(daemon, "who").lines().toList();
            assertThat(lines.getFirst().split(" ")).contains("games", "mail").doesNotContain("root");
            assertThat(lines.get(1)).isEqualTo("/home/%1$s %1$s %1$s".formatted(user));
            assertThat(lines.get(2)).isEqualTo(user);
        } finally {
            tool("userdel", user);
        }
    }

    /** The keys of a recipe about users, and their effect. */
    private record Case(String name, String keys, String expected) {
        static List<Case> of(String name, String... keysAndExpected) {
            var cases = new ArrayList<Case>();
            for (int i = 0; i < keysAndExpected.length; i += 2) {
                cases.add(new Case(name + i / 2, keysAndExpected[i] + "\n", keysAndExpected[i + 1]));
            }
            return cases;
        }
    }

    @Test
    void users_and_groups_are_known_by_number_too() throws Exception {
        assumeRoot();
        var cases = Case.of(
                "number",
                "user: 65534",
                "65534 65534 nobody",
                "user: '0'",
                "0 0 root",
                "user: 2\ngroup: 60",
                "2 60 bin",
                "user: 1000680000\ngroup: 0",
                "1000680000 0 1000680000",
                "user: 4294967294\ngroup: '4294967294'",
                "4294967294 4294967294 4294967294");
        for (Case one : cases) {
            place.recipe(one.name(), one.keys() + "steps: [ 'echo $(id -u) $(id -g) $USER' ]\n");
        }
        var daemon = place.start();
        for (Case one : cases) {
            assertThat(printed(daemon, one.name())).as(one.keys()).isEqualTo(one.expected() + "\n");
        }
    }

    /** As in containers that give a number to any user. */
    @Test
    void a_user_without_an_entry_has_one_home_wherever_it_stands() throws Exception {
        assumeRoot();
        Path settings =
                Files.writeString(place.folder().resolve("empty.yml"), "agents: { server: { enabled: false } }\n");
        Path here = Files.createDirectory(place.folder().resolve("here"));
        Files.setPosixFilePermissions(here, PosixFilePermissions.fromString("rwxrwxrwx"));
        place.recipe("home", "steps: [ 'echo $HOME' ]\n");
        String become =
                "cd " + here + " && exec setpriv --reuid=1000680000 --regid=0 --clear-groups env -i PATH=\"$PATH\" ";
        String bin = Installation.TREE.resolve("bin").toString();
        var homeless = place.shell(become + bin + "/leprechaund --config " + settings);
        assertThat(homeless.code()).isEqualTo(2);
        assertThat(homeless.err()).contains("cannot use the state folder /.local/state/leprechaun", "--state");
        assertThat(place.shell(become + bin + "/leprechaun ls").code()).isEqualTo(5);
        assertThat(here).isEmptyDirectory();

        var daemon = new RunningDaemon(place, place.beginDaemonBy("/usr/bin/env", "HOME=" + here)).awaitReady();
        assertThat(printed(daemon, "home")).isEqualTo(here + "\n");
    }

    @Test
    void steps_have_the_limit_of_open_files_that_the_daemon_was_started_with() throws Exception {
        Tools.require("the limit of open files is not checked", "prlimit");
        place.recipe("files", "steps: [ 'ulimit -Sn; ulimit -Hn', { argv: [ sh, -c, 'sleep 0.2; ulimit -Sn' ] } ]\n")
                .recipe("polite", "nice: 5\nsteps: [ 'ulimit -Sn' ]\n")
                .recipe("piped", "steps: [ 'echo }>', 'ulimit -Sn' ]\n");
        var daemon =
                new RunningDaemon(place, place.beginDaemonBy("/usr/bin/prlimit", "--nofile=300:5000")).awaitReady();
        assertThat(tool("prlimit", "--pid", Long.toString(daemon.pid()), "--nofile", "--output=SOFT", "--noheadings"))
                .isEqualTo("5000");
        assertThat(printed(daemon, "files")).isEqualTo("300\n5000\n300\n");
        assertThat(printed(daemon, "polite")).isEqualTo("300\n");
        assertThat(printed(daemon, "piped")).isEqualTo("300\n");
    }

    @Test
    void the_settings_say_whose_the_steps_are_that_name_nobody() throws Exception {
        assumeRoot();
        place.settings("run_as: daemon");
        var daemon = place.recipe("nobody-named", "steps: [ id -un ]\n")
                .recipe("named", "user: games\nsteps: [ id -un ]\n")
                .start();
        assertThat(printed(daemon, "nobody-named")).isEqualTo("daemon\n");
        assertThat(printed(daemon, "named")).isEqualTo("games\n");
        place.settings("run_as: no-such-user");
        var refused = place.daemon();
        assertThat(refused.code()).isEqualTo(2);
        assertThat(refused.err()).contains("run_as: unknown user 'no-such-user' on this host");
    }

    /** CVE-2006-2607: a change of user that the limit of processes undoes must not leave the step to root. */
    @Test
    void where_the_user_may_have_no_process_nothing_is_run_as_root() throws Exception {
        assumeRoot();
        Tools.require("the limit of processes is not checked", "prlimit");
        var daemon = place.recipe(
                        "limited", "user: daemon\nsteps:\n  - ! id -u > " + place.work() + "/who\n  - echo over\n")
                .start();
        assertThat(daemon.runToEnd("limited").get("state").asString()).isEqualTo("succeeded");
        assertThat(place.work().resolve("who")).content().isNotEqualTo("0\n");
        Files.delete(place.work().resolve("who"));

        tool("prlimit", "--pid", Long.toString(daemon.pid()), "--nproc=0:0");
        JsonNode run = daemon.runToEnd("limited");
        assertThat(text(run, "state")).isEqualTo("failed");
        Path who =
                place.work().resolve("who"); // the user's own shell may have made it before it could start no process
        assertThat(Installation.text(who)).isEmpty();
        assertThat(!Files.exists(who) || Files.getOwner(who).getName().equals("daemon"))
                .isTrue();
    }

    @Test
    void what_is_impossible_is_refused_and_no_step_is_run() throws Exception {
        assumeRoot();
        var cases = Case.of(
                "impossible",
                "user: 4242424",
                "unknown user '4242424' on this host: set its group with `group`, then it needs no entry",
                "user: no-such-user",
                "unknown user 'no-such-user' on this host",
                "user: daemon\ngroup: no-such-group",
                "unknown group 'no-such-group' on this host",
                "dir: /no/such/folder",
                "step 1: cannot run '/bin/sh': the folder /no/such/folder does not exist",
                "user: daemon\ndir: /root",
                "step 1: cannot run '/bin/sh': daemon cannot enter the folder /root: permission denied");
        Path ran = place.work().resolve("ran");
        for (Case one : cases) {
            place.recipe(one.name(), one.keys() + "steps:\n  - ! touch " + ran + "; true\n  - touch " + ran + "\n");
        }
        var daemon = place.start();
        for (Case one : cases) {
            JsonNode run = daemon.runToEnd(one.name());
            assertThat(text(run, "state")).as(one.keys()).isEqualTo("failed");
            assertThat(text(run, "reason")).isEqualTo(one.expected());
            assertThat(ran).as(one.keys()).doesNotExist();
            assertThat(place.client("logs", one.name()).err()).contains(one.expected());
        }
    }

    @Test
    void a_daemon_of_another_user_runs_nothing_as_somebody_else() throws Exception {
        assumeRoot();
        tool("chown", "-R", "daemon", place.folder().toString());
        var daemon = place.recipe("other", "user: games\nsteps: [ touch ran ]\n")
                .recipe("nice", "nice: -5\nsteps: [ touch ran ]\n")
                .recipe("same", "user: daemon\nsteps: [ id -un ]\n")
                .startAs("daemon");
        assertThat(text(daemon.runToEnd("other"), "reason"))
                .isEqualTo("step 1: cannot run 'touch': only a daemon run by root can run steps as games");
        assertThat(text(daemon.runToEnd("nice"), "reason"))
                .isEqualTo("step 1: cannot run 'touch': only a daemon run by root can set the nice value -5");
        assertThat(printed(daemon, "same")).isEqualTo("daemon\n");
        assertThat(place.work().resolve("ran")).doesNotExist();
    }

    @Test
    void a_program_that_the_user_may_not_run_is_told_apart_from_one_that_is_not_there() throws Exception {
        assumeRoot();
        Path mine = Files.writeString(place.work().resolve("mine"), "#!/bin/sh\n");
        Files.setPosixFilePermissions(mine, PosixFilePermissions.fromString("rwx------"));
        var daemon = place.recipe(
                        "argv",
                        "user: daemon\n"
                                + "steps:\n"
                                + "  - argv: [ ./mine ]\n"
                                + "  - argv: [ ./none ]\n"
                                + "  - argv: [ no-such-program ]\n"
                                + "  - argv: [ /etc ]\n")
                .start();
        JsonNode run = daemon.runToEnd("argv");
        assertThat(list(run.get("steps")))
                .extracting(step -> step.get("exit_code").asInt())
                .containsExactly(126, 127, 127, 126);
        assertThat(list(run.get("steps")))
                .extracting(step -> text(step, "detail"))
                .containsExactly(
                        "cannot run './mine': daemon cannot execute ./mine: permission denied",
                        "cannot run './none': ./none does not exist, or daemon has no access to it",
                        "cannot run 'no-such-program': not found in PATH"
                                + " (/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin)",
                        "cannot run '/etc': /etc is a folder");
    }

    @Test
    void no_library_of_a_recipe_is_loaded_before_the_user_is_changed() throws Exception {
        assumeRoot();
        Path source = Files.writeString(place.work().resolve("spy.c"), """
            #include <stdio.h>
            #include <unistd.h>
            __attribute__((constructor)) static void spy(void) {
                FILE *f = fopen("%s/seen", "a");
                if (f) { fprintf(f, "%%d\\n", geteuid()); fclose(f); }
            }
            """.formatted(place.work()));
        tool("gcc", "-shared", "-fPIC", "-o", place.work().resolve("spy.so").toString(), source.toString());
        assumeThat(place.work().resolve("spy.so")).as("gcc made it").exists();
        var daemon = place.recipe(
                        "spy",
                        "user: daemon\nenv: { LD_PRELOAD: " + place.work()
                                + "/spy.so, TMPDIR: /x }\nsteps: [ 'echo $LD_PRELOAD $TMPDIR', env ]\n")
                .start();
        String output = printed(daemon, "spy");
        assertThat(output)
                .startsWith(place.work() + "/spy.so /x\n")
                .contains("TMPDIR=/x\n")
                .doesNotContain("LATER", "STAGE");
        assertThat(Installation.lines(place.work().resolve("seen")))
                .isNotEmpty()
                .containsOnly(tool("id", "-u", "daemon"));
    }

    @Test
    void a_hooks_body_can_be_read_by_the_user_and_by_no_other() throws Exception {
        assumeRoot();
        var daemon = place.recipe("hook", """
            definition: hook
            id: body-0123456789
            user: daemon
            steps: [ 'cat "$LEPRECHAUN_HOOK_BODY" && stat -c "%U %a" "$LEPRECHAUN_HOOK_BODY"' ]
            """).start();
        long id = RunningDaemon.ticket(
                daemon.post("/hook?id=body-0123456789", "payload ".getBytes(StandardCharsets.UTF_8)));
        assertThat(text(daemon.over(id), "state")).isEqualTo("succeeded");
        assertThat(daemon.output(id)).isEqualTo("payload daemon 600\n");
    }

    @Test
    void what_env_tells_is_what_a_step_gets() throws Exception {
        String keys = "env: { A: recipe, TMPDIR: /x }\ntimezone: Asia/Tokyo\n";
        String shell = "steps: [ 'env -0; true' ]\n";
        place.recipe("shell", keys + shell)
                .recipe("argv", keys + "steps: [ { argv: [ env, '-0' ], env: { MINE: 'a  b' } } ]\n")
                .recipe("direct", keys + "steps: [ env -0 ]\n");
        var recipes = new ArrayList<>(List.of("shell", "argv", "direct"));
        if (ROOT) {
            place.recipe("other", "user: daemon\n" + keys + shell);
            recipes.add("other");
        }
        var daemon = place.start();
        for (String recipe : recipes) {
            assertGetsWhatEnvTells(daemon, recipe);
        }
    }

    private void assertGetsWhatEnvTells(RunningDaemon daemon, String recipe) throws Exception {
        var told = new TreeMap<String, String>();
        JsonNode env = place.json("env", recipe);
        env.get("environment")
                .properties()
                .forEach(entry -> told.put(entry.getKey(), entry.getValue().asString()));
        JsonNode run = daemon.runToEnd(recipe);
        String id = run.get("id").asString();
        var got = new TreeMap<String, String>();
        for (String variable : daemon.output(run.get("id").asLong()).split("\0")) {
            int equals = variable.indexOf('=');
            got.put(variable.substring(0, equals), variable.substring(equals + 1));
        }
        got.remove("_"); // set by bash, if that is the shell
        got.remove("SHLVL");
        told.replaceAll((name, value) -> value.replace("<run>", id));
        assertThat(got).as(recipe).isEqualTo(told);
        assertThat(text(env, "folder")).isEqualTo(got.get("PWD"));
        assertThat(place.client("env", recipe).out().lines().filter(line -> !line.startsWith("#")))
                .containsExactlyElementsOf(env.get("environment").properties().stream()
                        .map(entry -> entry.getKey() + "=" + entry.getValue().asString())
                        .collect(Collectors.toList()));
    }

    @Test
    void env_says_what_would_be_refused() throws Exception {
        place.recipe("impossible", "user: no-such-user\nsteps: [ id ]\n")
                .recipe("one", "steps: [ id ]\n")
                .start();
        var impossible = place.client("env", "impossible");
        assertThat(impossible.code()).isEqualTo(4);
        assertThat(impossible.err())
                .contains("cannot run the steps of impossible: unknown user 'no-such-user' on this host");
        assertThat(place.client("env", "one", "--step", "2").code()).isEqualTo(3);
        assertThat(place.client("env", "none").code()).isEqualTo(3);
    }
}
