package io.leprechaun.daemon.http.hook;

import io.leprechaun.daemon.body.Body;
import io.leprechaun.daemon.body.BodyFolder;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.util.Optional;

/**
 * Reads the bodies of hooks. Bytes count when they arrive, whatever the sender announces: up to 64 KiB in memory, and more at once in a file. What a source may hold is bounded, and what all
 * may hold together.
 */
final class BodyReader {
    /** What bodies may hold in memory together and of one source, in bytes; beyond that small ones go to files, too. */
    private static final long MEMORY = 4 << 20;

    private static final long MEMORY_PER_SOURCE = MEMORY / 4;
    /** What bodies may hold on the disk before they are accepted, in bytes. */
    private static final long DISK = 1 << 30;

    private static final long DISK_PER_SOURCE = DISK / 4;
    /** Of the disk's room so much stays free, in bytes: bodies that nobody has accepted must not keep runs from ending. */
    private static final long SPARED = 16 << 20;

    /** The disk's room is looked at for so many bytes each. */
    private static final long LOOK_EACH = 1 << 20;

    private static final int CHUNK = 8 * 1024;

    private final BodyFolder folder;
    private final Shares memory = new Shares(MEMORY, MEMORY_PER_SOURCE);
    private final Shares disk = new Shares(DISK, DISK_PER_SOURCE);

    BodyReader(BodyFolder folder) {
        this.folder = folder;
    }

    /** A body that cannot be taken now. */
    static final class NoRoomException extends Exception {
        private static final long serialVersionUID = 1L;
        private final int status;

        NoRoomException(int status, String message) {
            super(message);
            this.status = status;
        }

        /** The status of HTTP that says so. */
        int status() {
            return status;
        }
    }

    /** A body that is longer than it may be. */
    static final class TooLargeException extends Exception {
        private static final long serialVersionUID = 1L;
    }

    /**
     * Begins to read a body.
     *
     * @param kept whether it is wanted; otherwise no more of it is held than 64 KiB
     */
    BodyRead open(InetAddress source, boolean kept) {
        return new BodyRead(source, kept);
    }

    /** One body while it is read and decided on. Closing it gives its room back; the body itself is its receiver's. Not thread-safe. */
    final class BodyRead implements AutoCloseable {
        private final InetAddress source;
        private final boolean kept;
        private final ByteArrayOutputStream held = new ByteArrayOutputStream(0);
        private Optional<BodyFolder.Incoming> file = Optional.empty();
        private long inMemory;
        private long onDisk;
        /** How much of it was on the disk when the disk's room was looked at. */
        private long looked = -LOOK_EACH;

        private boolean dropped;

        private BodyRead(InetAddress source, boolean kept) {
            this.source = source;
            this.kept = kept;
        }

        /** Whether the body is whole: of one that is not wanted some may have been dropped. */
        boolean isWhole() {
            return !dropped;
        }

        /** @param limit in bytes */
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
                    file.get().close(); // removes it, unless the body is whole
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
                                ? "large bodies take up all the room for them: try again later"
                                : "large bodies from " + source.getHostAddress()
                                        + " take up their share: try again later");
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
            var failure = new NoRoomException(507, "the body cannot be kept: try again later");
            failure.initCause(e);
            return failure;
        }

        @Override
        public void close() {
            if (inMemory > 0) { // most hooks hold nothing, and need not wait for the others
                memory.give(source, inMemory);
            }
            if (onDisk > 0) {
                disk.give(source, onDisk);
            }
        }
    }
}
