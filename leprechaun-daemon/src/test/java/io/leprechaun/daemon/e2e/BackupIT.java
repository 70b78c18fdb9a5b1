package io.leprechaun.daemon.e2e;

import static io.leprechaun.daemon.e2e.Installation.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Copies of the history, made while the daemon works: each is of one moment, complete, and can replace the history.
 * {@code -Dleprechaun.backups=100} makes more of them.
 */
@Tag("proof")
@Timeout(900)
class BackupIT {
    private static final int COPIES = Integer.getInteger("leprechaun.backups", 3);

    @RegisterExtension
    private final Installation place = new Installation();

    @Test
    void copies_made_under_load_are_whole() throws Exception {
        place.settings("workers: { queue: 100000 }");
        place.recipe("hook", "definition: hook\nid: knock\noverlap: parallel\nsteps: [ 'echo $LEPRECHAUN_RUN' ]");
        place.recipe("tick", "definition: cron\npattern: '* * * * * *'\nsteps: [ 'true' ]");
        var daemon = place.start();
        var over = new AtomicBoolean();
        var load = Thread.ofPlatform().start(() -> {
            while (!over.get()) {
                try {
                    daemon.post("/hook?id=knock");
                } catch (Exception e) {
                    over.set(true);
                    throw new IllegalStateException(e);
                }
            }
        });
        Path copy = place.folder().resolve("output/copy.db");
        try {
            long before = 0;
            for (int i = 0; i < COPIES; i++) {
                var made = place.client("backup", copy.toString());
                assertThat(made.err()).isEmpty();
                assertThat(made.code()).isZero();
                var verified = place.client("verify", copy.toString(), "--json");
                assertThat(verified.code()).as(verified.out()).isZero();
                long runs = verified.json().at("/verification/runs").asLong();
                assertThat(runs).as("a later copy holds more").isGreaterThan(before);
                before = runs;
            }
            assertThat(over.get()).as("hooks are accepted meanwhile").isFalse();
        } finally {
            over.set(true);
            load.join();
        }
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(copy)))
                .isEqualTo("rw-------");
        assertThat(daemon.stop()).isZero();
    }

    @Test
    void a_copy_takes_the_place_of_a_history_that_was_lost() throws Exception {
        place.recipe("say", "steps: [ echo $LEPRECHAUN_RUN ]");
        var daemon = place.start();
        long first = daemon.runToEnd("say").get("id").asLong();
        Path copy = place.folder().resolve("output/copy.db");
        assertThat(place.client("backup", copy.toString()).code()).isZero();
        daemon.runToEnd("say");
        daemon.killHard();
        Path store = place.state().resolve("leprechaun.db");
        for (String file : new String[] {"leprechaun.db", "leprechaun.db-wal", "leprechaun.db-shm"}) {
            Files.deleteIfExists(place.state().resolve(file));
        }
        Files.copy(copy, store, StandardCopyOption.REPLACE_EXISTING);

        var again = place.start();
        assertThat(again.runs("say").stream().map(run -> run.get("id").asLong()))
                .containsExactly(first);
        long next = again.runToEnd("say").get("id").asLong();
        assertThat(again.output(next)).isEqualTo(next + "\n");
        assertThat(again.stop()).isZero();
    }

    @Test
    void mistakes_are_told_and_spoil_nothing() throws Exception {
        place.recipe("say", "steps: [ 'true' ]");
        var nothing =
                place.client("backup", place.folder().resolve("output/copy.db").toString());
        assertThat(nothing.code()).isEqualTo(4);
        assertThat(nothing.err()).hasLineCount(1).contains("there is no store " + place.state());
        place.start().stop();
        Path other = Files.writeString(place.folder().resolve("output/letter.txt"), "dear");
        var refused = place.client("backup", other.toString());
        assertThat(refused.code()).isEqualTo(4);
        assertThat(refused.err()).hasLineCount(1).contains(other + " exists and is not a copy of a store");
        assertThat(other).hasContent("dear");
        var nowhere =
                place.client("backup", place.folder().resolve("nowhere/copy.db").toString());
        assertThat(nowhere.code()).isEqualTo(4);
        assertThat(nowhere.err()).hasLineCount(1).contains("cannot write", "no such file", "nowhere");
        assertThat(place.client("backup").code()).isEqualTo(2);
    }

    @Test
    void the_history_is_told_while_the_daemon_is_down() throws Exception {
        place.recipe("say", "steps: [ 'echo hello', 'exit 4' ]");
        var none = place.client("runs");
        assertThat(none.code()).isEqualTo(5);
        assertThat(none.err()).hasLineCount(1).contains("no daemon answers", "no history in " + place.state());
        var daemon = place.start();
        long run = daemon.runToEnd("say").get("id").asLong();
        var up = place.client("runs", "--json");
        daemon.stop();
        eventually(() -> assertThat(place.socket()).doesNotExist());

        var runs = place.client("runs");
        assertThat(runs.code()).isZero();
        assertThat(runs.err())
                .hasLineCount(1)
                .contains("no daemon answers", place.state().toString());
        assertThat(runs.out()).contains("say", "failed");
        assertThat(place.client("runs", "--json", "-q").json()).isEqualTo(up.json());
        assertThat(place.client("runs", "-q").out()).isEqualTo(run + "\n");
        var logs = place.client("logs", "say");
        assertThat(logs.out()).isEqualTo("hello\n");
        assertThat(logs.code()).isZero();
        assertThat(place.client("show", Long.toString(run)).out()).contains("exit 4");
        assertThat(place.client("show", "say").out()).contains("echo hello");
        assertThat(place.client("usage").out()).contains("say");
        assertThat(place.client("ls").code())
                .as("what is due only a daemon knows")
                .isEqualTo(5);
        assertThat(place.client("runs", "--nonsense").code()).isEqualTo(2);
        assertThat(place.client("logs", "77").code()).isEqualTo(3);
    }
}
