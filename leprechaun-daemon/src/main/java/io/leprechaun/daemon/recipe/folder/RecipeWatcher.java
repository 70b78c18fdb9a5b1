package io.leprechaun.daemon.recipe.folder;

import io.leprechaun.daemon.lifecycle.SelfWatch;
import io.leprechaun.daemon.lifecycle.SupervisedThread;
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
import java.util.Optional;
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
 * The watcher of the recipes folder. It looks when the system hints at a change, on request, and at least every 30
 * seconds: links, network folders and a folder that was created again give no hint. Thread-safe. One thread at a time
 * calls the listener.
 */
public final class RecipeWatcher implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RecipeWatcher.class);
    private static final Duration ANYWAY = Duration.ofSeconds(30);
    private static final Duration QUIET = Duration.ofMillis(300);
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final Duration CLOSE = Duration.ofSeconds(5);
    private static final Duration ANSWER = Duration.ofSeconds(30);
    /** The time from a failed look to the next one. */
    private static final Duration AGAIN = Duration.ofSeconds(1);

    /** Owned by the thread. */
    private final RecipeFolder folder;

    private final Duration anyway;
    private final Duration patience;
    private final SupervisedThread thread =
            SupervisedThread.of("recipes", "reads changed recipes", this::turn).in(SelfWatch.WATCHER);
    private final CompletableFuture<RecipeBook> first = new CompletableFuture<>();
    private final CompletableFuture<Consumer<RecipeBook>> listener = new CompletableFuture<>();
    private final BlockingQueue<Request> requests = new LinkedBlockingQueue<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile @Nullable RecipeBook book;
    /** The reason why the last look failed. */
    private volatile Optional<String> failure = Optional.empty();

    private volatile @Nullable WatchService hints;
    private volatile @Nullable SupervisedThread hearing;
    /** Owned by the thread, like the next two. */
    private @Nullable WatchKey watched;

    private @Nullable Object watchedFolder;
    private boolean unwatched;

    /** A reason to look at the folder. */
    private sealed interface Request {
        /** A hint of the system at a change. */
        record Hint() implements Request {}

        /**
         * A caller's request, for which the caller waits.
         *
         * @param confirm whether an empty folder is accepted as empty
         */
        record Rescan(CompletableFuture<RecipeBook> answer, boolean confirm) implements Request {}
    }

    /** The failure to read the recipes again; the message states the reason, and the book stays as it was. */
    public static final class NotReadException extends Exception {
        private static final long serialVersionUID = 1;

        private final boolean late;

        NotReadException(String message, boolean late) {
            super(message);
            this.late = late;
        }

        /** Returns whether the recipes may still be read: the caller's wait was over. */
        public boolean isLate() {
            return late;
        }
    }

    private RecipeWatcher(RecipeFolder folder, Duration anyway, Duration patience) {
        this.folder = folder;
        this.anyway = anyway;
        this.patience = patience;
    }

    /**
     * Begins to read a folder in a thread of its own, which owns the folder from now on: hundreds of recipes take as
     * long as the rest of the daemon's start.
     */
    public static RecipeWatcher open(RecipeFolder folder) {
        return open(folder, ANYWAY, ANSWER);
    }

    /** @param patience the longest time that a caller waits for a rescan */
    static RecipeWatcher open(RecipeFolder folder, Duration anyway, Duration patience) {
        var watcher = new RecipeWatcher(folder, anyway, patience);
        watcher.thread.start();
        return watcher;
    }

    /**
     * Waits until the folder was read, and returns the first book. Called once. A folder that cannot be read makes an
     * empty book with a warning.
     *
     * @param expected whether an earlier daemon knew recipes: then an empty folder makes a warning, too
     * @param listener the receiver of every book that differs from the one before; must not take long
     */
    public RecipeBook start(boolean expected, Consumer<RecipeBook> listener) throws InterruptedException {
        try {
            RecipeBook read = expected ? folder.expect(first.get()) : first.get(); // the thread waits for the listener
            book = read;
            listener.accept(read);
            this.listener.complete(listener);
            return read;
        } catch (ExecutionException e) {
            throw new IllegalStateException("cannot read the recipes folder " + folder.path(), e.getCause());
        }
    }

    /** Returns the reason why recipes are not in force as they are in the folder, in a sentence; empty: they are. */
    public Optional<String> fault() {
        return failure.or(() -> Optional.ofNullable(book).flatMap(RecipeBook::warning));
    }

    /** Returns the latest book. */
    public RecipeBook book() {
        RecipeBook latest = book;
        if (latest == null) {
            throw new IllegalStateException("the watcher has not been started");
        }
        return latest;
    }

    /**
     * Looks now; when it returns, the listener has received the book. Returns the latest book when the watcher is
     * closed.
     *
     * @param confirm whether an empty folder that should not be empty removes its recipes
     * @throws NotReadException when the look fails, or takes longer than 30 seconds
     */
    public RecipeBook rescanNow(boolean confirm) throws InterruptedException, NotReadException {
        var rescan = new Request.Rescan(new CompletableFuture<>(), confirm);
        requests.add(rescan);
        if (closed.getCount() == 0) {
            return book();
        }
        try {
            return rescan.answer().get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new NotReadException(
                    "the recipes folder " + folder.path() + " was not read within " + patience.toSeconds()
                            + " s: the reading continues, and the recipes stay as they were until it ends",
                    true);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof NotReadException why) {
                throw why;
            }
            throw new IllegalStateException(e);
        }
    }

    /** Ends the thread, in 5 seconds at most. */
    @Override
    public void close() {
        closed.countDown();
        thread.closing();
        requests.add(new Request.Hint());
        listener.cancel(false);
        try {
            thread.join(CLOSE);
            SupervisedThread heard = hearing;
            WatchService source = hints;
            if (heard != null) {
                heard.closing();
            }
            if (source != null) {
                source.close();
            }
        } catch (IOException e) {
            LOG.debug("the watch on {} did not close", folder.path(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        requests.forEach(request -> answer(request, Optional.empty()));
    }

    private boolean turn() throws InterruptedException {
        if (!first.isDone()) {
            thread.busy();
            first.complete(firstLook());
            return closed.getCount() > 0;
        }
        try {
            Consumer<RecipeBook> told = listener.join();
            lookAgain(told);
            return closed.getCount() > 0;
        } catch (CancellationException e) {
            LOG.trace("closed before it was started");
            return false;
        }
    }

    /**
     * Looks for the first time, while the start of the daemon waits. An error that does not belong to one file alone
     * leaves an empty book.
     */
    private RecipeBook firstLook() throws InterruptedException {
        try {
            watch();
            return folder.settled(closed);
        } catch (RuntimeException | Error e) {
            String why = fail(e);
            return new RecipeBook(folder.path(), List.of(), Optional.of(why));
        }
    }

    private void lookAgain(Consumer<RecipeBook> told) throws InterruptedException {
        Duration wait = failure.isPresent() && AGAIN.compareTo(anyway) < 0 ? AGAIN : anyway;
        Request request = requests.poll(wait.toMillis(), TimeUnit.MILLISECONDS);
        thread.busy();
        List<Request> asked = request instanceof Request.Hint
                ? untilQuiet()
                : Stream.ofNullable(request).toList();
        Optional<String> failed = Optional.of("reading the recipes was interrupted");
        try {
            watch();
            if (asked.stream().anyMatch(each -> each instanceof Request.Rescan rescan && rescan.confirm())) {
                folder.confirm();
            }
            publish(folder.settled(closed), told);
            failure = Optional.empty();
            failed = Optional.empty();
        } catch (RuntimeException | Error e) { // a failed look is not the last one
            failed = Optional.of(fail(e));
        } finally {
            for (Request each : asked) {
                answer(each, failed);
            }
        }
    }

    /** Notes that a look has failed, and returns the sentence about it. */
    private String fail(Throwable e) {
        String why = "cannot read the recipes folder " + folder.path() + " ("
                + e.getClass().getName() + "): the recipes stay as they were; see the daemon's log";
        if (failure.isEmpty()) {
            LOG.error("cannot read the recipes folder {}; retrying each second", folder.path(), e);
        }
        failure = Optional.of(why);
        return why;
    }

    private void answer(Request request, Optional<String> failed) {
        if (request instanceof Request.Rescan rescan) {
            failed.ifPresentOrElse(
                    why -> rescan.answer().completeExceptionally(new NotReadException(why, false)),
                    () -> rescan.answer().complete(book()));
        }
    }

    /** Waits until there is no hint for a moment, or a caller asks, or patience ends. */
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

    /**
     * Passes a book that differs to the listener. After a failure of the listener, the next look passes the book again.
     */
    private void publish(RecipeBook next, Consumer<RecipeBook> listener) {
        if (!next.equals(book) || failure.isPresent()) {
            book = next;
            listener.accept(next);
        }
    }

    /**
     * Asks for hints. A folder that was created again is another one, although its path is the same. Without system
     * resources for hints, the folder is looked at regularly.
     */
    private void watch() {
        try {
            Object now = Files.exists(folder.path())
                    ? Files.readAttributes(folder.path(), BasicFileAttributes.class)
                            .fileKey()
                    : null;
            if (now == null || now.equals(watchedFolder)) {
                return;
            }
            WatchService source = hints;
            if (source == null) {
                source = FileSystems.getDefault().newWatchService();
                hints = source;
            }
            if (hearing == null) {
                hear(source);
            }
            if (watched != null) {
                watched.cancel();
            }
            watched = folder.path()
                    .register(
                            source,
                            StandardWatchEventKinds.ENTRY_CREATE,
                            StandardWatchEventKinds.ENTRY_MODIFY,
                            StandardWatchEventKinds.ENTRY_DELETE);
            watchedFolder = now;
            unwatched = false;
        } catch (IOException | ClosedWatchServiceException | OutOfMemoryError e) {
            if (!unwatched && closed.getCount() > 0) {
                unwatched = true;
                LOG.warn(
                        "no change events for {} ({}): reading it every {} s; raise fs.inotify.max_user_instances or"
                                + " the limits of processes and open files",
                        folder.path(),
                        e.getMessage(),
                        anyway.toSeconds());
            }
        }
    }

    private void hear(WatchService source) {
        var hearer = SupervisedThread.of("recipes-hints", "receives events of changed recipes", () -> takeHint(source))
                .in(SelfWatch.WATCHER);
        hearing = hearer; // before the start: it is supervised from now on, whether there is room for it or not
        hearer.start();
    }

    private boolean takeHint(WatchService source) throws InterruptedException {
        try {
            WatchKey key = source.take();
            key.pollEvents();
            key.reset();
            requests.add(new Request.Hint());
            return true;
        } catch (ClosedWatchServiceException e) {
            return false; // with the watcher
        }
    }
}
