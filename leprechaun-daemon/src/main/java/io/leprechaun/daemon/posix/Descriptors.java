package io.leprechaun.daemon.posix;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Operations on file descriptors that Java does not offer, and descriptors outside Java's control. Children do not
 * inherit any of these.
 */
public final class Descriptors {
    static final int O_CLOEXEC = 02000000;
    static final int O_NONBLOCK = 04000;
    /** The flag that holds a file, and opens it neither for reading nor for writing. */
    static final int O_PATH = 010000000;
    /** The flag that follows no link; the only one that differs between machines. */
    static final int O_NOFOLLOW = System.getProperty("os.arch").equals("aarch64") ? 0100000 : 0400000;

    private static final CFunction PIPE2 = CFunction.named("pipe2");
    private static final CFunction CLOSE = CFunction.named("close");
    private static final CFunction ISATTY = CFunction.named("isatty");

    private Descriptors() {}

    /** The two ends of a kernel pipe; the caller that opens it closes both. */
    public record Pipe(int read, int write) {}

    /**
     * Opens a pipe.
     *
     * @throws PosixException when there are too many open files
     */
    public static Pipe pipe() throws PosixException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment ends = arena.allocate(JAVA_INT, 2);
            MemorySegment errno = CFunction.errno(arena);
            if (PIPE2.call(errno, ends.address(), O_CLOEXEC) != 0) {
                throw new PosixException("pipe2", CFunction.errnoOf(errno));
            }
            return new Pipe(ends.getAtIndex(JAVA_INT, 0), ends.getAtIndex(JAVA_INT, 1));
        }
    }

    /** Returns whether a descriptor is a terminal. */
    public static boolean isTerminal(int descriptor) {
        return ISATTY.call(descriptor) == 1;
    }

    /** Closes a descriptor; errors are ignored, because there is no remedy. */
    public static void close(int descriptor) {
        CLOSE.call(descriptor);
    }
}
