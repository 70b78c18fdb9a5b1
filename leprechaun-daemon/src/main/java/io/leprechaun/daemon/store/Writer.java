package io.leprechaun.daemon.store;

import io.leprechaun.daemon.lifecycle.Threads;
import io.leprechaun.daemon.run.StoreException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The only thread that changes the store. It commits everything that waits in one transaction, so that many changes share one flush of the disk. */
final class Writer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Writer.class);
    private static final int BATCH = 1000;

    private final Handle handle;
    private final Changes changes;
    private final LinkedBlockingQueue<Change<?>> waiting = new LinkedBlockingQueue<>();
    private final Thread thread = Threads.platform("store-writer", this::write);
    private volatile boolean closing;
    private volatile boolean ended;

    private Writer(Handle handle) {
        this.handle = handle;
        this.changes = new Changes(handle);
    }

    /** Starts the thread; the handle is its own from now on. */
    static Writer open(Handle handle) {
        var writer = new Writer(handle);
        writer.thread.start();
        return writer;
    }

    /** Asks for a change. The future completes on the writer's thread once the change is on disk: what hangs on it must not block. */
    <T extends @Nullable Object> CompletableFuture<T> change(String what, Function<Changes, T> action) {
        var change = new Change<>(what, action, new CompletableFuture<T>());
        if (closing) {
            change.fail(closed());
        } else {
            waiting.add(change);
            if (ended && waiting.remove(change)) { // the thread looked for the last time before this was there
                change.fail(closed());
            }
        }
        return change.kept;
    }

    /** Asks for a change that nobody waits for; a failure is logged. */
    void soon(String what, Consumer<Changes> action) {
        var unused = this.<@Nullable Void>change(what, changes -> {
                    action.accept(changes);
                    return null;
                })
                .exceptionally(failure -> {
                    LOG.error("not kept: {}", what, failure);
                    return null;
                });
    }

    private static IllegalStateException closed() {
        return new IllegalStateException("the store is closed");
    }

    private void write() {
        writeAll();
        ended = true;
        for (Change<?> late = waiting.poll(); late != null; late = waiting.poll()) {
            late.fail(closed());
        }
    }

    private void writeAll() {
        var batch = new ArrayList<Change<?>>();
        while (!closing || !waiting.isEmpty()) {
            try {
                batch.add(waiting.take());
            } catch (InterruptedException e) {
                continue; // closing: write what waits
            }
            waiting.drainTo(batch, BATCH - 1);
            try {
                commit(batch);
            } catch (RuntimeException | Error e) { // told to those who wait, below; the next batch may go well
                LOG.error("{} changes could not be kept", batch.size(), e);
                batch.forEach(change -> change.fail(e));
            }
            batch.clear();
        }
    }

    private void commit(List<Change<?>> batch) {
        handle.begin();
        try {
            batch.forEach(change -> change.apply(changes));
            handle.commit();
        } catch (RuntimeException | Error e) { // an error too: whoever waits must hear of it, and the next may go well
            rollBack(e);
            if (batch.size() == 1) {
                batch.getFirst().fail(e);
                return;
            }
            LOG.warn("a commit of {} changes failed; trying them one by one", batch.size(), e);
            batch.forEach(change -> commit(List.of(change)));
            return;
        }
        batch.forEach(Change::keep);
    }

    private void rollBack(Throwable failed) {
        try {
            if (handle.isInTransaction()) {
                handle.rollback();
            }
        } catch (RuntimeException e) { // the first failure is the one to tell
            failed.addSuppressed(e);
        }
    }

    /** Writes what waits, for ten seconds at most, and closes the connection. */
    @Override
    public void close() {
        closing = true;
        thread.interrupt();
        try {
            thread.join(Duration.ofSeconds(10));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        handle.close();
    }

    private static final class Change<T extends @Nullable Object> {
        private final String what;
        private final Function<Changes, T> action;
        private final CompletableFuture<T> kept;
        private @Nullable T result;

        Change(String what, Function<Changes, T> action, CompletableFuture<T> kept) {
            this.what = what;
            this.action = action;
            this.kept = kept;
        }

        void apply(Changes changes) {
            result = action.apply(changes);
        }

        @SuppressWarnings("NullAway") // applied before: what the action gave, null where T may be
        void keep() {
            kept.complete(result);
        }

        void fail(Throwable e) {
            kept.completeExceptionally(new StoreException("cannot keep " + what + ": " + e.getMessage(), e));
        }
    }
}
