package io.leprechaun.daemon;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The folder that holds everything a daemon remembers. One daemon at a time has it, by a lock that the kernel takes back however the daemon ends. */
final class StateFolder implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(StateFolder.class);
    private static final String LOCK = "lock";

    private final Path folder;
    private final FileChannel lock;
    private final Optional<Instant> lastLife;

    private StateFolder(Path folder, FileChannel lock, Optional<Instant> lastLife) {
        this.folder = folder;
        this.lock = lock;
        this.lastLife = lastLife;
    }

    /**
     * Takes the folder, making it where it is missing.
     *
     * @throws StartException if it cannot be made or written, or another daemon has it
     */
    static StateFolder open(Path folder) throws StartException {
        try {
            Optional<Instant> lived = lastLife(folder.resolve(LOCK));
            Files.createDirectories(
                    folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            var owner = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
            var options = Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            var channel = FileChannel.open(folder.resolve(LOCK), options, owner);
            if (channel.tryLock() == null) {
                String pid = read(channel);
                channel.close();
                throw new StartException(
                        "another daemon" + (pid.isEmpty() ? "" : " (pid " + pid + ")") + " uses the state folder "
                                + folder + ": stop it with `leprechaun daemon kill`, or give this one another --state");
            }
            write(channel, Long.toString(ProcessHandle.current().pid()));
            return new StateFolder(folder, channel, lived);
        } catch (IOException e) {
            throw new StartException("cannot use the state folder " + folder + " (" + Reasons.of(e)
                    + "): make it writable for this user, or name another with --state");
        }
    }

    /** When the lock was touched last. */
    private static Optional<Instant> lastLife(Path lock) throws IOException {
        return Files.exists(lock) ? Optional.of(Files.getLastModifiedTime(lock).toInstant()) : Optional.empty();
    }

    /** When the last daemon of this folder was alive as far as is known, to a minute where it was killed; empty: there was none. */
    Optional<Instant> lastLife() {
        return lastLife;
    }

    /** Leaves word that the daemon lives. By the open file: to open and close it once more would give the lock back (fcntl(2)). */
    void touch() {
        try {
            write(lock, Long.toString(ProcessHandle.current().pid()));
        } catch (IOException e) {
            LOG.debug("the lock cannot be touched", e); // only the next start wants to know
        }
    }

    private static String read(FileChannel channel) throws IOException {
        var bytes = ByteBuffer.allocate(20);
        channel.read(bytes, 0);
        return new String(bytes.array(), 0, bytes.position(), StandardCharsets.US_ASCII).strip();
    }

    private static void write(FileChannel channel, String pid) throws IOException {
        byte[] line = (pid + "\n").getBytes(StandardCharsets.US_ASCII);
        channel.write(ByteBuffer.wrap(line), 0);
        channel.truncate(line.length);
    }

    Path store() {
        return store(folder);
    }

    Path output() {
        return output(folder);
    }

    /** What the command prints that tells people. */
    Path notifyOutput() {
        return folder.resolve("notify.out");
    }

    /** Where the store of a state folder is. */
    static Path store(Path folder) {
        return folder.resolve("leprechaun.db");
    }

    /** Where the output of a state folder's runs is. */
    static Path output(Path folder) {
        return folder.resolve("output");
    }

    /** Whose a state folder is. */
    static String owner(Path folder) {
        try {
            return Files.getOwner(folder).getName();
        } catch (IOException e) {
            return "its owner";
        }
    }

    @Override
    public void close() throws IOException {
        lock.close();
    }

    @Override
    public String toString() {
        return folder.toString();
    }
}
