package io.leprechaun.daemon.store;

import io.leprechaun.daemon.posix.Disk;
import io.leprechaun.daemon.run.StateFiles;
import io.leprechaun.daemon.run.StoreException;
import io.leprechaun.daemon.run.StoreException.Fault;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Properties;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;

/** The file of a store: made where there is none, and never taken for an empty one when it is damaged. */
final class StoreFile {
    /** "Lepr": tells the file from any other SQLite database. */
    static final int APPLICATION_ID = 0x4c657072;

    private static final int APPLICATION_ID_AT = 68;
    /** SQLITE_OPEN_READONLY. */
    private static final String READ_ONLY = "1";
    /** The same with SQLITE_OPEN_URI. Of a file that nobody can write SQLite needs no index then, for which there is no room on a file system that is read-only. */
    private static final String READ_ONLY_URI = "65";
    /** SQLITE_OPEN_READWRITE. */
    private static final String READ_WRITE = "2";

    /** A file up to this size is looked through before the start goes on, a larger one meanwhile. */
    private static final long SMALL = 8 << 20;

    private final Path path;
    private final Faults faults;
    private final Jdbi jdbi;

    private StoreFile(Path path, String url, Properties settings) {
        this.path = path;
        this.faults = new Faults(path);
        this.jdbi = Jdbi.create(url, settings);
    }

    /** The file of that name, which has to be there before it is {@linkplain #open opened}. */
    static StoreFile at(Path path) throws IOException {
        if (!Files.exists(path)) {
            create(path);
        }
        var settings = pragmas();
        settings.setProperty("open_mode", READ_WRITE); // and never made: a path without a store is no empty one
        return new StoreFile(path, url(path), settings);
    }

    /**
     * A file that is only read, while a daemon writes it or while none does.
     *
     * @throws StoreException if there is none, or it may not be read
     */
    static StoreFile toRead(Path path) {
        if (!Files.isReadable(path)) {
            throw new StoreException(
                    Files.exists(path)
                            ? "the store " + path + " may not be read by this user"
                            : "there is no store " + path);
        }
        var settings = pragmas();
        boolean still = isStill(path);
        settings.setProperty("open_mode", still ? READ_ONLY_URI : READ_ONLY);
        return new StoreFile(path, still ? "jdbc:sqlite:" + path.toUri() + "?immutable=1" : url(path), settings);
    }

    /** Whether nobody can write it, and all of it is in the file. */
    private static boolean isStill(Path path) {
        try {
            return Files.getFileStore(path).isReadOnly() && !isInUse(path);
        } catch (IOException e) {
            return false; // the opening tells why
        }
    }

    /** Whether the log holds what is not in the file yet. */
    static boolean isInUse(Path path) throws IOException {
        return Files.exists(log(path)) && Files.size(log(path)) > 0;
    }

    /**
     * A connection that only reads.
     *
     * @throws StoreException if the store is none of ours, of another schema than this version's, or damaged
     */
    Handle openToRead() throws IOException {
        boolean damaged = WriteAheadLog.isDamaged(log(path));
        if (damaged) {
            damaged = WriteAheadLog.isDamaged(log(path)); // the first look may have met somebody who writes
        }
        if (damaged) {
            throw damagedLog();
        }
        Handle handle = toRead();
        try {
            verify(handle);
            int version = Migrations.version(handle);
            if (version != Migrations.NEWEST) {
                throw new StoreException("the store " + path + " is of schema " + version + ", and this version reads "
                        + Migrations.NEWEST
                        + (version < Migrations.NEWEST
                                ? ": start its daemon once, which brings it up to date"
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
            return jdbi.open();
        } catch (JdbiException e) {
            throw faults.isNotOpened(e)
                    ? new StoreException(
                            Fault.FAILED,
                            "the log of " + path
                                    + " is read with an index beside it, and this user cannot make one: ask as the user"
                                    + " of the store or root, or copy the store and its log to a folder of your own",
                            e)
                    : e;
        }
    }

    private StoreException damagedLog() {
        return new StoreException(
                Fault.DAMAGED, faults.damaged("its log " + log(path) + " is broken before its end"), null);
    }

    Faults faults() {
        return faults;
    }

    Jdbi jdbi() {
        return jdbi;
    }

    /**
     * A connection to the store, which is of this version's schema then.
     *
     * @throws StoreException if it is none of ours, of a newer version, or damaged
     */
    Handle open() throws IOException {
        if (WriteAheadLog.isDamaged(log(path))) {
            throw damagedLog();
        }
        Handle handle = jdbi.open();
        try {
            verify(handle);
            handle.execute("pragma journal_mode = wal");
            Migrations.run(handle, path);
            Disk.flush(folder(path)); // the name of the log: SQLite does so too, and does not look whether it went well
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
            throw new StoreException(path + " is no store of Leprechaun, or its beginning is damaged: restore a backup,"
                    + " or move it away to begin with an empty history" + faults.leftLog());
        }
        if (Migrations.version(handle) == 0) { // a store gets its name when it has its tables
            throw new StoreException(Fault.DAMAGED, faults.damaged("it has no tables"), null);
        }
    }

    /** Adds the files of an opened store to those that have to stay in place. Without its index, other programs would take the log for one that nobody uses. */
    void pin(StateFiles files) throws IOException {
        files.pinStore(path, log(path));
        files.pin(index(path));
    }

    /** Whether it can be looked through at once. */
    boolean isSmall() throws IOException {
        return Files.size(path) <= SMALL;
    }

    /**
     * Looks through all of it.
     *
     * @throws StoreException if something is not as it should be
     */
    void inspect() {
        jdbi.useHandle(handle -> {
            String found = handle.createQuery("pragma integrity_check(1)")
                    .mapTo(String.class)
                    .first();
            if (!found.equals("ok")) {
                throw new StoreException(Fault.DAMAGED, faults.damaged(found.replace("\n", ", ")), null);
            }
        });
    }

    /** Under another name until it is whole and on disk: a file of the store's name is a store, or was one. */
    private static void create(Path path) throws IOException {
        if (isInUse(path)) {
            throw new StoreException(
                    Fault.DAMAGED,
                    path + " is gone, but its log " + log(path) + " is there: restore"
                            + " both, or move the log away to begin with an empty history",
                    null);
        }
        Path made = path.resolveSibling(path.getFileName() + ".new");
        Files.deleteIfExists(made);
        Files.deleteIfExists(log(path));
        Files.deleteIfExists(index(path));
        Files.createFile(made, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Jdbi.create(url(made))
                .useHandle(
                        handle -> { // nobody knows it yet: it is flushed once, when it is whole
                            handle.execute("pragma synchronous = off");
                            handle.execute("pragma journal_mode = memory");
                            handle.execute("pragma auto_vacuum = incremental");
                            handle.execute("pragma application_id = " + APPLICATION_ID);
                            Migrations.run(handle, path);
                        });
        Disk.flush(made);
        Files.move(made, path, StandardCopyOption.ATOMIC_MOVE);
        Disk.flush(folder(path)); // else the name may be gone with the power
    }

    /** Whether a file is a store, as its header tells. */
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

    /** The shared index of the log. */
    private static Path index(Path path) {
        return path.resolveSibling(path.getFileName() + "-shm");
    }

    private static String url(Path path) {
        return "jdbc:sqlite:" + path;
    }

    private static Properties pragmas() {
        var pragmas = new Properties();
        pragmas.setProperty("synchronous", "FULL");
        pragmas.setProperty("busy_timeout", "10000");
        pragmas.setProperty("transaction_mode", "IMMEDIATE");
        return pragmas;
    }
}
