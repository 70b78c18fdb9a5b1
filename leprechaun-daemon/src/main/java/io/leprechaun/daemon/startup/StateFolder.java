package io.leprechaun.daemon.startup;

import io.leprechaun.daemon.agent.ClockGuard;
import io.leprechaun.daemon.lifecycle.StateFiles;
import io.leprechaun.daemon.trust.Trust;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The folder that holds everything a daemon remembers. One daemon at a time has it, by a lock that the kernel takes back however the daemon ends. */
public final class StateFolder implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(StateFolder.class);
    private static final String LOCK = "lock";
    /** More than is ever in the lock. */
    private static final int MOST_BYTES = 512;

    /** A daemon that was killed may have lived on for as long after its last word. */
    public static final Duration TOUCHED = Duration.ofMinutes(1);
    /** How long a word is as good as a new one. */
    private static final Duration FRESH = Duration.ofSeconds(30);

    private final Path folder;
    private final FileChannel lock;
    private final StateFiles files = new StateFiles();
    private final Optional<Instant> lastLife;
    private final Optional<ClockGuard.ClockState> lastClock;
    /** The last word that was left. */
    private volatile Optional<ClockGuard.ClockState> left = Optional.empty();

    private StateFolder(
            Path folder, FileChannel lock, Optional<Instant> lastLife, Optional<ClockGuard.ClockState> lastClock) {
        this.folder = folder;
        this.lock = lock;
        this.lastLife = lastLife;
        this.lastClock = lastClock;
    }

    /**
     * Takes the folder, making it where it is missing.
     *
     * @throws StartException if it cannot be made or written, or another daemon has it
     */
    public static StateFolder open(Path folder) throws StartException {
        try {
            Files.createDirectories(
                    folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            Optional<String> distrust = Trust.strict().distrust(folder);
            if (distrust.isPresent()) {
                throw new StartException("cannot use the state folder " + folder + ": " + distrust.get());
            }
            Optional<Instant> lived = lastLife(folder.resolve(LOCK));
            var owner = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
            var options = Set.of(
                    StandardOpenOption.CREATE,
                    StandardOpenOption.READ,
                    StandardOpenOption.WRITE,
                    LinkOption.NOFOLLOW_LINKS);
            var channel = FileChannel.open(folder.resolve(LOCK), options, owner);
            if (channel.tryLock() == null) {
                String pid = read(channel).stream().findFirst().orElse("");
                channel.close();
                throw StartException.notNow(
                        "another daemon" + (pid.isEmpty() ? "" : " (pid " + pid + ")") + " uses the state folder "
                                + folder + ": stop it with `leprechaun daemon kill`, or give this one another --state");
            }
            List<String> before = read(channel);
            var state = new StateFolder(folder, channel, lived, clock(before));
            state.write(
                    before.stream().skip(1).findFirst().orElse("")); // the pid; the rest until the clock was looked at
            state.files.pin(folder);
            state.files.pin(folder.resolve(LOCK));
            state.files.pinOutput(state.output());
            return state;
        } catch (IOException e) {
            if (Files.isSymbolicLink(folder.resolve(LOCK))) {
                throw new StartException("cannot use the state folder " + folder + ": " + folder.resolve(LOCK)
                        + " is a link, and not the daemon's: remove it");
            }
            String why = "cannot use the state folder " + folder + " (" + Reasons.of(e)
                    + "): make it writable for this user, or name another with --state";
            throw isNone(e) ? new StartException(why) : StartException.notNow(why);
        }
    }

    /** Whether a path is no folder that may be used, whatever the disk does. */
    private static boolean isNone(IOException e) {
        return e instanceof FileAlreadyExistsException
                || e instanceof AccessDeniedException
                || e instanceof NoSuchFileException
                || e instanceof FileSystemException other && "Not a directory".equals(other.getReason());
    }

    /** When the lock was touched last. */
    private static Optional<Instant> lastLife(Path lock) throws IOException {
        return Files.exists(lock) ? Optional.of(Files.getLastModifiedTime(lock).toInstant()) : Optional.empty();
    }

    /** When the last daemon of this folder was alive as far as is known, to a minute where it was killed; empty: there was none. */
    public Optional<Instant> lastLife() {
        return lastLife;
    }

    /** What the last daemon of this folder knew of the clock; empty: there was none, or an earlier version. */
    public Optional<ClockGuard.ClockState> lastClock() {
        return lastClock;
    }

    /** Leaves word as {@link #touch} does, unless the last one is fresh and tells the next daemon the same. */
    public void keep(ClockGuard.ClockState clock) {
        if (left.filter(before -> clock.follows(before, FRESH)).isEmpty()) {
            touch(clock);
        }
    }

    /** Leaves word that the daemon lives, and what it knows of the clock. By the open file: to open and close it once more would give the lock back (fcntl(2)). */
    public synchronized void touch(ClockGuard.ClockState clock) {
        try {
            write(text(clock));
            left = Optional.of(clock);
        } catch (IOException e) {
            LOG.debug("the lock cannot be touched", e); // only the next start wants to know
        }
    }

    /** A line for the next daemon: boot, time, elapsed nanoseconds, and what is known of a clock in doubt. */
    private static String text(ClockGuard.ClockState clock) {
        return clock.boot() + " " + clock.at() + " " + clock.elapsed()
                + clock.doubt()
                        .map(doubt -> " " + doubt.since() + " " + doubt.from() + " " + doubt.believed())
                        .orElse("");
    }

    private static Optional<ClockGuard.ClockState> clock(List<String> lines) {
        try {
            String[] words = lines.get(1).split(" ", -1);
            return Optional.of(new ClockGuard.ClockState(
                    words[0],
                    Instant.parse(words[1]),
                    Long.parseLong(words[2]),
                    words.length > 3
                            ? Optional.of(new ClockGuard.Doubt(
                                    Instant.parse(words[3]), Instant.parse(words[4]), Instant.parse(words[5])))
                            : Optional.empty()));
        } catch (IndexOutOfBoundsException | DateTimeException | NumberFormatException e) {
            return Optional.empty(); // of an earlier version, or cut off
        }
    }

    private static List<String> read(FileChannel channel) throws IOException {
        var bytes = ByteBuffer.allocate(MOST_BYTES);
        channel.read(bytes, 0);
        return new String(bytes.array(), 0, bytes.position(), StandardCharsets.US_ASCII)
                .lines()
                .toList();
    }

    private void write(String clock) throws IOException {
        byte[] lines = (ProcessHandle.current().pid() + "\n" + clock + "\n").getBytes(StandardCharsets.US_ASCII);
        lock.write(ByteBuffer.wrap(lines), 0);
        lock.truncate(lines.length);
    }

    /** Its files, which have to stay the ones that were opened. */
    public StateFiles files() {
        return files;
    }

    public Path store() {
        return store(folder);
    }

    public Path output() {
        return output(folder);
    }

    /** The recipes of ordinary users. */
    public Path users() {
        return folder.resolve("users");
    }

    /** What the command prints that tells people. */
    public Path notifyOutput() {
        return folder.resolve("notify.out");
    }

    /** Where the store of a state folder is. */
    public static Path store(Path folder) {
        return folder.resolve("leprechaun.db");
    }

    /** Where the output of a state folder's runs is. */
    public static Path output(Path folder) {
        return folder.resolve("output");
    }

    /** Whose a state folder is. */
    public static String owner(Path folder) {
        try {
            return Files.getOwner(folder).getName();
        } catch (IOException e) {
            return "its owner";
        }
    }

    @Override
    public void close() throws IOException {
        files.close();
        lock.close();
    }

    @Override
    public String toString() {
        return folder.toString();
    }
}
