package io.leprechaun.daemon.e2e;

import static io.leprechaun.daemon.e2e.Installation.JSON;
import static io.leprechaun.daemon.e2e.Installation.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * A state folder on a disk of 64 MB that another process fills. Accepted runs end, new ones are refused, and with space
 * the daemon continues by itself.
 */
@Tag("proof")
class FullDiskIT {
    private static final int POINTS = 20;
    private static final String HOOK = "definition: hook\nid: an-id-of-a-hook\noverlap: parallel\n";

    @RegisterExtension
    final Installation place = new Installation();

    @Test
    void filled_at_any_point_it_loses_nothing_refuses_what_comes_and_goes_on_by_itself() throws Exception {
        assumeThat(SmallDisk.mayBeMounted()).as("only root may mount").isTrue();
        SmallDisk disk = place.mount(place.state().getParent(), 64);
        place.recipe("small", HOOK + "steps: [ 'echo $LEPRECHAUN_RUN >> done' ]");
        place.recipe("loud", "history: { output: 1m }\nsteps: [ yes | head -c 30m ]");
        place.recipe("tick", "definition: cron\npattern: '* * * * * *'\nsteps: [ 'true' ]");
        var random = new Random(20_261_124);
        var accepted = new ArrayList<Long>();
        RunningDaemon daemon = place.start();
        for (int point = 0; point < POINTS; point++) {
            accepted.addAll(send(daemon, 10));
            if (point % 4 == 1) {
                daemon.begin("loud"); // its output meets the end of the disk, too
            }
            long leave = point % 2 == 0 ? 0 : random.nextInt(200_000);
            disk.fill(leave);
            accepted.addAll(send(daemon, 10));
            RunningDaemon filled = daemon;
            eventually(() -> {
                disk.fill(leave); // again: an output that is cut gives space back
                assertThat(filled.post("/hook?id=an-id-of-a-hook").statusCode()).isEqualTo(507);
                var health = filled.api().send("GET", "/health");
                assertThat(health.status()).isEqualTo(503);
                assertThat(health.body()).contains("is full; free some space");
            });
            if (point % 5 == 4) {
                daemon.killHard();
                disk.makeRoom();
                daemon = place.start();
            } else {
                disk.makeRoom();
            }
            RunningDaemon roomy = daemon;
            eventually(() ->
                    assertThat(roomy.api().send("GET", "/health").status()).isEqualTo(200));
            accepted.addAll(send(daemon, 3));
        }
        RunningDaemon last = daemon;
        eventually(() -> {
            disk.fill(0);
            assertThat(last.runs("tick"))
                    .as("what was due while there was no room is told")
                    .anySatisfy(run -> {
                        assertThat(run.get("state").asString()).isEqualTo("rejected");
                        assertThat(run.get("reason").asString()).isEqualTo("the disk was full");
                    });
        });
        assertThat(last.runs("tick"))
                .noneSatisfy(run -> assertThat(run.get("reason").toString()).contains("the store failed"));
        disk.makeRoom();
        last.awaitIdle("server");
        var kept = last.runs("small").stream()
                .mapToLong(run -> run.get("id").asLong())
                .toArray();
        assertThat(accepted).hasSizeGreaterThan(POINTS * 10).doesNotHaveDuplicates();
        assertThat(LongStream.of(kept).boxed()).containsAll(accepted);
        assertThat(last.runs("small"))
                .allSatisfy(run -> assertThat(run.get("ended_at").isNull()).isFalse());
        assertThat(last.stop()).isZero();
        place.assertVerified();
    }

    /** Sends hooks and returns the runs of those that were accepted. */
    private static List<Long> send(RunningDaemon daemon, int count) throws Exception {
        var runs = new ArrayList<Long>();
        for (var answer : daemon.postMany("/hook?id=an-id-of-a-hook", count, 4)) {
            assertThat(answer.statusCode()).isIn(202, 507);
            if (answer.statusCode() == 202) {
                runs.add(JSON.readTree(answer.body()).get("run").asLong());
            }
        }
        return runs;
    }
}
