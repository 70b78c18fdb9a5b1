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

/** A file that is open for reading, so that it can be looked at after the opening: Java looks at paths only. Opening it waits for nothing, and follows no link at the path's end. */
public final class OpenedFile implements AutoCloseable {
    private static final int O_NOCTTY = 0400;
    private static final int O_NONBLOCK = 04000;
    private static final CFunction OPEN = CFunction.named("open");

    private final int descriptor;

    private OpenedFile(int descriptor) {
        this.descriptor = descriptor;
    }

    /**
     * Opens a file, whatever kind it is of.
     *
     * @throws IOException as {@link Files#newInputStream} does
     */
    public static OpenedFile open(Path path) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment errno = CFunction.errno(arena);
            int flags = Descriptors.O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | Descriptors.O_CLOEXEC;
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

    /** A path that names what was opened, as long as it is open (proc_pid_fd(5)). */
    public Path path() {
        return Path.of("/proc/self/fd/" + descriptor);
    }

    /** Its first bytes, {@code most} at most. */
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
