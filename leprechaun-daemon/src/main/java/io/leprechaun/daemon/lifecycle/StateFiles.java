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
 * The files of the state folder, which must stay the ones that were opened. While a path names another file, or none,
 * no new work is accepted: the next start would not find it. A look costs one system call while no entry of the folder
 * comes or goes, and one per file otherwise. Thread-safe.
 */
public final class StateFiles implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(StateFiles.class);
    private static final Duration PERIOD = Duration.ofSeconds(1);
    private static final Duration CLOSE = Duration.ofSeconds(5);
    /**
     * The time without a change after which a folder's time of change stands for its entries. It is far longer than the
     * step of the kernel's clock for files.
     */
    private static final Duration SETTLED = Duration.ofSeconds(1);

    private static final Duration LATELY = Duration.ofMillis(100);

    /**
     * All files but the store's two and the output folder. The state folder is the first: its absence explains that of
     * its files.
     */
    private final List<PinnedFile> others = new CopyOnWriteArrayList<>();

    private volatile Optional<PinnedFile> store = Optional.empty();
    private volatile Optional<PinnedFile> log = Optional.empty();

    /** The output folder. Guarded by this. */
    private Optional<PinnedFile> output = Optional.empty();

    private final SupervisedThread thread = SupervisedThread.of(
                    "state-watch", "watches the state folder", this::waitAndLook)
            .in(SelfWatch.STORE);
    /** The last look, when it found all files in place; null: it did not. */
    private volatile @Nullable InPlace inPlace;

    /** The beginning of the last look, by {@code nanoTime}. */
    private volatile long looked;

    private volatile Runnable onDisplaced = () -> {};
    /** The last sentence in the log. Only for the thread. */
    private Optional<String> logged = Optional.empty();

    /**
     * A look that found all files in place.
     *
     * @param changed the folder's time of change at that look
     * @param since the moment at which that time was seen first, by {@code nanoTime}
     * @param settled whether this look came long after that moment, so that it saw every change within one step of the
     *     kernel's clock
     */
    private record InPlace(long changed, long since, boolean settled) {
        static InPlace of(@Nullable InPlace before, long changed) {
            long now = System.nanoTime();
            long since = before != null && before.changed() == changed ? before.since() : now;
            return new InPlace(changed, since, now - since > SETTLED.toNanos());
        }
    }

    /** Creates an empty set of files, which no thread watches yet. */
    public StateFiles() {}

    /**
     * Adds a file or folder that exists.
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
     * Adds the output folder, and creates it where it is missing. It is created again when it is deleted, but not when
     * it was moved away or is covered by a mount.
     *
     * @throws IOException if it cannot be created or opened
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
     * Checks the files each second from now on, and logs each change of the result.
     *
     * @param save the action when a file is found out of place
     */
    public void watch(Runnable save) {
        onDisplaced = save;
        thread.start();
    }

    private boolean waitAndLook() throws InterruptedException {
        Thread.sleep(PERIOD);
        thread.busy();
        Optional<String> now = look(); // always a full look: a mount over a file changes no folder
        if (!now.equals(logged)) {
            now.ifPresentOrElse(
                    why -> {
                        LOG.error("refusing new work: {}", why);
                        onDisplaced.run();
                    },
                    () -> LOG.warn("the files of the state folder are in place again: accepting new work"));
            logged = now;
        }
        return true;
    }

    /** Returns a sentence on the first file that is not in place, with the remedy; empty: all are in place. */
    public Optional<String> displaced() {
        long begun = System.nanoTime();
        InPlace known = inPlace;
        boolean same = known != null && known.settled() && folderChanged() == known.changed();
        Optional<String> displaced = same ? Optional.empty() : look();
        looked = begun;
        return displaced;
    }

    /**
     * Returns the same as {@link #displaced}, without a system call while a look of the last tenth of a second found
     * all in place.
     */
    public Optional<String> displacedLately() {
        return inPlace != null && System.nanoTime() - looked < LATELY.toNanos() ? Optional.empty() : displaced();
    }

    /** Returns the time at which an entry of the folder came or went, or {@link PinnedFile#ELSEWHERE}. */
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
            LOG.debug("cannot create the output folder again", e); // the sentence reports the fault
            return false;
        }
        deleted.close();
        LOG.warn("the output folder {} was deleted: created again, empty", deleted.path());
        return true;
    }

    private static String sentence(PinnedFile pin, PathState place) {
        Path path = pin.path();
        boolean deleted = pin.isDeleted();
        String what = switch (place) {
            case SAME -> path + " was not in place";
            case GONE -> path + (deleted ? " was deleted: " : " is missing: put it back, or ");
            case REPLACED -> path + " was replaced by another file: " + (deleted ? "" : "put the old one back, or ");
            case COVERED -> "another file system is mounted over " + path + ": unmount it, or ";
            case UNREACHABLE -> "cannot access " + path + ": give the daemon's user access to it, or ";
        };
        return what + "restart the daemon, which starts with the files that exist";
    }

    /** Returns whether the store's file was deleted: all further writes to it are lost. */
    public boolean isStoreDeleted() {
        return store.filter(StateFiles::isDeleted).isPresent();
    }

    /**
     * Returns whether the store's log was deleted: all further writes to it are lost, unless they are moved into the
     * store.
     */
    public boolean isLogDeleted() {
        return log.filter(StateFiles::isDeleted).isPresent();
    }

    /**
     * Returns whether a file was deleted. Some file systems count no links, so a file that is in place does not count,
     * whatever they report.
     */
    private static boolean isDeleted(PinnedFile pin) {
        return pin.place() != PathState.SAME && pin.isDeleted();
    }

    /**
     * Returns whether the output folder was moved away or is covered, so that no output can be written until it is
     * back.
     */
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
