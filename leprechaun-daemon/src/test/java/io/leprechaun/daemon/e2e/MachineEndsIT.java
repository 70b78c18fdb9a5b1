package io.leprechaun.daemon.e2e;

import static io.leprechaun.daemon.e2e.Installation.eventually;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

/**
 * At the limits of the machine the daemon reports them, lives, and continues by itself when resources are free again.
 * Some tests need root.
 */
@Tag("proof")
@Timeout(300)
class MachineEndsIT {
    private static final boolean ROOT = SmallDisk.mayBeMounted();
    private static final String HOOK = "/hook?id=an-id-of-a-hook";

    @RegisterExtension
    private final Installation place = new Installation();

    /** Sets a soft limit of a process of ours. */
    private void limit(long pid, String limit) throws InterruptedException {
        limit("", pid, limit);
    }

    private void limit(String by, long pid, String limit) throws InterruptedException {
        var ended = place.shell(by + " prlimit --pid " + pid + " --" + limit);
        assertThat(ended.code()).as(ended.err()).isZero();
    }

    private static String reason(JsonNode run) {
        return run.get("state").asString() + ": " + run.get("reason").asString();
    }

    private void eventuallyUnhealthy(String sentence) {
        eventually(() -> {
            var health = place.client("daemon", "health");
            assertThat(health.code()).as(health.out()).isEqualTo(1);
            assertThat(health.err()).contains(sentence);
        });
    }

    private void eventuallyHealthy() {
        eventually(() -> assertThat(place.client("daemon", "health").code()).isZero());
    }

    /** Starts a daemon of another user with limits of its own; root only. */
    private RunningDaemon startAs(String user) throws IOException, InterruptedException {
        assumeTrue(ROOT, "only root starts a daemon of another user's");
        place.giveTo(user);
        return place.startAs(user);
    }

    @Test
    void without_descriptors_runs_fail_with_a_sentence_and_the_ports_are_taken_again() throws Exception {
        Tools.require("the end of descriptors is not checked", "prlimit");
        place.recipe("pipe", "definition: cron\npattern: '* * * * * *'\nsteps: [ 'echo some }>', cat ]");
        place.recipe("hooked", "definition: hook\nid: an-id-of-a-hook\nsteps: [ 'true' ]");
        var daemon = place.start();
        eventually(() -> assertThat(daemon.runs("pipe")).isNotEmpty());
        long before = daemon.runs("pipe").size();
        long pid = daemon.pid();
        limit(pid, "nofile=16:"); // all that it has are kept
        var late = Thread.ofVirtual().unstarted(() -> {
            try {
                assertThat(daemon.post(HOOK).statusCode()).isEqualTo(202);
            } catch (IOException | InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        late.start();
        eventually(() -> assertThat(daemon.log()).contains("the listener for hooks cannot accept connections"));
        long used = Proc.processorTicks(pid);
        eventually(() -> assertThat(daemon.log())
                .contains("recipe=pipe agent=cron failed", "raise the limit of open files (LimitNOFILE=, ulimit -n)"));
        eventually(() -> assertThat(daemon.log().lines())
                .filteredOn(line -> line.contains("ERROR the listener for hooks"))
                .as("the self-watch says so too")
                .hasSizeGreaterThan(1));
        assertThat(Proc.processorTicks(pid) - used)
                .as("hundredths of a second in some 20 s")
                .isLessThan(1000);
        limit(pid, "nofile=4096:");
        late.join();
        eventuallyHealthy();
        assertThat(daemon.over(RunningDaemon.ticket(daemon.post(HOOK)))
                        .get("state")
                        .asString())
                .isEqualTo("succeeded");
        eventually(() -> assertThat(daemon.runs("pipe").getLast().get("state").asString())
                .isEqualTo("succeeded"));
        assertThat(daemon.runs("pipe")).hasSizeGreaterThan((int) before);
        assertThat(daemon.runs("pipe").stream().map(run -> run.get("reason").asString()))
                .anySatisfy(reason -> assertThat(reason).contains("raise the limit of open files"));
        assertThat(daemon.stop()).isZero();
        place.assertVerified();
    }

    @Test
    void without_processes_runs_fail_with_a_sentence_and_go_on_by_themselves() throws Exception {
        Tools.require("the end of processes is not checked", "prlimit", "setpriv");
        place.recipe("one", "steps: [ 'true' ]");
        place.recipe("hooked", "definition: hook\nid: an-id-of-a-hook\noverlap: parallel\nsteps: [ 'true' ]");
        var daemon = startAs("games");
        assertThat(daemon.runToEnd("one").get("state").asString()).isEqualTo("succeeded");
        String asUser = "setpriv --reuid=games --regid=games --clear-groups";
        limit(asUser, daemon.pid(), "nproc=1:");
        for (var answer : daemon.postMany(HOOK, 20, 8)) {
            assertThat(reason(daemon.over(RunningDaemon.ticket(answer))))
                    .startsWith("failed: ")
                    .contains("limit of processes reached: raise it")
                    .contains("TasksMax=, ulimit -u");
        }
        assertThat(daemon.ask("/book/list").get("recipes")).hasSize(2);
        limit(asUser, daemon.pid(), "nproc=4096:");
        assertThat(daemon.runToEnd("one").get("state").asString()).isEqualTo("succeeded");
        assertThat(daemon.api().send("GET", "/health").status()).isEqualTo(200);
        limit(asUser, daemon.pid(), "nproc=1:");
        assertThat(daemon.api().send("POST", "/daemon/kill").status()).isEqualTo(200);
        assertThat(daemon.awaitExit()).isZero();
        assertThat(daemon.log())
                .as("it stopped in order, which a hook of the JVM could not")
                .contains("INFO  stopped");
        place.assertVerified();
    }

    @Test
    void without_inotify_recipes_are_looked_at_until_there_is_room_again() throws Exception {
        Tools.require("the end of inotify is not checked", "gcc", "setpriv");
        Path source = Files.writeString(place.folder().resolve("hold.c"), """
            #include <stdio.h>
            #include <sys/inotify.h>
            #include <unistd.h>
            int main(void) { int n = 0; while (n < 100000 && inotify_init1(0) >= 0) n++; puts("held"); fflush(stdout); pause(); }
            """);
        Path holder = place.folder().resolve("hold");
        assumeTrue(ROOT, "only root is another user");
        Files.setPosixFilePermissions(place.folder(), PosixFilePermissions.fromString("rwxr-xr-x"));
        var compiled = place.shell("gcc -o " + holder + " " + source);
        assertThat(compiled.code()).as(compiled.err()).isZero();
        var held = place.begin("/usr/bin/setpriv", "--reuid=bin", "--regid=bin", "--clear-groups", holder.toString());
        eventually(() -> assertThat(held.printed()).contains("held"));
        var daemon = startAs("bin");
        assertThat(daemon.log()).contains("no change events for").contains("raise fs.inotify.max_user_instances");
        place.recipe("later", "steps: [ 'true' ]");
        assertThat(daemon.api().send("POST", "/daemon/reload").body()).contains("\"recipes\":1");
        assertThat(daemon.api().send("GET", "/health").status()).isEqualTo(200);
        held.process().destroyForcibly().waitFor();
        place.recipe("again", "steps: [ 'true' ]");
        eventually(() -> assertThat(daemon.ask("/book/list").get("recipes")).hasSize(2));
        assertThat(daemon.stop()).isZero();
    }

    @Test
    void without_memory_for_one_hook_that_hook_is_refused_and_the_others_are_taken() throws Exception {
        place.environment().put("LEPRECHAUN_JAVA_OPTS", "-Xmx40m");
        place.recipe("hooked", "definition: hook\nid: an-id-of-a-hook\noverlap: parallel\nsteps: [ 'true' ]");
        place.recipe("large", """
            definition: hook
            id: a-large-hook
            hook: { body_limit: 8m, rules: { form: a, regex: x } }
            steps: [ 'true' ]
            """);
        var daemon = place.start();
        byte[] form = ("a=" + "b".repeat(8_000_000)).getBytes(UTF_8);
        for (int i = 0; i < 3; i++) {
            var refused =
                    daemon.post("/hook?id=a-large-hook", form, "Content-Type", "application/x-www-form-urlencoded");
            assertThat(refused.statusCode()).as(refused.body()).isEqualTo(503);
            assertThat(refused.body()).contains("not enough memory for this hook");
            assertThat(refused.headers().firstValue("Retry-After")).isPresent();
            assertThat(daemon.post(HOOK).statusCode()).isEqualTo(202);
        }
        assertThat(daemon.log()).contains("ERROR from=127.0.0.1 hook failed: out of memory");
        eventuallyHealthy();
        try (var bodies = Files.list(place.state().resolve("bodies"))) {
            assertThat(bodies).isEmpty();
        }
        assertThat(daemon.stop()).isZero();
        place.assertVerified();
    }

    @Test
    void an_output_folder_that_cannot_be_written_to_is_no_secret() throws Exception {
        assumeTrue(ROOT, "only root mounts");
        Path output = Files.createDirectories(place.state().resolve("output"));
        place.mount(output, 4);
        place.recipe("one", "steps: [ 'echo some' ]");
        var daemon = place.start();
        assertThat(place.shell("mount -o remount,ro " + output).code()).isZero();
        assertThat(reason(daemon.runToEnd("one")))
                .contains("succeeded: step 1 lost 5 bytes of output (cannot create the folder", "Read-only file system")
                .contains("make the state folder writable");
        eventuallyUnhealthy(": make it writable, or the output of every run is lost");
        assertThat(daemon.log()).contains("ERROR cannot write to the folder " + output);
        assertThat(place.shell("mount -o remount,rw " + output).code()).isZero();
        assertThat(daemon.runToEnd("one").get("state").asString()).isEqualTo("succeeded");
        eventuallyHealthy();
        assertThat(daemon.stop()).isZero();
    }

    @Test
    void a_recipes_folder_that_is_gone_is_no_secret() throws Exception {
        place.recipe("one", "steps: [ 'true' ]");
        var daemon = place.start();
        Path aside = place.folder().resolve("aside");
        Files.move(place.recipes(), aside, StandardCopyOption.ATOMIC_MOVE);
        var reload = place.client("daemon", "reload");
        assertThat(reload.code()).isEqualTo(1);
        assertThat(reload.err()).contains("the recipes folder " + place.recipes() + " does not exist");
        eventuallyUnhealthy("the recipes folder " + place.recipes() + " does not exist");
        assertThat(daemon.log()).contains("ERROR the recipes folder");
        Files.move(aside, place.recipes(), StandardCopyOption.ATOMIC_MOVE);
        assertThat(place.client("daemon", "reload").out()).contains("1 recipe");
        eventuallyHealthy();
        assertThat(daemon.stop()).isZero();
    }

    @Test
    void a_daemon_that_cannot_learn_how_steps_end_any_more_ends_and_the_next_one_tells_what_ran() throws Exception {
        Tools.require("the death of a thread is not checked", "strace");
        place.recipe("long", "steps: [ sleep 1000 ]");
        place.recipe("short", "steps: [ 'true' ]");
        var begun = place.beginDaemonInjected(
                "wait4", "error=EINVAL:when=3+"); // the third child that is waited for cannot be
        var daemon = new RunningDaemon(place, begun).awaitReady();
        long lost = daemon.begin("long");
        for (int i = 0; i < 3 && daemon.isAlive(); i++) {
            try {
                daemon.begin("short");
            } catch (IOException e) {
                assertThat(daemon.awaitExit()).isEqualTo(70);
            }
        }
        assertThat(daemon.awaitExit()).isEqualTo(70);
        assertThat(daemon.log()).contains("ERROR thread reaper (reaps processes) ended by ", "the daemon stops");
        var next = place.start();
        assertThat(next.run(lost).get("state").asString()).isEqualTo("lost");
        eventually(() -> assertThat(place.stepsAlive()).isEmpty());
        assertThat(next.runToEnd("short").get("state").asString()).isEqualTo("succeeded");
        assertThat(next.stop()).isZero();
        place.assertVerified();
    }
}
