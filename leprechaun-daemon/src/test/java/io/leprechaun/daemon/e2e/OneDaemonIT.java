package io.leprechaun.daemon.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * A state folder has one daemon, however many are started, and the remains of a dead one block no other.
 * {@code -Dleprechaun.daemons=100} starts more of them.
 */
@Tag("proof")
@Timeout(300)
class OneDaemonIT {
    private static final int DAEMONS = Integer.getInteger("leprechaun.daemons", 30);
    /** The number of simultaneous starts that two cores can bear. */
    private static final int AT_ONCE = 10;

    @RegisterExtension
    private final Installation place = new Installation();

    @Test
    void of_many_that_start_at_once_one_becomes_ready_and_the_others_say_who_has_the_folder() throws Exception {
        var ready = new ArrayList<RunningDaemon>();
        for (int started = 0; started < DAEMONS; started += AT_ONCE) {
            List<Installation.Begun> group = IntStream.range(0, Math.min(AT_ONCE, DAEMONS - started))
                    .mapToObj(number -> place.beginDaemon())
                    .toList();
            for (var begun : group) {
                var daemon = new RunningDaemon(place, begun);
                if (daemon.becomesReady()) {
                    ready.add(daemon);
                } else {
                    var refused = begun.end();
                    assertThat(refused.code()).as(refused.err()).isEqualTo(75);
                    assertThat(refused.err())
                            .hasLineCount(1)
                            .contains("another daemon", "uses the state folder " + place.state());
                }
            }
        }
        assertThat(ready).hasSize(1);
        var winner = ready.getFirst();
        assertThat(winner.isAlive()).isTrue();
        assertThat(place.json("daemon", "info").get("pid").asLong()).isEqualTo(winner.pid());

        winner.killHard();
        var next = place.start();
        assertThat(place.json("daemon", "info").get("pid").asLong()).isEqualTo(next.pid());
    }

    @Test
    void a_lock_that_names_somebody_who_lives_holds_nobody_up() throws Exception {
        Files.createDirectories(place.state());
        Files.writeString(place.state().resolve("lock"), ProcessHandle.current().pid() + "\n");
        var daemon = place.start();
        assertThat(Files.readAllLines(place.state().resolve("lock")).getFirst()).isEqualTo(Long.toString(daemon.pid()));
    }
}
