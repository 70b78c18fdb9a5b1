package io.leprechaun.daemon.e2e;

import static io.leprechaun.daemon.e2e.Installation.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * After a kill, no process of the run is left; processes that a step leaves behind at its normal end are handled as
 * documented.
 */
@Tag("proof")
@Timeout(180)
class EndingIT extends RunEndsFixture {
    EndingIT() {
        super(new Installation());
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
        eventually(() -> assertThat(place.stepsAlive().values()).containsExactly("sleep 601"));
    }
}
