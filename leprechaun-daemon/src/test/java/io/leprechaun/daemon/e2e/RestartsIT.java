package io.leprechaun.daemon.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.leprechaun.daemon.e2e.Checker.Row;
import io.leprechaun.daemon.run.RunState;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * The daemon is stopped and started while runs come and go, are tried again and take long: no run is lost, and only
 * runs reported as killed are. {@code -Dleprechaun.restarts=100} does it more often, {@code -Dleprechaun.seed} with the
 * same pauses again.
 */
@Tag("proof")
@Timeout(3600)
class RestartsIT {
    private static final int RESTARTS = Integer.getInteger("leprechaun.restarts", 4);
    private static final int LONGEST_LIFE = 2000;
    private static final String TRY_AGAIN = "retry: { times: 2, delay: 300ms }\n";

    @RegisterExtension
    private final Installation place = new Installation();

    @Test
    void stopped_and_started_while_runs_come_and_go_it_loses_nothing() throws Exception {
        Tools.require("that a restart loses nothing is not checked", "bash");
        long seed = Long.getLong("leprechaun.seed", System.nanoTime());
        System.err.println("RestartsIT: -Dleprechaun.restarts=" + RESTARTS + " -Dleprechaun.seed=" + seed);
        var random = new Random(seed);
        var second = Duration.ofSeconds(1);
        var longest = Duration.ZERO;
        try (var work = new Workload(place)) {
            work.hooks("hook", 10, "", ":")
                    .hooks("flaky", 3, TRY_AGAIN, "test $LEPRECHAUN_ATTEMPT -ge 2")
                    .cron("tick", 10, "* * * * * *", second, "", ":")
                    .cron("again", 3, "* * * * * *", second, TRY_AGAIN, "test $LEPRECHAUN_ATTEMPT -ge 3")
                    .intervals("interval", 3, 1, "overlap: queue\n", ":")
                    .cron("patient", 3, "*/2 * * * * *", second.multipliedBy(2), "on_stop: wait\n", "sleep 1.2")
                    .cron("brief", 3, "*/2 * * * * *", second.multipliedBy(2), "on_stop: kill\n", "sleep 1.2")
                    .byHand("by-hand", "", "sleep 0.2")
                    .knock(20);
            for (int restart = 0; restart < RESTARTS; restart++) {
                RunningDaemon daemon = place.start();
                work.daemonIs(daemon);
                work.run(daemon, "by-hand");
                Workload.live(random.nextInt(LONGEST_LIFE));
                long begin = System.nanoTime();
                assertThat(daemon.stop()).as(daemon.log()).isZero();
                Duration took = Duration.ofNanos(System.nanoTime() - begin);
                longest = took.compareTo(longest) > 0 ? took : longest;
                assertThat(place.stepsAlive()).as("after a clean stop").isEmpty();
            }
            RunningDaemon last = place.start();
            work.daemonIs(last);
            work.awaitTrueProcesses(last);
            Checker checker = work.settle(last);
            System.err.printf(
                    "RestartsIT: %d restarts, %s; the longest stop took %d ms%n",
                    RESTARTS, checker.summary(), longest.toMillis());
            assertThat(checker.violations()).isEmpty();
            assertThat(checker.in(RunState.LOST)).isZero();
            assertThat(checker.in(RunState.FAILED)).isZero();
            assertThat(checker.rows().stream()
                            .filter(row -> row.state() == RunState.KILLED)
                            .map(Row::recipe))
                    .allSatisfy(recipe -> assertThat(recipe).startsWith("brief-"));
            assertThat(last.stop()).isZero();
            place.assertVerified();
        }
    }
}
