package io.leprechaun.daemon.posix;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;

/**
 * A file that is written at offsets, and whose middle can be dropped, so that the rest keeps its offsets. Not
 * thread-safe.
 */
public final class SparseFile implements AutoCloseable {
    private static final int O_RDONLY = 0;
    private static final int O_RDWR = 02;
    private static final int O_CREAT = 0100;
    private static final int O_EXCL = 0200;
    private static final int OWNER_ONLY = 0600;
    private static final int SEEK_DATA = 3;
    private static final int SEEK_HOLE = 4;
    private static final int KEEP_SIZE = 0x01;
    private static final int PUNCH_HOLE = 0x02;

    private static final CFunction OPEN = CFunction.named("open");
    private static final CFunction PWRITE = CFunction.named("pwrite");
    private static final CFunction LSEEK = CFunction.named("lseek");
    private static final CFunction FALLOCATE = CFunction.named("fallocate");

    private final int descriptor;

    private SparseFile(int descriptor) {
        this.descriptor = descriptor;
    }

    /**
     * Opens a file for reading.
     *
     * @throws PosixException when it is not there, is a link, or may not be read
     */
    public static SparseFile look(Path path) throws PosixException {
        return open(path, O_RDONLY);
    }

    /**
     * Opens a file for dropping parts of it.
     *
     * @throws PosixException when it is not there, is a link, or may not be written
     */
    public static SparseFile open(Path path) throws PosixException {
        return open(path, O_RDWR);
    }

    /**
     * Creates a file with mode 0600, and opens it.
     *
     * @throws PosixException with EEXIST where a file or link has its name
     */
    public static SparseFile create(Path path) throws PosixException {
        return open(path, O_RDWR | O_CREAT | O_EXCL);
    }

    int descriptor() {
        return descriptor;
    }

    /**
     * Writes a part of an array at an offset.
     *
     * @return the number of bytes written, at least 1; fewer than asked for where the space ends
     * @throws PosixException when nothing could be written
     */
    public int write(byte[] bytes, int from, int to, long offset) throws PosixException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment errno = CFunction.errno(arena);
            MemorySegment room = arena.allocate(to - from);
            MemorySegment.copy(bytes, from, room, JAVA_BYTE, 0, to - from);
            long count = PWRITE.callLong(errno, descriptor, room.address(), to - from, offset);
            if (count <= 0) {
                throw new PosixException("pwrite", CFunction.errnoOf(errno));
            }
            return (int) count;
        }
    }

    /**
     * Drops a part: it reads as zeros from then on and occupies nothing, as far as it covers whole blocks.
     *
     * @param length the number of bytes, at least 1
     * @throws PosixException with EOPNOTSUPP where the file system cannot drop parts
     */
    public void drop(long from, long length) throws PosixException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment errno = CFunction.errno(arena);
            if (FALLOCATE.call(errno, descriptor, PUNCH_HOLE | KEEP_SIZE, from, length) != 0) {
                throw new PosixException("fallocate", CFunction.errnoOf(errno));
            }
        }
    }

    /**
     * Returns the first offset at or after another one that was not dropped; the largest number where there is none.
     */
    public long nextData(long from) {
        return seek(from, SEEK_DATA);
    }

    /**
     * Returns the first offset at or after another one that was dropped, or the end of the file; the largest number
     * beyond the end.
     */
    public long nextHole(long from) {
        return seek(from, SEEK_HOLE);
    }

    private long seek(long from, int whence) {
        try (Arena arena = Arena.ofConfined()) {
            long found = LSEEK.callLong(CFunction.errno(arena), descriptor, from, whence);
            return found < 0 ? Long.MAX_VALUE : found; // ENXIO: nothing follows
        }
    }

    @Override
    public void close() {
        Descriptors.close(descriptor);
    }

    private static SparseFile open(Path path, int flags) throws PosixException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment errno = CFunction.errno(arena);
            int descriptor = OPEN.call(
                    errno,
                    arena.allocateFrom(path.toString()).address(),
                    flags | Descriptors.O_NOFOLLOW | Descriptors.O_CLOEXEC,
                    OWNER_ONLY);
            if (descriptor < 0) {
                throw new PosixException("open", CFunction.errnoOf(errno));
            }
            return new SparseFile(descriptor);
        }
    }
}
