package io.leprechaun.daemon.e2e;

import static io.leprechaun.daemon.e2e.Installation.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The hook port is open while a recipe takes hooks; one that cannot be had stops nothing else. */
@Timeout(180)
class HookPortTest {
    private static final String HOOK = "definition: hook\nid: knock-knock\nsteps: [ 'true' ]\n";

    @RegisterExtension
    private final Installation place = Installation.here();

    @Test
    void it_is_open_while_a_recipe_takes_hooks() throws Exception {
        var daemon = place.recipe("by-hand", "steps: [ 'true' ]\n").start();
        assertThat(daemon.log()).doesNotContain("listening for hooks");
        assertThat(place.json("daemon", "health").get("healthy").asBoolean()).isTrue();

        place.recipe("hook", HOOK);
        assertThat(place.client("daemon", "reload").code()).isZero();
        long run = RunningDaemon.ticket(daemon.post("/hook/knock-knock"));
        assertThat(daemon.over(run).get("state").asString()).isEqualTo("succeeded");

        Files.delete(place.recipes().resolve("hook.yml"));
        assertThat(place.client("daemon", "reload").code()).isZero();
        eventually(() -> assertThat(daemon.log()).contains("hook port closed: no recipe has a hook any more"));
        place.recipe("hook", HOOK);
        assertThat(place.client("daemon", "reload").code()).isZero();
        eventually(() ->
                assertThat(daemon.log().split("listening for hooks on", -1)).hasSize(3));
        assertThat(daemon.over(RunningDaemon.ticket(daemon.post("/hook/knock-knock")))
                        .get("state")
                        .asString())
                .isEqualTo("succeeded");
        assertThat(daemon.stop()).isZero();
    }

    @Test
    void one_that_is_in_use_breaks_the_agent_until_it_is_free_and_nothing_else() throws Exception {
        RunningDaemon daemon;
        int port;
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = taken.getLocalPort();
            Files.writeString(place.settingsFile(), "agents: { server: { listen: '127.0.0.1:" + port + "' } }\n");
            daemon = place.recipe("hook", HOOK)
                    .recipe("by-hand", "steps: [ 'true' ]\n")
                    .start();
            String why = "cannot listen for hooks on 127.0.0.1:" + port;
            assertThat(daemon.log()).contains(why, "; retrying");
            var health = place.client("daemon", "health");
            assertThat(health.code()).isEqualTo(1);
            assertThat(health.out() + health.err()).contains(why);
            assertThat(place.json("server", "info").get("status").asString()).isEqualTo("broken");
            assertThat(place.json("server", "info").get("problem").asString()).contains(why);
            assertThat(place.client("daemon", "services").out()).containsPattern("server +broken");
            assertThat(place.client("run", "by-hand", "--wait").code()).isZero();
            assertThat(place.client("run", "hook", "--wait").code()).isZero();
            assertThat(place.client("daemon", "reload").code()).isZero();
        }
        eventually(() -> assertThat(daemon.log()).contains("listening for hooks on 127.0.0.1:" + port));
        assertThat(place.client("daemon", "health").code()).isZero();
        assertThat(place.json("server", "info").get("status").asString()).isEqualTo("started");
        assertThat(daemon.stop()).isZero();
    }

    @Test
    void an_ipv6_address_is_logged_as_it_is_written() throws Exception {
        try (var free = new ServerSocket(0, 1, InetAddress.ofLiteral("::1"))) {
            assumeTrue(free.isBound());
        } catch (IOException e) {
            Assumptions.abort("this host has no IPv6");
        }
        Files.writeString(place.settingsFile(), "agents: { server: { listen: '[::1]:0' } }\n");
        var daemon = place.recipe("hook", HOOK).start();
        assertThat(daemon.log()).containsPattern("listening for hooks on \\[::1]:[1-9]");
        assertThat(daemon.stop()).isZero();
    }

    /** The settings are read at the start; an administrator who changes them needs the errors before that. */
    @Test
    void a_reload_says_what_is_wrong_with_the_settings() throws Exception {
        Files.writeString(place.settingsFile(), "agents: { server: { enabled: false } }\nworkers: { max: 3 }\n");
        var daemon = place.recipe("by-hand", "steps: [ 'true' ]\n").start();
        assertThat(place.json("daemon", "reload").get("settings_changed").asBoolean())
                .isFalse();

        String good = Files.readString(place.settingsFile());
        Files.writeString(place.settingsFile(), good + "wrokers: 3\nshell: []\n");
        place.recipe("second", "steps: [ 'true' ]\n");
        var refused = place.client("daemon", "reload");
        assertThat(refused.code()).isEqualTo(2);
        assertThat(refused.err())
                .contains("2 recipes are in force; the settings do not load", "wrokers", "shell")
                .hasLineCount(1);
        assertThat(place.client("run", "second", "--wait").code()).isZero();

        Files.writeString(place.settingsFile(), good.replace("max: 3", "max: 4"));
        assertThat(place.client("daemon", "reload").out()).contains("the settings have changed: restart the daemon");
        assertThat(daemon.stop()).isZero();
        assertThat(place.start().stop()).isZero();
    }
}
