package io.leprechaun.daemon.e2e;

import static io.leprechaun.daemon.e2e.Installation.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Windows, deadlines, locks and jitter: the runs that they hold back, and the reasons by {@code why}. */
@Tag("proof")
@Timeout(180)
class PoliciesIT {
    private static final String UNTIL_GO = "until test -e go; do sleep 0.05; done";

    @RegisterExtension
    private final Installation place = new Installation();

    private static String state(RunningDaemon daemon, long run) throws IOException {
        return daemon.run(run).get("state").asString();
    }

    @Test
    void a_deadline_that_passed_while_the_daemon_was_down_is_one_too() throws Exception {
        place.settings("workers: { max: 1 }");
        place.recipe("slow", "on_stop: kill\nsteps: [ '" + UNTIL_GO + "' ]");
        place.recipe("late", "deadline: 2s\nsteps: [ pwd ]");
        RunningDaemon first = place.start();
        first.begin("slow");
        long late = first.begin("late");
        first.killHard();
        var accepted = OffsetDateTime.parse(place.json("show", Long.toString(late))
                .get("run")
                .get("queued_at")
                .asString());
        eventually(() -> assertThat(OffsetDateTime.now(ZoneOffset.UTC)).isAfter(accepted.plusSeconds(2)));
        RunningDaemon daemon = place.start();
        assertThat(daemon.over(late).get("state").asString()).isEqualTo("skipped");
    }

    @Test
    void a_lock_is_free_again_after_whatever_ends_its_holder() throws Exception {
        place.recipe("holder", "lock: db\nsteps: [ '" + UNTIL_GO + "' ]");
        place.recipe("quick", "lock: db\nretry: { times: 1, delay: 1s }\nsteps: [ 'exit 1' ]");
        RunningDaemon first = place.start();
        long held = first.begin("holder");
        long waits = first.begin("quick");
        assertThat(state(first, waits)).isEqualTo("waiting");
        assertThat(place.client("kill", Long.toString(held)).code()).isZero();
        assertThat(first.over(waits).get("attempt").asInt()).isEqualTo(2);

        first.begin("holder");
        long queued = first.begin("quick");
        first.killHard();
        RunningDaemon daemon = place.start();
        assertThat(daemon.over(queued).get("state").asString()).isEqualTo("failed");
        assertThat(daemon.runs("holder"))
                .extracting(run -> run.get("state").asString())
                .containsExactlyInAnyOrder("killed", "lost");
        place.assertVerified();
    }
}
