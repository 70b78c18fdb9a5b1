package io.leprechaun.daemon.store;

import io.leprechaun.daemon.history.StoreException;
import io.leprechaun.daemon.history.StoreException.StoreFault;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;

/** Tells what an error of SQLite means for the store, in a sentence that says what to do. */
record SqliteErrors(Path file) {
    /** As SQLite numbers its results. */
    private static final int READONLY = 8;

    private static final int IOERR = 10;
    private static final int CORRUPT = 11;
    private static final int FULL = 13;
    private static final int CANTOPEN = 14;
    private static final int NOTADB = 26;

    /** What came of a change or a look, as an exception whose message begins with what was being done. */
    StoreException of(String doing, Throwable e) {
        Throwable root = root(e);
        if (root instanceof StoreException known && known.fault() != StoreFault.NONE) {
            return new StoreException(known.fault(), doing + ": " + known.getMessage(), e);
        }
        String reason = reason(e);
        return switch (fault(root)) {
            case NONE -> new StoreException(doing + ": " + reason, e);
            case FULL -> new StoreException(StoreFault.FULL, doing + ": " + full(), e);
            case DISPLACED -> displaced(doing, reason);
            case FAILED ->
                new StoreException(
                        StoreFault.FAILED,
                        doing + ": the disk that holds " + file + " fails (" + reason
                                + "); look after the disk, then start the daemon again",
                        e);
            case DAMAGED -> new StoreException(StoreFault.DAMAGED, doing + ": " + damaged(reason), e);
        };
    }

    /** That something is not kept because the files are not in place, for a reason. */
    StoreException displaced(String doing, String reason) {
        return new StoreException(StoreFault.DISPLACED, doing + ": " + reason, null);
    }

    /** That there is no room. */
    String full() {
        return "the disk that holds " + file + " is full; make room, and it goes on by itself";
    }

    /** That what is there is not what was written, and the ways out. */
    String damaged(String reason) {
        return file + " is damaged (" + reason + "): stop the daemon, then restore a backup, or save what can be read"
                + " with `" + saving() + "` and put that in its place, or move it away to begin with an empty history"
                + leftLog();
    }

    /** The same of a file whose schema cannot be read: nothing can be saved of it. */
    String damagedSchema(String reason) {
        return file + " is damaged (" + reason + "): stop the daemon, then restore a backup, or move it away to begin"
                + " with an empty history" + leftLog();
    }

    /** What to do where a backup was put beside the log of what stood there before: restoring it again would change nothing. */
    String leftLog() {
        try {
            return StoreFile.isInUse(file)
                    ? "; if it is a backup that was put in the place of another, move " + file + "-wal and " + file
                            + "-shm away: they belong to the other"
                    : "";
        } catch (IOException e) {
            return "";
        }
    }

    /**
     * A command that saves what can be read. Not {@code .recover}, which finds nothing where sqlite3 was built without it, as in Debian 12; what {@code .dump} does not tell comes
     * after it, and what it would take back at the end of a damaged store is kept.
     */
    private String saving() {
        return "(echo 'pragma auto_vacuum = incremental;'; sqlite3 " + file
                + " .dump | sed 's/^ROLLBACK.*/COMMIT;/'; echo 'pragma application_id = " + StoreFile.APPLICATION_ID
                + "; pragma user_version = " + Migrations.NEWEST + ";') | sqlite3 " + file + ".saved";
    }

    /** A row that is not as it was written. */
    StoreException damagedRow(String what) {
        return new StoreException(
                StoreFault.DAMAGED, damaged("the record of " + what + " is not as it was written"), null);
    }

    private static StoreFault fault(Throwable root) {
        if (!(root instanceof SQLException sql)) {
            return StoreFault.NONE;
        }
        if (String.valueOf(sql.getMessage()).startsWith("[SQLITE_IOERR_SHMSIZE]")) {
            return StoreFault.FULL; // the file of the shared index cannot grow
        }
        return switch (sql.getErrorCode()) {
            case CORRUPT, NOTADB -> StoreFault.DAMAGED;
            case FULL -> StoreFault.FULL;
            case IOERR, READONLY, CANTOPEN -> StoreFault.FAILED;
            default -> StoreFault.NONE;
        };
    }

    /** Whether SQLite found that the file is not as it was written. */
    boolean isDamage(Throwable e) {
        return fault(root(e)) == StoreFault.DAMAGED;
    }

    /** Whether SQLite could not open or make one of its files. */
    boolean isNotOpened(Throwable e) {
        return root(e) instanceof SQLException sql && sql.getErrorCode() == CANTOPEN;
    }

    /** The words of the root of an error. */
    static String reason(Throwable e) {
        return String.valueOf(root(e).getMessage());
    }

    static Throwable root(Throwable e) {
        Throwable root = e;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root;
    }
}
