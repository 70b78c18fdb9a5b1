package io.leprechaun.daemon.e2e;

import static io.leprechaun.daemon.e2e.Installation.eventually;
import static io.leprechaun.daemon.e2e.Installation.lines;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The bounded stack, the bounded queue, and their cost. */
@Tag("proof")
@Timeout(180)
class WorkersIT {
    @RegisterExtension
    private final Installation place = new Installation();

    private List<Long> ran() {
        return lines(place.work().resolve("ran")).stream().map(Long::valueOf).toList();
    }

    @Test
    void a_thousand_runs_leave_no_descriptor_no_thread_and_no_zombie() throws Exception {
        var daemon =
                place.settings("workers: { queue: 5000 }").recipe("hook", """
                    definition: hook
                    id: knock
                    overlap: parallel
                    steps:
                      - echo one }>
                      - cat > /dev/null
                      - -> 'true'
                      - sh -c 'echo $LEPRECHAUN_RUN >> ran'
                    """).start();
        daemon.postMany("/hook?id=knock", 100, 16);
        daemon.awaitIdle("server");
        int descriptors = Proc.descriptors(daemon.pid());
        long threads = Proc.number(daemon.pid(), "Threads");

        daemon.postMany("/hook?id=knock", 1000, 16);
        daemon.awaitIdle("server");
        assertThat(new HashSet<>(ran())).hasSize(1100);
        eventually(() -> {
            assertThat(Proc.descriptors(daemon.pid())).isLessThanOrEqualTo(descriptors + 5);
            assertThat(Proc.number(daemon.pid(), "Threads")).isLessThanOrEqualTo(threads + 8);
            assertThat(Proc.zombies(daemon.pid())).isEmpty();
        });
        assertThat(place.stepsAlive()).isEmpty();
    }
}
