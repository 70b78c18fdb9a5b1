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
 * The folder of bodies that are too large for memory: a file each, under a random name, readable by the daemon's user alone. A body stays here until its run begins, and moves to the run's
 * output folder then. Thread-safe.
 */
public record BodyFolder(Path root) {
    /** Its name in the state folder, beside the store. */
    public static final String NAME = "bodies";

    /** How many bytes the disk of the folder has left for it. Asks the disk alone, and not the table of all mounts as a FileStore would, in which a chroot's disk need not stand. */
    public long usable() {
        Path there = Files.exists(root) ? root : root.toAbsolutePath().resolve("..");
        return there.normalize().toFile().getUsableSpace();
    }

    /** A new file for a body that is to come. */
    public Incoming create() throws IOException {
        if (!Files.isDirectory(root)) {
            make();
        }
        return new Incoming(root.resolve(UUID.randomUUID().toString()));
    }

    /** Itself alone: a state folder that was moved away is not made again. */
    private void make() throws IOException {
        try {
            Files.createDirectory(
                    root, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        } catch (FileAlreadyExistsException e) {
            // another body was faster
        }
    }

    /** A copy of a body for another run, which is on disk when this returns. */
    public Body.Filed copy(Path body) throws IOException {
        try (var copy = create();
                InputStream in = Files.newInputStream(body)) {
            in.transferTo(copy.out);
            return copy.finish();
        }
    }

    /** The bodies that were written before an instant, by the names of their files. */
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

    /** Removes a body, if it is there. */
    public void remove(String name) throws IOException {
        Files.deleteIfExists(root.resolve(name));
    }

    /** The hash by which a body is known. */
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

        /** Adds bytes. */
        public void write(byte[] bytes, int count) throws IOException {
            out.write(bytes, 0, count);
        }

        /** The whole body, which is on disk when this returns. */
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
