package io.leprechaun.daemon.e2e;

import static io.leprechaun.daemon.e2e.Installation.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Signals while the daemon starts. */
@Timeout(180)
class StartSignalsIT {
    private static final int STARTS = 8;

    @RegisterExtension
    private final Installation place = new Installation();

    /** Begins a daemon and waits until its launcher has become Java: earlier signals end a shell. */
    private Installation.Begun begin() {
        var begun = place.beginDaemon();
        eventually(() -> assertThat(Proc.commandLine(begun.process().pid())).contains("runtime/bin/java"));
        return begun;
    }

    /** Sends a signal, which may find that an earlier one has ended the process already. */
    private static void signal(Installation.Begun begun, String name) throws Exception {
        int code = new ProcessBuilder(
                        "kill", "-" + name, Long.toString(begun.process().pid()))
                .start()
                .waitFor();
        assertThat(code == 0 || !begun.process().isAlive())
                .as("kill -%s: exit %d", name, code)
                .isTrue();
    }

    @Tag("proof")
    @Test
    void one_that_ends_it_ends_it_well_at_any_time() throws Exception {
        place.recipe("boot", "definition: cron\npattern: '@reboot'\nsteps: [ 'true' ]\n")
                .recipe("small", "steps: [ 'true' ]\n");
        var first = place.start();
        long run = first.begin("small");
        first.over(run);
        long begun = System.nanoTime();
        assertThat(first.stop()).isZero();
        new RunningDaemon(place, begin()).awaitReady().stop();
        long whole = Math.max(200, TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun));
        for (int i = 0; i < STARTS; i++) {
            var daemon = begin();
            Thread.sleep(i * whole / STARTS); // at any moment of the start
            for (String name :
                    i % 3 == 0 ? Arrays.asList("TERM", "TERM") : Arrays.asList(i % 3 == 1 ? "INT" : "TERM")) {
                signal(daemon, name);
            }
            var ended = daemon.end();
            assertThat(ended.code()).as("start %s: %s", i, ended.err()).isZero();
        }
        place.assertVerified();
        assertThat(place.start().run(run).get("state").asString()).isEqualTo("succeeded");
    }

    @Test
    void one_that_reloads_does_no_harm() throws Exception {
        var begun = begin();
        for (int i = 0; i < 5; i++) {
            signal(begun, "HUP");
        }
        var daemon = new RunningDaemon(place, begun).awaitReady();
        place.recipe("late", "steps: [ 'true' ]\n");
        signal(begun, "HUP");
        eventually(() -> assertThat(daemon.log()).contains("reloaded: 1 recipe"));
        assertThat(daemon.stop()).isZero();
    }

    @Test
    void steps_neither_block_nor_ignore_any() throws Exception {
        var daemon = place.recipe("mask", "steps: [ 'grep -E \"Sig(Blk|Ign)\" /proc/self/status' ]\n")
                .start();
        long run = daemon.runToEnd("mask").get("id").asLong();
        assertThat(daemon.output(run).lines())
                .hasSize(2)
                .allSatisfy(line -> assertThat(line).endsWith("\t0000000000000000"));
        assertThat(daemon.stop()).isZero();
    }
}
