package io.leprechaun.daemon.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Copies of the history, made while the daemon works: each is of one moment, whole, and can take the history's place. {@code -Dleprechaun.backups=100} makes more of them. */
@Timeout(900)
class BackupIT {
    @RegisterExtension
    private final Installation place = new Installation();

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
}
