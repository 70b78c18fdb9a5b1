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

/**
 * The folder of a daemon's persistent state. One daemon at a time has it, by a lock that the kernel releases however
 * the daemon ends.
 */
public final class StateFolder implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(StateFolder.class);
    private static final String LOCK = "lock";
    /** The number of bytes that are read from the lock: more than it ever holds. */
    private static final int MOST_BYTES = 512;

    /** The longest time that a daemon may have lived after its last entry in the lock, when it was killed. */
    public static final Duration TOUCHED = Duration.ofMinutes(1);
    /** The time for which an entry is as good as a new one. */
    private static final Duration FRESH = Duration.ofSeconds(30);

    private final Path folder;
    private final FileChannel lock;
    private final StateFiles files = new StateFiles();
    private final Optional<Instant> lastLife;
    private final Optional<ClockGuard.ClockState> lastClock;
    /** The last entry that this daemon wrote. */
    private volatile Optional<ClockGuard.ClockState> left = Optional.empty();

    private StateFolder(
            Path folder, FileChannel lock, Optional<Instant> lastLife, Optional<ClockGuard.ClockState> lastClock) {
        this.folder = folder;
        this.lock = lock;
        this.lastLife = lastLife;
        this.lastClock = lastClock;
    }

    /**
     * Takes the folder, and creates it where it is missing.
     *
     * @throws StartException if it cannot be created, trusted or written, or another daemon has it
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
                                + folder + ": stop it with `leprechaun daemon kill`, or use another --state");
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
                        + " is a link, which the daemon did not create: remove it");
            }
            String why = "cannot use the state folder " + folder + " (" + Reasons.of(e)
                    + "): make it writable for this user, or use another --state";
            throw isNone(e) ? new StartException(why) : StartException.notNow(why);
        }
    }

    /** Returns whether the path itself is at fault, and not the disk: it is not a folder that may be used. */
    private static boolean isNone(IOException e) {
        return e instanceof FileAlreadyExistsException
                || e instanceof AccessDeniedException
                || e instanceof NoSuchFileException
                || e instanceof FileSystemException other && "Not a directory".equals(other.getReason());
    }

    /** Returns the time of the last write to the lock. */
    private static Optional<Instant> lastLife(Path lock) throws IOException {
        return Files.exists(lock) ? Optional.of(Files.getLastModifiedTime(lock).toInstant()) : Optional.empty();
    }

    /**
     * Returns the last time at which the last daemon of this folder is known to have lived, to a minute where it was
     * killed; empty: there was none.
     */
    public Optional<Instant> lastLife() {
        return lastLife;
    }

    /**
     * Returns the knowledge of the last daemon of this folder about the clock; empty: there was none, or an earlier
     * version.
     */
    public Optional<ClockGuard.ClockState> lastClock() {
        return lastClock;
    }

    /**
     * Writes an entry as {@link #touch} does, unless the last one is fresh and gives the next daemon the same
     * information.
     */
    public void keep(ClockGuard.ClockState clock) {
        if (left.filter(before -> clock.follows(before, FRESH)).isEmpty()) {
            touch(clock);
        }
    }

    /**
     * Writes an entry into the lock: the daemon lives, and its knowledge of the clock. It uses the open file, because
     * opening and closing it once more would release the lock (fcntl(2)).
     */
    public synchronized void touch(ClockGuard.ClockState clock) {
        try {
            write(text(clock));
            left = Optional.of(clock);
        } catch (IOException e) {
            LOG.debug("the lock cannot be touched", e); // only the next start needs it
        }
    }

    /** Returns a line for the next daemon: boot, time, elapsed nanoseconds, and the details of a clock in doubt. */
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

    /** Returns its files, which must stay the ones that were opened. */
    public StateFiles files() {
        return files;
    }

    public Path store() {
        return store(folder);
    }

    public Path output() {
        return output(folder);
    }

    /** Returns the folder of the recipes of ordinary users. */
    public Path users() {
        return folder.resolve("users");
    }

    /** Returns the file of the runs that started lately. */
    public Path starts() {
        return folder.resolve("started");
    }

    /** Returns the newest file of the changes. */
    public Path changes() {
        return folder.resolve("access").resolve("changes.jsonl");
    }

    /** Returns the file of the sessions of browsers. */
    public Path sessions() {
        return folder.resolve("access").resolve("sessions");
    }

    /** Returns the file of the tokens of the API. */
    public Path tokens() {
        return folder.resolve("access").resolve("tokens");
    }

    /** Returns the file for the output of the command that sends notices. */
    public Path notifyOutput() {
        return folder.resolve("notify.out");
    }

    /** Returns the path of the store in a state folder. */
    public static Path store(Path folder) {
        return folder.resolve("leprechaun.db");
    }

    /** Returns the path of the runs' output in a state folder. */
    public static Path output(Path folder) {
        return folder.resolve("output");
    }

    /** Returns the name of the owner of a state folder. */
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
