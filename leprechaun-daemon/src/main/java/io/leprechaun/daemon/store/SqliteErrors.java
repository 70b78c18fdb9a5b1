package io.leprechaun.daemon.store;

import io.leprechaun.daemon.history.StoreException;
import io.leprechaun.daemon.history.StoreException.StoreFault;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;

/** The meaning of SQLite's errors for the store, in sentences with the remedy. */
record SqliteErrors(Path file) {
    /** The result codes of SQLite. */
    private static final int READONLY = 8;

    private static final int IOERR = 10;
    private static final int CORRUPT = 11;
    private static final int FULL = 13;
    private static final int CANTOPEN = 14;
    private static final int NOTADB = 26;

    /** Returns the exception for a failed change or read; its message begins with the operation. */
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
                                + "); check the disk, then restart the daemon",
                        e);
            case DAMAGED -> new StoreException(StoreFault.DAMAGED, doing + ": " + damaged(reason), e);
        };
    }

    /** Returns the exception for a change that is refused because the files are not in place, for a reason. */
    StoreException displaced(String doing, String reason) {
        return new StoreException(StoreFault.DISPLACED, doing + ": " + reason, null);
    }

    /** Returns the message for a full disk. */
    String full() {
        return "the disk that holds " + file + " is full; free some space, and the daemon resumes by itself";
    }

    /** Returns the message for a damaged store, with the remedies. */
    String damaged(String reason) {
        return file + " is damaged (" + reason + "): stop the daemon and restore a backup; or save the readable part"
                + " with `" + saving()
                + "`, and move the saved file into its place; or move it away to start with an empty history"
                + leftLog();
    }

    /** Returns the message for a file whose schema cannot be read: no data can be saved from it. */
    String damagedSchema(String reason) {
        return file + " is damaged (" + reason + "): stop the daemon, then restore a backup, or move it away to start"
                + " with an empty history" + leftLog();
    }

    /**
     * Returns the remedy where a restored backup lies beside the log of the earlier store: restoring it again would
     * change nothing.
     */
    String leftLog() {
        try {
            return StoreFile.isInUse(file)
                    ? "; if it is a restored backup, move " + file + "-wal and " + file
                            + "-shm away: they belong to the earlier store"
                    : "";
        } catch (IOException e) {
            return "";
        }
    }

    /**
     * Returns a command that saves all readable data. Not {@code .recover}, which fails where sqlite3 was built without
     * it, as in Debian 12. Settings that {@code .dump} leaves out come after it, and its rollback at the end of a
     * damaged store is replaced by a commit.
     */
    private String saving() {
        return "(echo 'pragma auto_vacuum = incremental;'; sqlite3 " + file
                + " .dump | sed 's/^ROLLBACK.*/COMMIT;/'; echo 'pragma application_id = " + StoreFile.APPLICATION_ID
                + "; pragma user_version = " + Migrations.NEWEST + ";') | sqlite3 " + file + ".saved";
    }

    /** Returns the exception for a row that is not as it was written. */
    StoreException damagedRow(String what) {
        return new StoreException(
                StoreFault.DAMAGED, damaged("the record of " + what + " does not match its checksum"), null);
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

    /** Returns whether SQLite found that the file is not as it was written. */
    boolean isDamage(Throwable e) {
        return fault(root(e)) == StoreFault.DAMAGED;
    }

    /** Returns whether SQLite could not open or create one of its files. */
    boolean isNotOpened(Throwable e) {
        return root(e) instanceof SQLException sql && sql.getErrorCode() == CANTOPEN;
    }

    /** Returns the message of an error's root cause. */
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
