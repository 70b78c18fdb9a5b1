package io.leprechaun.daemon.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqliteErrorsTest {
    @TempDir
    private Path folder;

    /** After a backup was just restored, another backup does not help. */
    @Test
    void the_log_of_another_store_beside_a_backup_is_named() throws IOException {
        Path file = folder.resolve("leprechaun.db");
        Path log = folder.resolve("leprechaun.db-wal");
        String sentence = "; if it is a restored backup, move " + log + " and " + file
                + "-shm away: they belong to the earlier store";
        var faults = new SqliteErrors(file);
        assertThat(faults.damaged("as planned")).doesNotContain(log.toString());
        Files.createFile(log);
        assertThat(faults.damaged("as planned")).doesNotContain(log.toString());
        Files.writeString(log, "of another store");
        assertThat(faults.damaged("as planned")).endsWith(sentence);
    }
}
