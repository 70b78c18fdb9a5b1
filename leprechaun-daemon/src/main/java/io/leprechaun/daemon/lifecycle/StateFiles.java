package io.leprechaun.daemon.lifecycle;

import io.leprechaun.daemon.posix.PinnedFile;
import io.leprechaun.daemon.posix.PinnedFile.PathState;
import io.leprechaun.daemon.posix.PosixException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The files of the state folder, which have to stay the ones that were opened. While a path names another file, or none, nothing new is accepted: the next start would not find it. A
 * look costs one system call while no entry of the folder comes or goes, and one a file otherwise. Thread-safe.
 */
public final class StateFiles implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(StateFiles.class);
    private static final Duration PERIOD = Duration.ofSeconds(1);
    private static final Duration CLOSE = Duration.ofSeconds(5);
    /** How long a folder must not have changed before its time of change stands for its entries: far longer than the step of the kernel's clock for files. */
    private static final Duration SETTLED = Duration.ofSeconds(1);

    private static final Duration LATELY = Duration.ofMillis(100);

    /** The folder first: its absence explains that of its files. */
    private final List<PinnedFile> others = new CopyOnWriteArrayList<>();

    private volatile Optional<PinnedFile> store = Optional.empty();
    private volatile Optional<PinnedFile> log = Optional.empty();

    /** Guarded by this. */
    private Optional<PinnedFile> output = Optional.empty();

    private final SupervisedThread thread =
            SupervisedThread.of("state-watch", "watches the state folder", this::waitAndLook);
    /** The folder's time of change when all files were found in place; null: they were not. */
    private volatile @Nullable InPlace inPlace;

    /** When the last look began, by {@code nanoTime}. */
    private volatile long looked;

    private volatile Runnable onDisplaced = () -> {};
    /** The last sentence in the log. Only the thread's. */
    private Optional<String> logged = Optional.empty();

    /**
     * All files were in place.
     *
     * @param changed the folder's time of change then
     * @param since when that time was seen first, by {@code nanoTime}
     * @param settled whether they were looked at again a while later: what changed within one step of the kernel's clock was seen then
     */
    private record InPlace(long changed, long since, boolean settled) {
        static InPlace of(@Nullable InPlace before, long changed) {
            long now = System.nanoTime();
            long since = before != null && before.changed() == changed ? before.since() : now;
            return new InPlace(changed, since, now - since > SETTLED.toNanos());
        }
    }

    /** None yet, and nothing looks at them by itself. */
    public StateFiles() {}

    /**
     * Adds a file or folder that is there.
     *
     * @throws IOException if it cannot be opened
     */
    public void pin(Path path) throws IOException {
        others.add(open(path));
    }

    /**
     * Adds the store's file and its log.
     *
     * @throws IOException if one cannot be opened
     */
    public void pinStore(Path file, Path wal) throws IOException {
        store = Optional.of(open(file));
        log = Optional.of(open(wal));
    }

    /**
     * Adds the output folder, made where it is missing. It is made again when it is deleted, but not when it was moved away or is covered by a mount.
     *
     * @throws IOException if it cannot be made or opened
     */
    public synchronized void pinOutput(Path path) throws IOException {
        if (!Files.exists(path)) {
            make(path);
        }
        output = Optional.of(open(path));
    }

    private static void make(Path folder) throws IOException {
        Files.createDirectory(
                folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }

    private static PinnedFile open(Path path) throws IOException {
        try {
            return PinnedFile.open(path);
        } catch (PosixException e) {
            throw new IOException("cannot watch " + path + " (" + e.getMessage() + ")", e);
        }
    }

    /**
     * Looks at them each second from now on, and logs what it finds.
     *
     * @param save what is done when one is not in place any more
     */
    public void watch(Runnable save) {
        onDisplaced = save;
        thread.start();
    }

    private boolean waitAndLook() throws InterruptedException {
        Thread.sleep(PERIOD);
        thread.busy();
        Optional<String> now = look(); // at all: a mount over a file changes no folder
        if (!now.equals(logged)) {
            now.ifPresentOrElse(
                    why -> {
                        LOG.error("nothing new is accepted: {}", why);
                        onDisplaced.run();
                    },
                    () -> LOG.warn("the files of the state folder are in place again: new work is accepted"));
            logged = now;
        }
        return true;
    }

    /** What is not in place, in a sentence that says what to do; empty: all are. */
    public Optional<String> displaced() {
        long begun = System.nanoTime();
        InPlace known = inPlace;
        boolean same = known != null && known.settled() && folderChanged() == known.changed();
        Optional<String> displaced = same ? Optional.empty() : look();
        looked = begun;
        return displaced;
    }

    /** The same as {@link #displaced}, without a system call while a look of the last tenth of a second found all in place. */
    public Optional<String> displacedLately() {
        return inPlace != null && System.nanoTime() - looked < LATELY.toNanos() ? Optional.empty() : displaced();
    }

    /** When an entry of the folder came or went, or {@link PinnedFile#ELSEWHERE}. */
    private long folderChanged() {
        return others.isEmpty() ? PinnedFile.ELSEWHERE : others.getFirst().changed();
    }

    private Optional<String> look() {
        long changed = folderChanged(); // before the look, so that what changes meanwhile is looked at again
        Optional<String> displaced = lookAtEach();
        boolean found = displaced.isEmpty() && changed != PinnedFile.ELSEWHERE;
        inPlace = found ? InPlace.of(inPlace, changed) : null;
        return displaced;
    }

    private Optional<String> lookAtEach() {
        for (PinnedFile pin : others) {
            Optional<String> displaced = displaced(pin);
            if (displaced.isPresent()) {
                return displaced;
            }
        }
        return store.flatMap(StateFiles::displaced)
                .or(() -> log.flatMap(StateFiles::displaced))
                .or(this::displacedOutput);
    }

    private static Optional<String> displaced(PinnedFile pin) {
        PathState place = pin.place();
        return place == PathState.SAME ? Optional.empty() : Optional.of(sentence(pin, place));
    }

    private synchronized Optional<String> displacedOutput() {
        if (output.isEmpty()) {
            return Optional.empty();
        }
        PinnedFile folder = output.get();
        PathState place = folder.place();
        return place == PathState.SAME || place == PathState.GONE && folder.isDeleted() && isMadeAgain(folder)
                ? Optional.empty()
                : Optional.of(sentence(folder, place));
    }

    private boolean isMadeAgain(PinnedFile deleted) {
        try {
            make(deleted.path());
            output = Optional.of(open(deleted.path()));
        } catch (IOException e) {
            LOG.debug("the output folder cannot be made again", e); // the sentence says what is wrong
            return false;
        }
        deleted.close();
        LOG.warn("the output folder {} was deleted and is made again, empty", deleted.path());
        return true;
    }

    private static String sentence(PinnedFile pin, PathState place) {
        Path path = pin.path();
        boolean deleted = pin.isDeleted();
        String what = switch (place) {
            case SAME -> path + " was not in place";
            case GONE -> path + (deleted ? " is gone, deleted: " : " is gone: put it back, or ");
            case REPLACED -> path + " is another file now: " + (deleted ? "" : "put the old one back, or ");
            case COVERED -> "another file system is mounted over " + path + ": unmount it, or ";
            case UNREACHABLE -> path + " cannot be reached: give the daemon's user access to it, or ";
        };
        return what + "restart the daemon, which begins with what is there";
    }

    /** Whether the store's file was deleted: what is written to it is lost. */
    public boolean isStoreDeleted() {
        return store.filter(StateFiles::isDeleted).isPresent();
    }

    /** Whether the store's log was deleted: what is written to it is lost, unless it is moved into the store. */
    public boolean isLogDeleted() {
        return log.filter(StateFiles::isDeleted).isPresent();
    }

    /** Some file systems count no links: a file that is in place was not deleted, whatever they say. */
    private static boolean isDeleted(PinnedFile pin) {
        return pin.place() != PathState.SAME && pin.isDeleted();
    }

    /** Whether the output folder was moved away or is covered, so that nothing can be printed until it is back. */
    public synchronized boolean isOutputAway() {
        return output.filter(folder -> folder.place() != PathState.SAME && !folder.isDeleted())
                .isPresent();
    }

    @Override
    public void close() {
        thread.end(CLOSE);
        others.forEach(PinnedFile::close);
        store.ifPresent(PinnedFile::close);
        log.ifPresent(PinnedFile::close);
        synchronized (this) {
            output.ifPresent(PinnedFile::close);
        }
    }
}
