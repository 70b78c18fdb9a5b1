package io.leprechaun.daemon.store;

import io.leprechaun.daemon.count.Histogram;
import io.leprechaun.daemon.history.StoreException;
import io.leprechaun.daemon.history.StoreException.StoreFault;
import io.leprechaun.daemon.lifecycle.SelfWatch;
import io.leprechaun.daemon.lifecycle.StateFiles;
import io.leprechaun.daemon.lifecycle.SupervisedThread;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The only thread that changes the store. It commits all waiting changes in one transaction, so that many changes share
 * one flush of the disk. A flush that failed is never repeated: the kernel may have dropped the unwritten data, and
 * would report success the next time. No more changes are written then.
 */
final class Writer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Writer.class);
    private static final int BATCH = 1000;

    private final Handle handle;
    private final Transaction changes;
    private final DiskSpace room;
    private final SqliteErrors faults;
    private final StateFiles files;
    private final LinkedBlockingQueue<Change<?>> waiting = new LinkedBlockingQueue<>();
    private final SupervisedThread thread = SupervisedThread.vital("store-writer", "writes the history", this::write)
            .in(SelfWatch.STORE);
    /** The times of commits that reached the disk. */
    private final Histogram commits =
            new Histogram(0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5);

    private volatile Optional<StoreException> failed = Optional.empty();
    private volatile boolean closing;
    private volatile boolean ended;
    /** True while the disk has too little space. Used by the writer's thread only. */
    private boolean full;

    private Writer(Handle handle, DiskSpace room, SqliteErrors faults, StateFiles files) {
        this.handle = handle;
        this.changes = new Transaction(handle);
        this.room = room;
        this.faults = faults;
        this.files = files;
    }

    /** Starts the thread, which owns the handle from now on. */
    static Writer open(Handle handle, DiskSpace room, SqliteErrors faults, StateFiles files) {
        var writer = new Writer(handle, room, faults, files);
        writer.thread.start();
        return writer;
    }

    /** Returns a writer that refuses all changes, for a store that was opened to be read. */
    static Writer none(Handle handle, DiskSpace room, SqliteErrors faults) {
        var writer = new Writer(handle, room, faults, new StateFiles());
        writer.closing = true;
        return writer;
    }

    /**
     * Requests a change. The future completes on the writer's thread once the change is on disk: dependent actions must
     * not block.
     */
    <T extends @Nullable Object> CompletableFuture<T> change(String what, Function<Transaction, T> action) {
        return add(new Change<>(what, ChangeKind.OLD_WORK, action));
    }

    /**
     * Requests a change that brings new work: refused while there is little space, so that accepted runs can be ended.
     */
    <T extends @Nullable Object> CompletableFuture<T> newWork(String what, Function<Transaction, T> action) {
        return add(new Change<>(what, ChangeKind.NEW_WORK, action));
    }

    /** Requests an action that must run between two commits and has transactions of its own. */
    <T extends @Nullable Object> CompletableFuture<T> aside(String what, Function<Handle, T> action) {
        return add(new Change<>(what, ChangeKind.ASIDE, own -> action.apply(own.handle())));
    }

    /** Takes the reserve, soon. */
    void takeReserve() {
        var unused = add(reserve()).exceptionally(failure -> {
            LOG.warn("no reserve for a full disk: {}", failure.getMessage());
            return null;
        });
    }

    /** Moves the content of a deleted log into the store, soon. */
    void saveLog() {
        if (files.isLogDeleted()) {
            var unused = aside("the contents of the deleted log", Reserve::checkpoint);
        }
    }

    /** Requests a change for which no caller waits; a failure is logged. */
    void soon(String what, Consumer<Transaction> action) {
        var unused = logged(what, action);
    }

    /** Requests a change like {@link #soon}, for a caller that continues when it is on disk, or has failed. */
    CompletableFuture<@Nullable Void> logged(String what, Consumer<Transaction> action) {
        return this.<@Nullable Void>change(what, own -> {
                    action.accept(own);
                    return null;
                })
                .exceptionally(failure -> {
                    LOG.error("not stored: {}", what, failure);
                    return null;
                });
    }

    private <T extends @Nullable Object> CompletableFuture<T> add(Change<T> change) {
        if (closing) {
            change.fail(closed());
        } else {
            waiting.add(change);
            if (ended && waiting.remove(change)) { // the thread had ended its last look before this was added
                change.fail(closed());
            }
        }
        return change.kept;
    }

    private static StoreException closed() {
        return new StoreException("the store is closed");
    }

    /** Returns the reason why nothing is written any more, if any. */
    Optional<StoreException> failure() {
        return failed;
    }

    /** Returns the times of commits. */
    Histogram commits() {
        return commits;
    }

    /** Stops all writing; the first reason stays. */
    synchronized void fail(StoreException why) {
        if (failed.isEmpty()) {
            failed = Optional.of(why);
            LOG.error("the store has failed, read-only until restart: {}", why.getMessage(), why.getCause());
        }
    }

    private boolean write() {
        writeAll();
        ended = true;
        for (Change<?> late = waiting.poll(); late != null; late = waiting.poll()) {
            late.fail(closed());
        }
        return false;
    }

    private void writeAll() {
        var batch = new ArrayList<Change<?>>(BATCH); // as long as it gets: changes that were taken must not be lost
        while (!closing || !waiting.isEmpty()) {
            try {
                batch.add(waiting.take());
            } catch (InterruptedException e) {
                continue; // closing: write the waiting changes
            }
            waiting.drainTo(batch, BATCH - 1);
            thread.busy();
            try {
                keep(batch);
            } catch (RuntimeException | Error e) { // reported to waiting callers below; the next batch may succeed
                LOG.error("{} changes could not be stored", batch.size(), e);
                batch.forEach(change -> change.fail(faults.of("cannot store " + change.what, e)));
            }
            batch.clear();
            thread.idle();
        }
    }

    private void keep(List<Change<?>> batch) {
        Optional<String> displaced = files.displacedLately(); // each commit checks again at its end
        if (displaced.isPresent()) {
            commit(refuseDisplaced(batch, displaced.get()));
        } else if (room.isLow()) {
            becomeFull();
            commit(refuse(batch, change -> full(change.what)));
        } else {
            if (full) {
                full = false;
                LOG.warn("disk space is available again: accepting new work");
                perform(reserve());
            }
            commit(batch);
        }
    }

    private void becomeFull() {
        if (!full) {
            full = true;
            LOG.error("refusing new work: {}", faults.full());
        }
    }

    /** Returns the change that takes the reserve, unless there is too little space. */
    private Change<?> reserve() {
        return new Change<@Nullable Void>("the reserve", ChangeKind.ASIDE, own -> {
            if (!room.isLow()) {
                Reserve.fill(own.handle());
            }
            return null;
        });
    }

    /** Refuses changes that bring new work, and returns the others. */
    private static List<Change<?>> refuse(List<Change<?>> batch, Function<Change<?>, StoreException> why) {
        return refuse(batch, change -> change.kind == ChangeKind.NEW_WORK, why);
    }

    private static List<Change<?>> refuse(
            List<Change<?>> batch, Predicate<Change<?>> which, Function<Change<?>, StoreException> why) {
        var rest = new ArrayList<Change<?>>();
        for (Change<?> change : batch) {
            if (which.test(change)) {
                change.fail(why.apply(change));
            } else {
                rest.add(change);
            }
        }
        return rest;
    }

    /**
     * Refuses changes while files are not in place, and returns the others. Changes of accepted work still go into
     * files that were moved away, and out of a deleted log into the store. Nothing goes into a deleted store.
     */
    private List<Change<?>> refuseDisplaced(List<Change<?>> batch, String reason) {
        boolean lost = files.isStoreDeleted() || files.isLogDeleted() && !Reserve.checkpoint(handle);
        return refuse(
                batch,
                change -> lost || change.kind == ChangeKind.NEW_WORK,
                change -> faults.displaced("cannot store " + change.what, reason));
    }

    private StoreException full(String what) {
        return new StoreException(StoreFault.FULL, "cannot store " + what + ": " + faults.full(), null);
    }

    /** Commits in one transaction all changes between two that have their own. */
    private void commit(List<Change<?>> batch) {
        int from = 0;
        for (int i = 0; i < batch.size(); i++) {
            if (batch.get(i).kind == ChangeKind.ASIDE) {
                commitTogether(batch.subList(from, i));
                perform(batch.get(i));
                from = i + 1;
            }
        }
        commitTogether(batch.subList(from, batch.size()));
    }

    private void perform(Change<?> aside) {
        if (failed.isPresent()) {
            aside.fail(failed.get());
            return;
        }
        try {
            aside.apply(changes);
        } catch (RuntimeException | Error e) {
            rollBack(e);
            aside.fail(noteFault(aside.what, e));
            return;
        }
        aside.keep();
    }

    private void commitTogether(List<Change<?>> batch) {
        if (batch.isEmpty()) {
            return;
        }
        if (failed.isPresent()) {
            StoreException why = failed.get();
            batch.forEach(change -> change.fail(why));
            return;
        }
        long begun = System.nanoTime();
        try {
            handle.begin();
            batch.forEach(change -> change.apply(changes));
            changes.finish();
            handle.commit();
            commits.add(System.nanoTime() - begun);
        } catch (RuntimeException | Error e) { // errors too: waiting callers must get them
            rollBack(e);
            recover(batch, e);
            return;
        }
        Optional<String> displaced = files.displaced(); // changes reported as written must be found by the next start
        (displaced.isPresent() ? refuseDisplaced(batch, displaced.get()) : batch).forEach(Change::keep);
    }

    /** Recovers from a failed commit: changes that cannot be written are refused, the others are tried again. */
    private void recover(List<Change<?>> batch, Throwable e) {
        StoreException why = noteFault(batch.getFirst().what, e);
        if (failed.isPresent()) {
            batch.forEach(change -> change.fail(why));
        } else if (why.fault() == StoreFault.FULL) {
            becomeFull();
            var rest = refuse(batch, change -> full(change.what));
            if (rest.size() < batch.size()) {
                commitTogether(rest);
            } else {
                batch.forEach(change -> change.fail(why));
            }
        } else if (batch.size() == 1) {
            batch.getFirst().fail(why);
        } else {
            LOG.warn("a commit of {} changes failed; retrying them one by one", batch.size(), e);
            batch.forEach(change -> commitTogether(List.of(change)));
        }
    }

    private StoreException noteFault(String what, Throwable e) {
        StoreException why = faults.of("cannot store " + what, e);
        if (why.fault() == StoreFault.FAILED || why.fault() == StoreFault.DAMAGED) {
            fail(why);
        }
        return why;
    }

    private void rollBack(Throwable failure) {
        changes.abandon();
        try {
            if (handle.isInTransaction()) {
                handle.rollback();
            }
        } catch (RuntimeException e) { // the first failure is the one to report
            failure.addSuppressed(e);
        }
    }

    /**
     * Writes the waiting changes, ten seconds at most, and closes the connection. Not that of a store that failed:
     * closing moves the log's content into the file, and repeats the flush that failed. Not while its files are not in
     * place either: closing removes the log by its path, which may be another store's.
     */
    @Override
    public void close() {
        closing = true;
        thread.interrupt();
        try {
            thread.join(Duration.ofSeconds(10));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (mayClose()) {
            handle.close();
        }
    }

    /** @throws StoreException if files are not in place */
    void requireInPlace(String what) {
        files.displaced().ifPresent(reason -> {
            throw faults.displaced("cannot store " + what, reason);
        });
    }

    /** Returns whether connections to the store may be closed. */
    boolean mayClose() {
        return failed.isEmpty() && files.displaced().isEmpty();
    }

    private enum ChangeKind {
        NEW_WORK,
        OLD_WORK,
        ASIDE
    }

    private static final class Change<T extends @Nullable Object> {
        private final String what;
        private final ChangeKind kind;
        private final Function<Transaction, T> action;
        private final CompletableFuture<T> kept = new CompletableFuture<>();
        private @Nullable T result;

        Change(String what, ChangeKind kind, Function<Transaction, T> action) {
            this.what = what;
            this.kind = kind;
            this.action = action;
        }

        void apply(Transaction changes) {
            result = action.apply(changes);
        }

        @SuppressWarnings("NullAway") // applied before: the result of the action, null where T may be
        void keep() {
            kept.complete(result);
        }

        void fail(StoreException why) {
            kept.completeExceptionally(why);
        }
    }
}
