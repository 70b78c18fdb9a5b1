package io.leprechaun.daemon.e2e;

import static io.leprechaun.daemon.e2e.Installation.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.leprechaun.daemon.run.RunState;
import java.util.Random;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * The daemon is killed while short runs start by claims, before their start is recorded: each accepted run is executed
 * once, or known to be lost. {@code -Dleprechaun.kills=1000} kills more often.
 */
@Tag("proof")
@Timeout(3600)
class ClaimsIT {
    private static final int KILLS = Integer.getInteger("leprechaun.kills", 6);
    private static final int HOOKS_A_SECOND = 25;
    private static final int LONGEST_LIFE = 1000;

    @RegisterExtension
    private final Installation place = new Installation();

    @Test
    void killed_while_runs_start_by_claims_it_starts_none_twice_and_forgets_none() throws Exception {
        long seed = Long.getLong("leprechaun.seed", System.nanoTime());
        System.err.println("ClaimsIT: -Dleprechaun.kills=" + KILLS + " -Dleprechaun.seed=" + seed);
        var random = new Random(seed);
        try (var work = new Workload(place, 1)) {
            work.hooks("short", 5, "overlap: parallel\n", "sleep 0.02").knock(HOOKS_A_SECOND);
            int claimed = 0;
            for (int kill = 0; kill < KILLS; kill++) {
                RunningDaemon daemon = place.start();
                work.daemonIs(daemon);
                eventually(() -> assertThat(claims())
                        .as("claims while more is asked for than can run")
                        .isPositive());
                Workload.live(random.nextInt(LONGEST_LIFE));
                daemon.killHard();
                claimed += claims();
            }
            RunningDaemon last = place.start();
            work.daemonIs(last);
            Checker checker = work.settle(last);
            System.err.println("ClaimsIT: " + claimed + " runs claimed at " + KILLS + " kills, " + checker.summary());
            assertThat(checker.violations()).isEmpty();
            assertThat(claimed).isPositive();
            assertThat(checker.in(RunState.SUCCEEDED)).isPositive();
            assertThat(last.stop()).isZero();
            assertThat(claims()).as("claims after a stop").isZero();
            place.assertVerified();
        }
    }

    /** Returns the number of runs that are claimed in the store. */
    private int claims() {
        return Jdbi.create("jdbc:sqlite:" + place.state().resolve("leprechaun.db"))
                .withHandle(handle -> handle.createQuery("select runs from claim").mapTo(String.class).stream()
                        .mapToInt(runs -> runs.isEmpty() ? 0 : runs.split(" ", -1).length)
                        .sum());
    }
}
