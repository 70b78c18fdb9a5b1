package io.leprechaun.daemon.recipe;

import io.leprechaun.daemon.lifecycle.Threads;
import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at the recipes folder when the system hints at a change, when asked, and every 30 seconds anyway: links, network folders and a folder made anew
 * give no hint. Thread-safe. The listener is told by one thread at a time.
 */
public final class RecipeWatcher implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RecipeWatcher.class);
    private static final Duration ANYWAY = Duration.ofSeconds(30);
    private static final Duration QUIET = Duration.ofMillis(300);
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final Duration CLOSE = Duration.ofSeconds(5);
    private static final Duration ANSWER = Duration.ofSeconds(30);

    /** The thread's own. */
    private final RecipeFolder folder;

    private final Duration anyway;
    private final Thread thread = Threads.platform("recipes", this::run);
    private final CompletableFuture<RecipeBook> first = new CompletableFuture<>();
    private final CompletableFuture<Consumer<RecipeBook>> listener = new CompletableFuture<>();
    private final BlockingQueue<Request> requests = new LinkedBlockingQueue<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile @Nullable RecipeBook book;

    private @Nullable WatchService hints;
    private @Nullable WatchKey watched;
    private @Nullable Object watchedFolder;

    /** Why to look at the folder. */
    private sealed interface Request {
        /** The system says that something changed. */
        record Hint() implements Request {}

        /** Somebody asked, and waits. */
        record Rescan(CompletableFuture<RecipeBook> answer) implements Request {}
    }

    private RecipeWatcher(RecipeFolder folder, Duration anyway) {
        this.folder = folder;
        this.anyway = anyway;
    }

    /** Begins to read a folder in a thread of its own, to which the folder belongs from now on: hundreds of recipes take as long as all else that a daemon begins with. */
    public static RecipeWatcher open(RecipeFolder folder) {
        return open(folder, ANYWAY);
    }

    static RecipeWatcher open(RecipeFolder folder, Duration anyway) {
        var watcher = new RecipeWatcher(folder, anyway);
        watcher.thread.start();
        return watcher;
    }

    /**
     * Waits until the folder was read, and tells the first book. Called once.
     *
     * @param listener told every book that differs from the one before; must not take long
     */
    public RecipeBook start(Consumer<RecipeBook> listener) throws InterruptedException {
        try {
            RecipeBook read = first.get();
            book = read;
            listener.accept(read);
            this.listener.complete(listener);
            return read;
        } catch (ExecutionException e) {
            throw new IllegalStateException("the recipes folder " + folder.path() + " could not be read", e.getCause());
        }
    }

    /** The latest book. */
    public RecipeBook book() {
        RecipeBook latest = book;
        if (latest == null) {
            throw new IllegalStateException("the watcher has not been started");
        }
        return latest;
    }

    /** Looks now; when it returns, the listener has been told. Answers the latest book when the watcher is closed, or busy for 30 seconds. */
    public RecipeBook rescanNow() throws InterruptedException {
        var rescan = new Request.Rescan(new CompletableFuture<>());
        requests.add(rescan);
        if (closed.getCount() == 0) {
            return book();
        }
        try {
            return rescan.answer().get(ANSWER.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            return book();
        }
    }

    /** Ends the thread, in 5 seconds at most. */
    @Override
    public void close() {
        closed.countDown();
        requests.add(new Request.Hint());
        listener.cancel(false);
        try {
            thread.join(CLOSE);
            if (hints != null) {
                hints.close();
            }
        } catch (IOException e) {
            LOG.debug("the watch on {} did not close", folder.path(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        requests.forEach(this::answer);
    }

    private void run() {
        try {
            watch();
            first.complete(folder.settled(closed));
        } catch (InterruptedException | RuntimeException | Error e) { // an error too: somebody waits for it
            first.completeExceptionally(e);
            return;
        }
        try {
            loop(listener.join());
        } catch (CancellationException e) {
            LOG.trace("closed before it was started");
        }
    }

    private void loop(Consumer<RecipeBook> listener) {
        while (closed.getCount() > 0) {
            List<Request> asked = List.of();
            try {
                Request first = requests.poll(anyway.toMillis(), TimeUnit.MILLISECONDS);
                asked = first instanceof Request.Hint
                        ? untilQuiet()
                        : Stream.ofNullable(first).toList();
                watch();
                publish(folder.settled(closed), listener);
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException e) { // one bad look is not the last one
                LOG.error("the recipes folder {} could not be looked at", folder.path(), e);
            } finally {
                asked.forEach(this::answer);
            }
        }
    }

    private void answer(Request request) {
        if (request instanceof Request.Rescan rescan) {
            rescan.answer().complete(book());
        }
    }

    /** Waits until nothing is hinted at for a moment, or somebody asks, or patience ends. */
    private List<Request> untilQuiet() throws InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < end) {
            Request next = requests.poll(QUIET.toMillis(), TimeUnit.MILLISECONDS);
            if (next == null || closed.getCount() == 0) {
                return List.of();
            }
            if (next instanceof Request.Rescan) {
                return List.of(next);
            }
        }
        return List.of();
    }

    private void publish(RecipeBook next, Consumer<RecipeBook> listener) {
        if (!next.equals(book)) {
            book = next;
            listener.accept(next);
        }
    }

    /** Asks for hints. A folder that was made anew is another one, although its path is the same. */
    private void watch() {
        try {
            Object now = Files.exists(folder.path())
                    ? Files.readAttributes(folder.path(), BasicFileAttributes.class)
                            .fileKey()
                    : null;
            if (now == null || now.equals(watchedFolder)) {
                return;
            }
            if (hints == null) {
                hints = FileSystems.getDefault().newWatchService();
                WatchService source = hints;
                Threads.platform("recipes-hints", () -> takeHints(source)).start();
            }
            if (watched != null) {
                watched.cancel();
            }
            watched = folder.path()
                    .register(
                            hints,
                            StandardWatchEventKinds.ENTRY_CREATE,
                            StandardWatchEventKinds.ENTRY_MODIFY,
                            StandardWatchEventKinds.ENTRY_DELETE);
            watchedFolder = now;
        } catch (IOException | ClosedWatchServiceException e) {
            LOG.debug("no hints for {}: it is looked at every {} s", folder.path(), anyway.toSeconds(), e);
        }
    }

    private void takeHints(WatchService source) {
        try {
            while (true) {
                WatchKey key = source.take();
                key.pollEvents();
                key.reset();
                requests.add(new Request.Hint());
            }
        } catch (ClosedWatchServiceException | InterruptedException e) {
            LOG.trace("no more hints"); // the watcher is closed
        }
    }
}
