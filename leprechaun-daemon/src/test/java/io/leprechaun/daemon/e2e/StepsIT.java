package io.leprechaun.daemon.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

/** The steps of a recipe, and the reports of their ends. */
@Tag("proof")
@Timeout(180)
class StepsIT {
    @RegisterExtension
    private final Installation place = new Installation();

    private JsonNode run(RunningDaemon daemon, String recipe) throws Exception {
        return daemon.runToEnd(recipe);
    }

    @Test
    void a_hundred_megabytes_of_output_lie_on_disk_and_not_in_memory() throws Exception {
        var daemon = place.recipe("loud", "history: { output: 200m }\nsteps: [ 'head -c 100000000 /dev/zero' ]\n")
                .start();
        long before = Proc.number(daemon.pid(), "VmHWM");
        assertThat(run(daemon, "loud").get("state").asString()).isEqualTo("succeeded");
        assertThat(place.client("logs", "loud").out()).hasSize(100_000_000);
        assertThat(Proc.number(daemon.pid(), "VmHWM") - before)
                .as("growth in kB")
                .isLessThan(64 * 1024);
    }

    @Test
    void nothing_of_the_daemons_surroundings_reaches_a_step() throws Exception {
        place.environment().put("SECRET", "x");
        place.environment().put("LEPRECHAUN_JAVA_OPTS", "-Xmx512m");
        var daemon = place.recipe("env", "steps: [ env, umask, ls -l /proc/self/fd ]\n")
                .start();
        JsonNode run = run(daemon, "env");
        String output = daemon.output(run.get("id").asLong());
        assertThat(output).contains("LEPRECHAUN_RECIPE=env", "LEPRECHAUN_TRIGGER=manual", "LANG=C.UTF-8", "0022");
        assertThat(output).doesNotContain("SECRET", "LC_ALL", "JAVA", "MALLOC", "socket:", ".db");
        var names = output.lines()
                .filter(line -> line.matches("[A-Z_]+=.*"))
                .map(line -> line.substring(0, line.indexOf('=')))
                .toList();
        assertThat(names)
                .containsExactlyInAnyOrder(
                        "PATH",
                        "HOME",
                        "USER",
                        "LOGNAME",
                        "SHELL",
                        "LANG",
                        "TZ",
                        "PWD",
                        "LEPRECHAUN_RUN",
                        "LEPRECHAUN_MARK",
                        "LEPRECHAUN_RECIPE",
                        "LEPRECHAUN_AGENT",
                        "LEPRECHAUN_TRIGGER",
                        "LEPRECHAUN_ATTEMPT");
    }

    @Test
    void a_pipe_carries_a_hundred_megabytes_in_constant_memory() throws Exception {
        var daemon = place.recipe("big", "steps:\n  - head -c 100000000 /dev/zero }>\n  - wc -c\n")
                .recipe("small", "steps:\n  - head -c 10 /dev/zero }>\n  - wc -c\n")
                .start();
        assertThat(run(daemon, "small").get("state").asString()).isEqualTo("succeeded");
        long before = Proc.number(daemon.pid(), "VmHWM");
        JsonNode run = run(daemon, "big");
        assertThat(run.get("state").asString()).isEqualTo("succeeded");
        assertThat(daemon.output(run.get("id").asLong())).isEqualTo("100000000\n");
        assertThat(Proc.number(daemon.pid(), "VmHWM") - before)
                .as("growth in kB")
                .isLessThan(32 * 1024);
    }
}
