package io.leprechaun.daemon.store;

import io.leprechaun.daemon.lifecycle.Threads;
import io.leprechaun.daemon.run.StoreException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/** Reads the store on platform threads: the native calls would hold the carrier of a virtual one. */
final class Readers implements AutoCloseable {
    private static final int THREADS = 2;

    private final ExecutorService threads = Threads.pool("store-reader", THREADS);
    private final LinkedBlockingQueue<Handle> handles = new LinkedBlockingQueue<>();

    private Readers() {}

    static Readers open(Jdbi jdbi) {
        var readers = new Readers();
        for (int i = 0; i < THREADS; i++) {
            readers.handles.add(jdbi.open());
        }
        return readers;
    }

    /**
     * Reads, blocking the caller.
     *
     * @throws StoreException if it cannot be read
     */
    <T> T read(Function<Handle, T> action) {
        try {
            return CompletableFuture.supplyAsync(() -> withHandle(action), threads)
                    .join();
        } catch (CompletionException e) {
            throw new StoreException("cannot read the store: " + e.getMessage(), e.getCause());
        }
    }

    private <T> T withHandle(Function<Handle, T> action) {
        Handle handle = handles.remove(); // as many as threads
        try {
            return action.apply(handle);
        } finally {
            handles.add(handle);
        }
    }

    @Override
    public void close() {
        threads.shutdown();
        handles.forEach(Handle::close);
    }
}
