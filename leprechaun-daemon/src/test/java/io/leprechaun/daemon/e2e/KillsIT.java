package io.leprechaun.daemon.e2e;

import static io.leprechaun.daemon.e2e.Installation.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.leprechaun.daemon.run.RunState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * The daemon is killed at any moment, over and over, while runs come and go: each accepted run is executed once, or
 * known to be lost, and every due instant is accounted for. {@code -Dleprechaun.kills=1000} does more of them,
 * {@code -Dleprechaun.seed} with the same pauses again.
 */
@Tag("proof")
@Timeout(3600)
class KillsIT {
    private static final int KILLS = Integer.getInteger("leprechaun.kills", 12);
    private static final int LONGEST_LIFE = 500;
    private static final int HOOKS_A_SECOND = 20;

    @RegisterExtension
    private final Installation place = new Installation();

    private final List<Duration> starts = new ArrayList<>();

    @Test
    void killed_over_and_over_it_keeps_its_word() throws Exception {
        Tools.require("that a killed daemon keeps its word is not checked", "bash");
        long seed = Long.getLong("leprechaun.seed", System.nanoTime());
        System.err.println("KillsIT: -Dleprechaun.kills=" + KILLS + " -Dleprechaun.seed=" + seed);
        var random = new Random(seed);
        var second = Duration.ofSeconds(1);
        try (var work = new Workload(place)) {
            work.hooks("hook", 10, "", ":")
                    .hooks("beside", 10, "overlap: parallel\n", ":")
                    .cron("tick", 20, "* * * * * *", second, "", ":")
                    .intervals("interval", 5, 1, "", ":")
                    .cron("long", 5, "*/4 * * * * *", Duration.ofSeconds(4), "", "sleep 3")
                    .knock(HOOKS_A_SECOND);
            for (int kill = 0; kill < KILLS; kill++) {
                if (kill % 20 == 9) {
                    var starting = new RunningDaemon(place, place.beginDaemon());
                    Workload.live(random.nextInt(LONGEST_LIFE));
                    starting.killHard();
                    continue;
                }
                RunningDaemon daemon = start();
                work.daemonIs(daemon);
                // longer on a busy machine, where otherwise no request would be answered
                Workload.live(random.nextInt(
                        (int) Math.max(LONGEST_LIFE, starts.getLast().toMillis())));
                daemon.killHard();
                if (kill % 10 == 4) {
                    place.killSteps();
                }
            }
            RunningDaemon last = start();
            work.daemonIs(last);
            work.awaitTrueProcesses(last);
            Checker checker = work.settle(last);
            report(checker);
            assertThat(checker.violations()).isEmpty();
            assertThat(checker.acknowledged()).hasSizeGreaterThan(KILLS);
            assertThat(checker.in(RunState.SUCCEEDED)).isPositive();
            assertThat(last.stop()).isZero();
            place.assertVerified();
        }
    }

    /** Starts a daemon and records the time of its start, to some milliseconds. */
    private RunningDaemon start() {
        long begin = System.nanoTime();
        var daemon = new RunningDaemon(place, place.beginDaemon());
        await().pollInSameThread()
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(5))
                .atMost(PATIENCE)
                .until(() -> !daemon.isAlive() || daemon.log().contains(" is ready: pid "));
        starts.add(Duration.ofNanos(System.nanoTime() - begin));
        return daemon.awaitReady();
    }

    private void report(Checker checker) {
        starts.sort(null);
        System.err.printf(
                "KillsIT: %d kills, %s; ready after %d ms (median), %d ms (99 of 100), %d ms (longest)%n",
                KILLS, checker.summary(), percentile(50), percentile(99), percentile(100));
    }

    private long percentile(int percent) {
        return starts.get((starts.size() - 1) * percent / 100).toMillis();
    }
}
