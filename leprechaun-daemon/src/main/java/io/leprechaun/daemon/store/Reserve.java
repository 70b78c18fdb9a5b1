package io.leprechaun.daemon.store;

import org.jdbi.v3.core.Handle;

/**
 * Room that the store has taken from the disk in advance: pages of its file that are free, and a log that is long already. When somebody else fills the disk, what was accepted can still
 * be started and ended.
 */
final class Reserve {
    /** How many free pages there should be: 4 MiB. */
    static final long PAGES = 1024;

    private static final int PAGE = 4096;

    private Reserve() {}

    /** Takes what is missing; the log is as long then, too. */
    static void fill(Handle handle) {
        handle.useTransaction(
                taking -> taking.execute("insert into reserve (filler) values (zeroblob(" + PAGES * PAGE + "))"));
        var unused = checkpoint(handle);
        handle.useTransaction(freeing -> freeing.execute("delete from reserve"));
    }

    /**
     * Moves what the log holds into the file, as far as nobody reads an older state of it.
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
