package io.leprechaun.daemon.body;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/**
 * The folder of bodies that are too large for memory: a file each, under a random name, readable by the daemon's user
 * alone. A body stays here until its run begins, and moves to the run's output folder then. Thread-safe.
 */
public record BodyFolder(Path root) {
    /** Its name in the state folder, beside the store. */
    public static final String NAME = "bodies";

    /**
     * Returns the number of bytes that the disk of the folder has left for it. It asks the disk alone. The table of all
     * mounts, which a FileStore uses, need not list the disk of a chroot.
     */
    public long usable() {
        Path there = Files.exists(root) ? root : root.toAbsolutePath().resolve("..");
        return there.normalize().toFile().getUsableSpace();
    }

    /** Creates a file for a body that is to come. */
    public Incoming create() throws IOException {
        if (!Files.isDirectory(root)) {
            make();
        }
        return new Incoming(root.resolve(UUID.randomUUID().toString()));
    }

    /** Creates this folder alone: a state folder that was moved away is not created again. */
    private void make() throws IOException {
        try {
            Files.createDirectory(
                    root, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        } catch (FileAlreadyExistsException e) {
            // another body was faster
        }
    }

    /** Copies a body for another run; the copy is on disk when this returns. */
    public Body.Filed copy(Path body) throws IOException {
        try (var copy = create();
                InputStream in = Files.newInputStream(body)) {
            in.transferTo(copy.out);
            return copy.finish();
        }
    }

    /** Returns the names of the files of all bodies that were written before an instant. */
    public List<String> writtenBefore(Instant instant) throws IOException {
        var names = new ArrayList<String>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(root)) {
            for (Path file : files) {
                if (file.toFile().lastModified() < instant.toEpochMilli()) { // 0: its run has begun meanwhile
                    names.add(String.valueOf(file.getFileName()));
                }
            }
        } catch (NoSuchFileException e) {
            return List.of(); // no large body ever came
        }
        return names;
    }

    /** Removes a body, if it exists. */
    public void remove(String name) throws IOException {
        Files.deleteIfExists(root.resolve(name));
    }

    /** Returns a new digest for the hash that identifies a body. */
    public static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has SHA-256", e);
        }
    }

    /** A body that is being written. Closing it removes the file, unless it was finished. Not thread-safe. */
    public final class Incoming implements AutoCloseable {
        private final Path file;
        private final FileChannel channel;
        private final MessageDigest hash = sha256();
        private final OutputStream out;
        private boolean finished;

        private Incoming(Path file) throws IOException {
            this.file = file;
            this.channel = FileChannel.open(
                    file,
                    Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            this.out = new DigestOutputStream(Channels.newOutputStream(channel), hash);
        }

        /** Adds the first {@code count} bytes of an array. */
        public void write(byte[] bytes, int count) throws IOException {
            out.write(bytes, 0, count);
        }

        /** Completes the body, and returns it; it is on disk then. */
        public Body.Filed finish() throws IOException {
            long length = channel.position();
            channel.force(true);
            channel.close();
            try (var folder = FileChannel.open(root, StandardOpenOption.READ)) {
                folder.force(true);
            }
            finished = true;
            return new Body.Filed(file, length, HexFormat.of().formatHex(hash.digest()));
        }

        @Override
        public void close() throws IOException {
            channel.close();
            if (!finished) {
                Files.deleteIfExists(file);
            }
        }
    }
}
