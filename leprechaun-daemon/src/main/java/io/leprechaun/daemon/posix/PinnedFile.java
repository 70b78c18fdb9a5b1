package io.leprechaun.daemon.posix;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;

/**
 * A file or folder as it was when it was opened, whatever its path names later. It is held by a descriptor that may
 * neither read nor write (open(2), O_PATH). So its inode number is not given to another file, and closing it releases
 * no lock. Thread-safe.
 */
public final class PinnedFile implements AutoCloseable {
    /** The result in place of a time of change: the path names another file, or none. */
    public static final long ELSEWHERE = Long.MIN_VALUE;

    private static final int AT_FDCWD = -100;
    private static final int AT_EMPTY_PATH = 0x1000;
    /** The request for the basic fields and the mount. */
    private static final int MASK = 0x7ff | 0x1000;

    private static final long STATX_BYTES = 256;

    private static final CFunction OPEN = CFunction.named("open");
    private static final CFunction STATX = CFunction.named("statx");

    private final Path path;
    private final int descriptor;
    private final FileStatus opened;
    /** The room for the results of all calls, so that a look each second is cheap. Guarded by this. */
    private final MemorySegment errno = CFunction.errno(Arena.ofAuto());

    private final MemorySegment statx = Arena.ofAuto().allocate(STATX_BYTES, Long.BYTES);
    private final MemorySegment name;
    private final MemorySegment noName = Arena.ofAuto().allocateFrom("");

    /** The file that a path names, compared with the one that was opened. */
    public enum PathState {
        /** The same file. */
        SAME,
        /** No file. */
        GONE,
        /** Another file of the same mount. */
        REPLACED,
        /** A file of another mount. */
        COVERED,
        /** An unknown file: the path cannot be followed. */
        UNREACHABLE
    }

    /** The fields of statx(2) that are compared. */
    private record FileStatus(long links, long inode, long device, long mount) {
        static FileStatus of(MemorySegment statx) {
            return new FileStatus(
                    Integer.toUnsignedLong(statx.get(ValueLayout.JAVA_INT, 16)),
                    inode(statx),
                    device(statx),
                    statx.get(ValueLayout.JAVA_LONG, 144));
        }

        static long inode(MemorySegment statx) {
            return statx.get(ValueLayout.JAVA_LONG, 32);
        }

        /** Returns the time of change, in nanoseconds since 1970. */
        static long changed(MemorySegment statx) {
            return statx.get(ValueLayout.JAVA_LONG, 96) * 1_000_000_000 + statx.get(ValueLayout.JAVA_INT, 104);
        }

        /** Returns the two halves of the device number, major and minor, as one number. */
        static long device(MemorySegment statx) {
            return statx.get(ValueLayout.JAVA_LONG, 136);
        }

        boolean isSameFile(FileStatus other) {
            return inode == other.inode && device == other.device;
        }
    }

    private PinnedFile(Path path, int descriptor) throws PosixException {
        this.path = path;
        this.descriptor = descriptor;
        this.name = Arena.ofAuto().allocateFrom(path.toString());
        this.opened = status(descriptor, noName, AT_EMPTY_PATH);
    }

    /**
     * Pins the file that a path names, through symbolic links.
     *
     * @throws PosixException when it is not there or cannot be reached
     */
    public static PinnedFile open(Path path) throws PosixException {
        int descriptor;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment errno = CFunction.errno(arena);
            descriptor = OPEN.call(
                    errno,
                    arena.allocateFrom(path.toString()).address(),
                    Descriptors.O_PATH | Descriptors.O_CLOEXEC,
                    0);
            if (descriptor < 0) {
                throw new PosixException("open", CFunction.errnoOf(errno));
            }
        }
        try {
            return new PinnedFile(path, descriptor);
        } catch (PosixException e) {
            Descriptors.close(descriptor);
            throw e;
        }
    }

    /** Returns the path by which it was opened. */
    public Path path() {
        return path;
    }

    /** Compares the file that the path names now with the opened one, in one system call. */
    public synchronized PathState place() {
        try {
            FileStatus now = status(AT_FDCWD, name, 0);
            if (now.isSameFile(opened)) {
                return PathState.SAME;
            }
            return now.device() == opened.device() && now.mount() == opened.mount()
                    ? PathState.REPLACED
                    : PathState.COVERED;
        } catch (PosixException e) {
            return e.errno() == Errno.ENOENT || e.errno() == Errno.ENOTDIR ? PathState.GONE : PathState.UNREACHABLE;
        }
    }

    /**
     * Returns the time of the last change (inode(7), ctime), in ns since 1970; a folder also changes when an entry
     * comes or goes. {@link #ELSEWHERE}: its path does not name it any more. One system call, made for each commit.
     */
    public synchronized long changed() {
        if (STATX.call(errno, AT_FDCWD, name.address(), 0, MASK, statx.address()) != 0
                || FileStatus.inode(statx) != opened.inode()
                || FileStatus.device(statx) != opened.device()) {
            return ELSEWHERE;
        }
        return FileStatus.changed(statx);
    }

    /** Returns whether it was deleted: no path names it any more, and none ever will. */
    public synchronized boolean isDeleted() {
        try {
            return status(descriptor, noName, AT_EMPTY_PATH).links() == 0;
        } catch (PosixException e) {
            return false; // not known: the file may come back
        }
    }

    private FileStatus status(int folder, MemorySegment path, int flags) throws PosixException {
        if (STATX.call(errno, folder, path.address(), flags, MASK, statx.address()) != 0) {
            throw new PosixException("statx", CFunction.errnoOf(errno));
        }
        return FileStatus.of(statx);
    }

    @Override
    public void close() {
        Descriptors.close(descriptor);
    }
}
