package io.leprechaun.daemon.e2e;

import static io.leprechaun.daemon.e2e.Installation.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The daemon reports a due instant that has no record. */
@Tag("proof")
@Timeout(180)
class SelfWatchIT {
    @RegisterExtension
    private final Installation place = new Installation();

    @Test
    void what_was_due_and_has_no_record_is_an_alarm_until_it_has_one() throws Exception {
        Tools.require("that the daemon watches itself is not checked", "strace");
        place.recipe("tick", "definition: cron\npattern: '* * * * * *'\nsteps: [ 'true' ]");
        var begun = place.beginDaemonInjected(
                "fsync,fdatasync",
                "delay_enter=30000000:when=9"); // one flush takes half a minute, and no change is kept meanwhile
        var daemon = new RunningDaemon(place, begun).awaitReady();
        eventually(() -> {
            var health = place.client("daemon", "health");
            assertThat(health.code()).isEqualTo(1);
            assertThat(health.err()).contains("tick was due at ", " but its record is not stored yet");
        });
        assertThat(daemon.api().send("GET", "/health").status()).isEqualTo(503);
        assertThat(daemon.log()).contains("ERROR", "tick was due at ");
        eventually(() -> assertThat(place.client("daemon", "health").code()).isZero());
        assertThat(daemon.log()).contains("all checks pass again");
        assertThat(daemon.stop()).isZero();
        place.assertVerified();
    }
}
