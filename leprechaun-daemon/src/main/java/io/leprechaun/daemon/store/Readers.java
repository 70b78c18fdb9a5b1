package io.leprechaun.daemon.store;

import io.leprechaun.daemon.history.StoreException;
import io.leprechaun.daemon.history.StoreException.StoreFault;
import io.leprechaun.daemon.lifecycle.Pool;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The readers of the store, on platform threads: the native calls would pin the carrier of a virtual one. */
final class Readers {
    private static final Logger LOG = LoggerFactory.getLogger(Readers.class);
    private static final int THREADS = 2;
    private static final Duration CLOSE = Duration.ofSeconds(10);

    private final Pool threads = Pool.open("store-reader", THREADS);
    private final LinkedBlockingQueue<Handle> handles = new LinkedBlockingQueue<>();
    private final SqliteErrors faults;
    private final Supplier<Optional<StoreException>> failure;

    private Readers(SqliteErrors faults, Supplier<Optional<StoreException>> failure) {
        this.faults = faults;
        this.failure = failure;
    }

    /** @param failure the reason why nothing is written any more, if any: a damaged store is not read either */
    static Readers open(Jdbi jdbi, SqliteErrors faults, Supplier<Optional<StoreException>> failure) {
        var readers = new Readers(faults, failure);
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
        failure.get().filter(why -> why.fault() == StoreFault.DAMAGED).ifPresent(why -> {
            throw why;
        });
        try {
            return CompletableFuture.supplyAsync(() -> withHandle(action), threads)
                    .join();
        } catch (CompletionException e) {
            throw faults.of("cannot read the store", Objects.requireNonNullElse(e.getCause(), e));
        } catch (RejectedExecutionException e) {
            throw new StoreException("cannot read the store: it is closed", e);
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

    /**
     * Waits for current reads, ten seconds at most.
     *
     * @param release whether to close the connections, too
     */
    void close(boolean release) {
        try {
            if (!threads.close(CLOSE)) {
                LOG.warn("the store is still being read after {} s", CLOSE.toSeconds());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (release) {
            handles.forEach(Handle::close);
        }
    }
}
