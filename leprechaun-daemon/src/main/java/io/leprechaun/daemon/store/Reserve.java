package io.leprechaun.daemon.store;

import org.jdbi.v3.core.Handle;

/**
 * The space that the store has taken from the disk in advance: free pages of its file, and a log that is long already.
 * When another process fills the disk, accepted runs can still be started and ended.
 */
final class Reserve {
    /** The number of free pages in the reserve: 4 MiB. */
    static final long PAGES = 1024;

    private static final int PAGE = 4096;

    private Reserve() {}

    /** Takes the reserve; the log is as long then, too. */
    static void fill(Handle handle) {
        handle.useTransaction(
                taking -> taking.execute("insert into reserve (filler) values (zeroblob(" + PAGES * PAGE + "))"));
        var unused = checkpoint(handle);
        handle.useTransaction(freeing -> freeing.execute("delete from reserve"));
    }

    /**
     * Moves the content of the log into the file, except where a reader still uses an older state of it.
     *
     * @return whether all of it was moved
     */
    static boolean checkpoint(Handle handle) {
        return handle.createQuery("pragma wal_checkpoint(passive)")
                .map((row, context) -> row.getInt("log") == row.getInt("checkpointed"))
                .one();
    }

    static long freePages(Handle handle) {
        return handle.createQuery("pragma freelist_count").mapTo(Long.class).one();
    }

    static long freeBytes(Handle handle) {
        return freePages(handle) * PAGE;
    }
}
