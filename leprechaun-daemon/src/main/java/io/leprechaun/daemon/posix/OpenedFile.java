package io.leprechaun.daemon.posix;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * A file that is held, so that it can be examined before it is read: Java examines paths only. Holding it has no effect
 * on it, not even on a device or a pipe (open(2), O_PATH). A link at the path's end is not followed.
 */
public final class OpenedFile implements AutoCloseable {
    private static final CFunction OPEN = CFunction.named("open");

    private final int descriptor;

    private OpenedFile(int descriptor) {
        this.descriptor = descriptor;
    }

    /**
     * Holds a file of any kind.
     *
     * @throws IOException as {@link Files#newInputStream} does
     */
    public static OpenedFile open(Path path) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment errno = CFunction.errno(arena);
            int flags = Descriptors.O_PATH | Descriptors.O_NOFOLLOW | Descriptors.O_CLOEXEC;
            int descriptor =
                    OPEN.call(errno, arena.allocateFrom(path.toString()).address(), flags);
            if (descriptor < 0) {
                throw exception(path, CFunction.errnoOf(errno));
            }
            return new OpenedFile(descriptor);
        }
    }

    private static IOException exception(Path path, int errno) {
        return switch (errno) {
            case Errno.ENOENT -> new NoSuchFileException(path.toString());
            case Errno.EACCES -> new AccessDeniedException(path.toString());
            default -> new FileSystemException(path.toString(), null, Errno.describe(errno));
        };
    }

    /** Returns a path that names the held file, until it is closed (proc_pid_fd(5)). */
    public Path path() {
        return Path.of("/proc/self/fd/" + descriptor);
    }

    /** Reads its first bytes, {@code most} at most. To be called only for a regular file. */
    public byte[] read(int most) throws IOException {
        try (InputStream in = Files.newInputStream(path())) {
            return in.readNBytes(most);
        }
    }

    @Override
    public void close() {
        Descriptors.close(descriptor);
    }
}
