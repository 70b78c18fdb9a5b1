package io.leprechaun.daemon.e2e;

import static io.leprechaun.daemon.e2e.Installation.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

/** When it says killed, nothing of the run is left; what a step leaves behind at its normal end is dealt with as it says. */
@Tag("proof")
@Timeout(180)
class EndingIT {
    /** Each line starts something that tries to survive, and has it write its pid where the test looks. */
    private static final String FUGITIVES = """
        setsid sh -c 'echo $$ >> pids; sleep 600' &
        setsid sh -c 'trap "" TERM HUP INT; echo $$ >> pids; sleep 600; sleep 600' &
        nohup sh -c 'echo $$ >> pids; exec sleep 600' > /dev/null 2>&1 &
        (setsid sh -c 'echo $$ >> pids; exec sleep 600' &)
        (env -i setsid /bin/sh -c 'echo $$ >> pids; exec /bin/sleep 600' > /dev/null 2>&1 < /dev/null &)
        (env -i setsid /bin/sh -c 'trap "" TERM; cd /; echo $$ >> '"$PWD"'/pids; /bin/sleep 600; /bin/sleep 600' &)
        (setsid sh -c 'echo $$ >> pids; kill -STOP $$' &)
        until [ "$(wc -l < pids)" -eq 7 ]; do sleep 0.05; done
        touch up
        """;

    @RegisterExtension
    private final Installation place = new Installation();

    private Installation family(String keys) {
        return place.recipe(
                "family",
                keys + "grace: 1s\nsteps:\n  - |\n" + (FUGITIVES + "trap '' TERM\nwait; sleep 600\n").indent(4));
    }

    private List<String> fugitives() {
        return Installation.lines(place.work().resolve("pids"));
    }

    private static String text(JsonNode node, String key) {
        return node.get(key).asString();
    }

    @Test
    void what_outlived_a_crash_is_ended_and_what_a_finished_run_left_behind_is_not() throws Exception {
        var daemon = family("")
                .recipe("service", "steps: [ 'setsid sleep 601 > /dev/null 2>&1 &' ]\n")
                .start();
        assertThat(text(daemon.runToEnd("service"), "state")).isEqualTo("succeeded");
        long id = daemon.begin("family");
        eventually(() -> assertThat(place.work().resolve("up")).exists());
        daemon.killHard();
        var again = place.start();
        assertThat(text(again.over(id), "state")).isEqualTo("lost");
        assertThat(fugitives()) // the first process of the system reaps them when it likes
                .hasSize(7)
                .allSatisfy(
                        pid -> assertThat(Proc.commandLine(Long.parseLong(pid))).isEmpty());
        assertThat(place.stepsAlive().values()).containsExactly("sleep 601");
    }
}
