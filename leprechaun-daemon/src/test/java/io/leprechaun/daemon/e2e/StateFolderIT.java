package io.leprechaun.daemon.e2e;

import static io.leprechaun.daemon.e2e.Installation.eventually;
import static io.leprechaun.daemon.e2e.RunningDaemon.ticket;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Files of the state folder that are moved, deleted, replaced or covered under a running daemon. */
@Tag("proof")
@Timeout(180)
class StateFolderIT {
    private static final String HOOK = "/hook?id=an-id-of-a-hook";
    private static final String RESTART = "restart the daemon, which starts with the files that exist";

    @RegisterExtension
    private final Installation place = new Installation();

    private RunningDaemon start() {
        return place.recipe(
                        "small", "definition: hook\nid: an-id-of-a-hook\noverlap: parallel\nsteps: [ echo printed ]\n")
                .recipe(
                        "long",
                        "overlap: parallel\nsteps: [ 'touch up; until test -e go; do sleep 0.1; done', echo after ]\n")
                .start();
    }

    /**
     * Asserts that the health command reports it, and no new run is accepted, by hook or by hand; read commands are
     * answered.
     */
    private void assertRefuses(RunningDaemon daemon, String sentence) throws Exception {
        eventually(() -> {
            var health = daemon.api().send("GET", "/health");
            assertThat(health.status()).as(health.body()).isEqualTo(503);
            assertThat(health.body()).contains(sentence, RESTART);
        });
        var refused = daemon.post(HOOK);
        assertThat(refused.statusCode()).as(refused.body()).isEqualTo(503);
        assertThat(refused.headers().firstValue("Retry-After")).isPresent();
        assertThat(daemon.post(HOOK, new byte[200_000]).statusCode()).isBetween(500, 599);
        var byHand = place.client("run", "small");
        assertThat(byHand.code()).isNotZero();
        assertThat(byHand.err()).contains(sentence);
        assertThat(place.client("runs").code()).isZero();
        assertThat(place.client("ls").code()).isZero();
        eventually(() -> assertThat(daemon.log()).contains("refusing new work: ", sentence));
        assertThat(daemon.isAlive()).isTrue();
    }

    private static void assertAccepts(RunningDaemon daemon, List<Long> accepted) throws Exception {
        eventually(
                () -> assertThat(daemon.api().send("GET", "/health").status()).isEqualTo(200));
        long run = ticket(daemon.post(HOOK));
        daemon.over(run); // the next move must not meet its step at its start
        accepted.add(run);
    }

    /** Asserts that all accepted runs are reported by this daemon and the next. */
    private void assertKept(RunningDaemon daemon, List<Long> accepted) throws Exception {
        for (long run : accepted) {
            assertThat(daemon.over(run).get("state").asString()).isEqualTo("succeeded");
        }
        assertThat(daemon.stop()).isZero();
        place.assertVerified();
        var next = place.start();
        for (long run : accepted) {
            assertThat(next.run(run).get("state").asString()).isEqualTo("succeeded");
            assertThat(next.output(run)).contains("printed");
        }
        assertThat(next.runs("small")).hasSameSizeAs(accepted);
    }

    @Test
    void what_is_moved_away_and_put_back_goes_on_by_itself() throws Exception {
        var daemon = start();
        var accepted = new ArrayList<Long>();
        assertAccepts(daemon, accepted);
        Path away = place.state().resolveSibling("away");
        for (String name : List.of("lock", "leprechaun.db", "leprechaun.db-wal", "leprechaun.db-shm", "output")) {
            Path file = place.state().resolve(name);
            Files.move(file, away);
            assertRefuses(daemon, file + " is missing: put it back");
            assertThat(file).doesNotExist();
            Files.move(away, file);
            assertAccepts(daemon, accepted);
        }
        Path output = place.state().resolve("output");
        Files.move(output, away);
        Files.createDirectory(output);
        assertRefuses(daemon, output + " was replaced by another file: put the old one back");
        assertThat(output).isEmptyDirectory();
        Files.delete(output);
        Files.move(away, output);
        assertAccepts(daemon, accepted);
        assertKept(daemon, accepted);
    }

    @Test
    void runs_under_way_wait_for_a_folder_that_was_moved_away() throws Exception {
        var daemon = start();
        var accepted = new ArrayList<Long>();
        assertAccepts(daemon, accepted);
        long waits = daemon.begin("long");
        long killed = daemon.begin("long");
        eventually(() -> assertThat(place.work().resolve("up")).exists());
        Path away = place.state().resolveSibling("away");
        Files.move(place.state(), away);
        assertRefuses(daemon, place.state() + " is missing: put it back");
        place.touch("go");
        assertThat(place.client("kill", Long.toString(killed)).code()).isZero();
        assertThat(place.state()).doesNotExist();
        assertThat(daemon.run(waits).get("state").asString()).isEqualTo("running");
        Files.move(away, place.state());
        assertAccepts(daemon, accepted);
        assertThat(daemon.over(waits).get("state").asString()).isEqualTo("succeeded");
        assertThat(daemon.output(waits)).contains("after");
        assertThat(daemon.over(killed).get("state").asString()).isEqualTo("killed");
        assertKept(daemon, accepted);
    }

    @Test
    void a_folder_that_is_covered_by_a_mount_is_not_used() throws Exception {
        assumeThat(SmallDisk.mayBeMounted()).as("only root may mount").isTrue();
        var daemon = start();
        var accepted = new ArrayList<Long>();
        assertAccepts(daemon, accepted);
        for (Path covered : List.of(place.state(), place.state().resolve("output"))) {
            SmallDisk disk = place.mount(covered, 4);
            assertRefuses(daemon, "another file system is mounted over " + covered + ": unmount it");
            assertThat(covered.resolve("leprechaun.db")).doesNotExist();
            disk.close();
            assertAccepts(daemon, accepted);
        }
        assertKept(daemon, accepted);
    }

    @Test
    void a_deleted_output_folder_is_made_again() throws Exception {
        var daemon = start();
        long before = ticket(daemon.post(HOOK));
        daemon.over(before);
        assertThat(place.shell("rm -r " + place.state().resolve("output")).code())
                .isZero();
        var accepted = new ArrayList<Long>();
        assertAccepts(daemon, accepted);
        assertThat(daemon.over(accepted.getFirst()).get("state").asString()).isEqualTo("succeeded");
        assertThat(daemon.output(accepted.getFirst())).contains("printed");
        assertThat(daemon.log()).contains("was deleted: created again");
        assertThat(daemon.stop()).isZero();
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
        # deleted,           whether the next start finds what was accepted
        '',                  false
        /leprechaun.db,      false
        /leprechaun.db-wal,  true
        /leprechaun.db-shm,  true
        /lock,               true
        """)
    void what_is_deleted_stays_so_until_the_next_start(String deleted, boolean found) throws Exception {
        var daemon = start();
        long over = ticket(daemon.post(HOOK));
        daemon.over(over);
        long under = daemon.begin("long");
        eventually(() -> assertThat(place.work().resolve("up")).exists());
        Path gone = Path.of(place.state() + deleted);
        assertThat(place.shell("rm -r " + gone).code()).isZero();
        assertRefuses(daemon, gone + " was deleted: ");
        assertThat(gone).doesNotExist();
        place.touch("go");
        eventually(() -> assertThat(place.stepsAlive()).isEmpty());
        assertThat(daemon.run(over).get("state").asString()).isEqualTo("succeeded");
        assertThat(daemon.run(under).get("id").asLong()).isEqualTo(under);
        if (found) {
            assertThat(daemon.over(under).get("state").asString()).isEqualTo("succeeded");
        }
        long begun = System.nanoTime();
        assertThat(daemon.stop()).isZero();
        assertThat(System.nanoTime() - begun)
                .as("nothing waits for a store that is gone")
                .isLessThan(30_000_000_000L);
        if (found) {
            place.assertVerified();
            var next = place.start();
            assertThat(next.run(over).get("state").asString()).isEqualTo("succeeded");
            assertThat(next.run(under).get("state").asString()).isEqualTo("succeeded");
        } else if (deleted.isEmpty()) {
            assertThat(place.start().runs("small")).isEmpty();
        } else {
            assertThat(place.daemon().err()).contains(gone + " is missing, but its log ");
        }
    }

    @Test
    void a_store_that_takes_the_place_of_another_is_left_alone() throws Exception {
        var daemon = start();
        daemon.over(ticket(daemon.post(HOOK)));
        Path file = place.state().resolve("leprechaun.db");
        Path copy = place.folder().resolve("copy.db");
        assertThat(place.client("backup", copy.toString()).code()).isZero();
        Files.move(copy, file, StandardCopyOption.REPLACE_EXISTING);
        byte[] bytes = Files.readAllBytes(file);
        assertRefuses(daemon, file + " was replaced by another file: ");
        assertThat(daemon.stop()).isZero();
        assertThat(file).hasBinaryContent(bytes);
    }
}
