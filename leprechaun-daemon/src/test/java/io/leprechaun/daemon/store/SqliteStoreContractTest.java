package io.leprechaun.daemon.store;

import io.leprechaun.daemon.history.Archive;
import io.leprechaun.daemon.history.ArchiveContract;
import io.leprechaun.daemon.history.ClockLogContract;
import io.leprechaun.daemon.history.DeliveriesContract;
import io.leprechaun.daemon.history.LedgerContract;
import io.leprechaun.daemon.history.NoticesContract;
import io.leprechaun.daemon.history.OutboxContract;
import io.leprechaun.daemon.history.RunStore;
import io.leprechaun.daemon.history.RunStoreContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(180)
class SqliteStoreContractTest
        implements RunStoreContract,
                LedgerContract,
                OutboxContract,
                NoticesContract,
                DeliveriesContract,
                ClockLogContract,
                ArchiveContract {
    @TempDir
    private static Path made;

    @TempDir
    private Path folder;

    private SqliteStore store;
    private final List<SqliteStore> others = new ArrayList<>();

    private static Path empty() {
        return made.resolve("empty.db");
    }

    @BeforeAll
    static void make() {
        SqliteStore.open(empty()).close();
    }

    /** Copies the empty store for each test: to make one takes longer than most tests. */
    @BeforeEach
    void open() throws IOException {
        Files.copy(empty(), file());
        store = SqliteStore.open(file());
    }

    @AfterEach
    void close() {
        store.close();
        others.forEach(SqliteStore::close);
    }

    private Path file() {
        return folder.resolve("leprechaun.db");
    }

    @Override
    public RunStore store() {
        return store;
    }

    @Override
    public Archive archive() {
        return store.archive();
    }

    @Override
    public void reopen() {
        store.close();
        store = SqliteStore.open(file());
    }

    @Override
    public RunStore another() {
        var other = SqliteStore.open(folder.resolve("other.db"));
        others.add(other);
        return other;
    }
}
