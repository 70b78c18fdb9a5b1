package io.leprechaun.daemon.http.hook;

import io.leprechaun.daemon.body.Body;
import io.leprechaun.daemon.body.BodyFolder;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.util.Optional;

/**
 * The reader of hooks' bodies. Bytes count when they arrive, whatever the sender announces: up to 64 KiB are held in
 * memory, longer bodies in a file. The room of each source and of all together is limited.
 */
final class BodyReader {
    /**
     * The limit in bytes of all bodies in memory, and below of one source's; beyond it small bodies go to files, too.
     */
    private static final long MEMORY = 4 << 20;

    private static final long MEMORY_PER_SOURCE = MEMORY / 4;
    /** The limit in bytes of all bodies on the disk before they are accepted. */
    private static final long DISK = 1 << 30;

    private static final long DISK_PER_SOURCE = DISK / 4;
    /**
     * The space in bytes that stays free on the disk: bodies that are not accepted yet must not keep runs from ending.
     */
    private static final long SPARED = 16 << 20;

    /** The number of bytes of a body after which the disk's free space is checked again. */
    private static final long LOOK_EACH = 1 << 20;

    private static final int CHUNK = 8 * 1024;

    private final BodyFolder folder;
    private final Shares memory = new Shares(MEMORY, MEMORY_PER_SOURCE);
    private final Shares disk = new Shares(DISK, DISK_PER_SOURCE);

    BodyReader(BodyFolder folder) {
        this.folder = folder;
    }

    /** The exception for a body that cannot be taken now. */
    static final class NoRoomException extends Exception {
        private static final long serialVersionUID = 1L;
        private final int status;

        NoRoomException(int status, String message) {
            super(message);
            this.status = status;
        }

        /** Returns the HTTP status of the refusal. */
        int status() {
            return status;
        }
    }

    /** The exception for a body over the limit. */
    static final class TooLargeException extends Exception {
        private static final long serialVersionUID = 1L;
    }

    /**
     * Begins to read a body.
     *
     * @param kept whether the body is wanted; otherwise at most 64 KiB of it are held
     */
    BodyRead open(InetAddress source, boolean kept) {
        return new BodyRead(source, kept);
    }

    /**
     * A body while it is read and decided on. Closing it returns its room; the body itself belongs to its receiver. Not
     * thread-safe.
     */
    final class BodyRead implements AutoCloseable {
        private final InetAddress source;
        private final boolean kept;
        private final ByteArrayOutputStream held = new ByteArrayOutputStream(0);
        private Optional<BodyFolder.Incoming> file = Optional.empty();
        private long inMemory;
        private long onDisk;
        /** The bytes of the body on the disk at the last check of the disk's free space. */
        private long looked = -LOOK_EACH;

        private boolean dropped;

        private BodyRead(InetAddress source, boolean kept) {
            this.source = source;
            this.kept = kept;
        }

        /** Returns whether the body is complete: parts of an unwanted body may have been dropped. */
        boolean isWhole() {
            return !dropped;
        }

        /** @param limit the limit in bytes */
        Body read(InputStream in, int limit) throws IOException, TooLargeException, NoRoomException {
            byte[] some = new byte[CHUNK];
            long length = 0;
            try {
                for (int read = in.read(some); read >= 0; read = in.read(some)) {
                    length += read;
                    if (length > limit) {
                        throw new TooLargeException();
                    }
                    if (file.isEmpty() && !dropped && hold(some, read)) {
                        continue;
                    }
                    dropped = !kept;
                    if (kept) {
                        file(some, read);
                    }
                }
                return body();
            } finally {
                if (file.isPresent()) {
                    file.get().close(); // removes it, unless the body is complete
                }
            }
        }

        private boolean hold(byte[] bytes, int count) {
            if (held.size() + count > Body.LONGEST_HELD || !memory.take(source, count)) {
                return false;
            }
            inMemory += count;
            held.write(bytes, 0, count);
            return true;
        }

        private void file(byte[] bytes, int count) throws IOException, NoRoomException {
            long more = file.isEmpty() ? held.size() + count : count;
            if (!disk.take(source, more)) {
                throw new NoRoomException(
                        503,
                        disk.mayHave(source, more)
                                ? "no space left for large bodies: try again later"
                                : "no space left for large bodies from " + source.getHostAddress()
                                        + ": try again later");
            }
            onDisk += more;
            try {
                if (onDisk - looked >= LOOK_EACH) {
                    looked = onDisk;
                    if (folder.usable() < SPARED) {
                        throw new NoRoomException(507, "the disk is full: try again later");
                    }
                }
                if (file.isEmpty()) {
                    file = Optional.of(folder.create());
                    file.get().write(held.toByteArray(), held.size());
                    held.reset();
                }
                file.get().write(bytes, count);
            } catch (IOException e) {
                throw failed(e);
            }
        }

        private Body body() throws NoRoomException {
            if (file.isEmpty()) {
                return held.size() == 0 ? Body.NONE : new Body.Held(held.toByteArray());
            }
            try {
                return file.get().finish();
            } catch (IOException e) {
                throw failed(e);
            }
        }

        private NoRoomException failed(IOException e) {
            var failure = new NoRoomException(507, "the body cannot be stored: try again later");
            failure.initCause(e);
            return failure;
        }

        @Override
        public void close() {
            if (inMemory > 0) { // most hooks hold nothing, and skip the lock
                memory.give(source, inMemory);
            }
            if (onDisk > 0) {
                disk.give(source, onDisk);
            }
        }
    }
}
