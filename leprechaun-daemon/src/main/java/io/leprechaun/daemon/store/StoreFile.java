package io.leprechaun.daemon.store;

import io.leprechaun.daemon.history.StoreException;
import io.leprechaun.daemon.history.StoreException.StoreFault;
import io.leprechaun.daemon.lifecycle.StateFiles;
import io.leprechaun.daemon.posix.Disk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Properties;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;

/** The file of a store: created if there is none, and never mistaken for an empty one when it is damaged. */
final class StoreFile {
    /** "Lepr": distinguishes the file from any other SQLite database. */
    static final int APPLICATION_ID = 0x4c657072;

    private static final int APPLICATION_ID_AT = 68;
    /** SQLITE_OPEN_READONLY. */
    private static final String READ_ONLY = "1";
    /**
     * SQLITE_OPEN_READONLY with SQLITE_OPEN_URI. For a file that no process can write SQLite then needs no index, which
     * could not be created on a read-only file system.
     */
    private static final String READ_ONLY_URI = "65";
    /** SQLITE_OPEN_READWRITE. */
    private static final String READ_WRITE = "2";

    /** The largest size of a file that is inspected before the start continues; a larger one is inspected later. */
    private static final long SMALL = 8 << 20;

    private final Path path;
    private final SqliteErrors faults;
    private final Jdbi jdbi;
    /** A connection factory without the pragmas, for which SQLite reads the schema. */
    private final Jdbi forgiving;

    private StoreFile(Path path, String url, String mode) {
        this.path = path;
        this.faults = new SqliteErrors(path);
        this.jdbi = Jdbi.create(url, pragmas(mode));
        this.forgiving = Jdbi.create(url, mode(mode));
    }

    /** Returns the file of that name, created if absent, so that it exists before it is {@linkplain #open opened}. */
    static StoreFile at(Path path) throws IOException {
        if (!Files.exists(path)) {
            create(path);
        }
        return new StoreFile(path, url(path), READ_WRITE); // SQLite must not create an empty one
    }

    /**
     * Returns a file that is only read, with or without a daemon that writes it.
     *
     * @throws StoreException if there is none, or it may not be read
     */
    static StoreFile toRead(Path path) {
        if (!Files.isReadable(path)) {
            throw new StoreException(
                    Files.exists(path)
                            ? "cannot read the store " + path + ": permission denied"
                            : "there is no store " + path);
        }
        return isStill(path)
                ? new StoreFile(path, "jdbc:sqlite:" + path.toUri() + "?immutable=1", READ_ONLY_URI)
                : new StoreFile(path, url(path), READ_ONLY);
    }

    /** Returns whether no process can write it, and its log is empty. */
    private static boolean isStill(Path path) {
        try {
            return Disk.isReadOnly(path) && !isInUse(path);
        } catch (IOException e) {
            return false; // the opening reports the reason
        }
    }

    /** Returns whether the log holds changes that may not be in the file yet. */
    static boolean isInUse(Path path) throws IOException {
        return Files.exists(log(path)) && Files.size(log(path)) > 0;
    }

    /**
     * Opens a connection that only reads.
     *
     * @throws StoreException if the file is not a store of Leprechaun, has another schema than this version's, or is
     *     damaged
     */
    Handle openToRead() throws IOException {
        boolean damaged = WriteAheadLog.isDamaged(log(path));
        if (damaged) {
            damaged = WriteAheadLog.isDamaged(log(path)); // the first look may have met a writer
        }
        if (damaged) {
            throw damagedLog();
        }
        Handle handle = toRead();
        try {
            verify(handle);
            int version = Migrations.version(handle);
            if (version != Migrations.NEWEST) {
                throw new StoreException("the store " + path + " has schema " + version + ", but this version reads "
                        + Migrations.NEWEST
                        + (version < Migrations.NEWEST
                                ? ": start its daemon once to upgrade it"
                                : ": use the newer version that wrote it"));
            }
            return handle;
        } catch (RuntimeException e) {
            handle.close();
            throw e;
        }
    }

    private Handle toRead() {
        try {
            return connect();
        } catch (JdbiException e) {
            throw faults.isNotOpened(e)
                    ? new StoreException(
                            StoreFault.FAILED,
                            "the log of " + path
                                    + " needs an index beside it, and this user cannot create one: run the command"
                                    + " as the user of the store or root, or copy the store and its log to another"
                                    + " folder",
                            e)
                    : e;
        }
    }

    /** Opens a connection, for which SQLite reads the schema. */
    private Handle connect() {
        try {
            return jdbi.open();
        } catch (JdbiException e) {
            throw faults.isDamage(e) && !isDescribed() ? damagedSchema(SqliteErrors.reason(e)) : e;
        }
    }

    /** Returns whether a damaged file still describes all of its tables to a reader like {@code .dump}. */
    private boolean isDescribed() {
        try (Handle handle = forgiving.open()) {
            handle.execute("pragma writable_schema = on");
            int version = Migrations.version(handle);
            return version <= Migrations.NEWEST && Schema.lost(handle, version).isEmpty();
        } catch (JdbiException e) {
            return false;
        }
    }

    private StoreException damagedSchema(String reason) {
        return new StoreException(StoreFault.DAMAGED, faults.damagedSchema(reason), null);
    }

    private StoreException damagedLog() {
        return new StoreException(
                StoreFault.DAMAGED, faults.damaged("its log " + log(path) + " is broken before its end"), null);
    }

    SqliteErrors faults() {
        return faults;
    }

    Jdbi jdbi() {
        return jdbi;
    }

    /**
     * Opens a connection to the store and migrates it to this version's schema.
     *
     * @throws StoreException if it is not a store of Leprechaun, of a newer version, or damaged
     */
    Handle open() throws IOException {
        if (WriteAheadLog.isDamaged(log(path))) {
            throw damagedLog();
        }
        Handle handle = connect();
        try {
            verify(handle);
            handle.execute("pragma journal_mode = wal");
            Migrations.run(handle, path);
            Disk.flush(folder(path)); // the name of the log: SQLite does so too, but ignores errors
            return handle;
        } catch (RuntimeException | IOException e) {
            handle.close();
            throw e;
        }
    }

    private void verify(Handle handle) {
        int application =
                handle.createQuery("pragma application_id").mapTo(Integer.class).one();
        if (application != APPLICATION_ID) {
            throw new StoreException(path + " is not a store of Leprechaun, or its beginning is damaged: restore a"
                    + " backup, or move it away to start with an empty history" + faults.leftLog());
        }
        int version = Migrations.version(handle);
        if (version <= 0) { // a store gets its file name after its tables
            throw damagedSchema("it has no tables");
        }
        if (version <= Migrations.NEWEST) { // a newer one is refused for its version
            Schema.lost(handle, version).ifPresent(lost -> {
                throw damagedSchema("its schema lacks " + lost);
            });
        }
    }

    /**
     * Adds the files of an opened store to those that must stay in place. Without its index, other programs would take
     * the log for an unused one.
     */
    void pin(StateFiles files) throws IOException {
        files.pinStore(path, log(path));
        files.pin(index(path));
    }

    /** Returns whether the file is small enough to be inspected at once. */
    boolean isSmall() throws IOException {
        return Files.size(path) <= SMALL;
    }

    /**
     * Inspects the whole file.
     *
     * @throws StoreException if it is damaged
     */
    void inspect() {
        jdbi.useHandle(handle -> {
            String found = handle.createQuery("pragma integrity_check(1)")
                    .mapTo(String.class)
                    .first();
            if (!found.equals("ok")) {
                throw new StoreException(StoreFault.DAMAGED, faults.damaged(found.replace("\n", ", ")), null);
            }
        });
    }

    /**
     * Creates a store, under another name until it is complete and on disk: a file of the store's name is a store, or
     * was one.
     */
    private static void create(Path path) throws IOException {
        if (isInUse(path)) {
            throw new StoreException(
                    StoreFault.DAMAGED,
                    path + " is missing, but its log " + log(path) + " exists: restore"
                            + " both, or move the log away to start with an empty history",
                    null);
        }
        Path made = path.resolveSibling(path.getFileName() + ".new");
        Files.deleteIfExists(made);
        Files.deleteIfExists(log(path));
        Files.deleteIfExists(index(path));
        Files.createFile(made, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Jdbi.create(url(made))
                .useHandle(
                        handle -> { // no other process uses it yet: it is flushed once, when complete
                            handle.execute("pragma synchronous = off");
                            handle.execute("pragma journal_mode = memory");
                            handle.execute("pragma auto_vacuum = incremental");
                            handle.execute("pragma application_id = " + APPLICATION_ID);
                            Migrations.run(handle, path);
                            handle.execute(
                                    "insert into store (identity) values (?)",
                                    UUID.randomUUID().toString());
                        });
        Disk.flush(made);
        Files.move(made, path, StandardCopyOption.ATOMIC_MOVE);
        Disk.flush(folder(path)); // else a power failure may lose the name
    }

    /** Returns whether a file is a store, by its header. */
    static boolean isStore(Path file) throws IOException {
        try (var in = Files.newInputStream(file)) {
            var header = ByteBuffer.wrap(in.readNBytes(APPLICATION_ID_AT + Integer.BYTES));
            return header.remaining() == APPLICATION_ID_AT + Integer.BYTES
                    && header.getInt(APPLICATION_ID_AT) == APPLICATION_ID;
        }
    }

    static Path folder(Path path) {
        return path.toAbsolutePath().resolveSibling("");
    }

    private static Path log(Path path) {
        return path.resolveSibling(path.getFileName() + "-wal");
    }

    /** Returns the path of the log's shared index. */
    private static Path index(Path path) {
        return path.resolveSibling(path.getFileName() + "-shm");
    }

    private static String url(Path path) {
        return "jdbc:sqlite:" + path;
    }

    private static Properties pragmas(String mode) {
        var pragmas = mode(mode);
        pragmas.setProperty("synchronous", "FULL");
        pragmas.setProperty("busy_timeout", "10000");
        pragmas.setProperty("transaction_mode", "IMMEDIATE");
        pragmas.setProperty("jdbc.get_generated_keys", "false"); // else each insert and update asks for the last row
        return pragmas;
    }

    private static Properties mode(String mode) {
        var settings = new Properties();
        settings.setProperty("open_mode", mode);
        return settings;
    }
}
