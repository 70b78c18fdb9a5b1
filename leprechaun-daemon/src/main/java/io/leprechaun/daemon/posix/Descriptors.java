package io.leprechaun.daemon.posix;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** File descriptors that Java does not know. None of them reaches a child by accident. */
public final class Descriptors {
    static final int O_CLOEXEC = 02000000;

    private static final MethodHandle PIPE2 =
            Native.functionWithErrno("pipe2", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT));
    private static final MethodHandle CLOSE = Native.function("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));

    private Descriptors() {}

    /** The two ends of a kernel pipe; who opens it closes both. */
    public record Pipe(int read, int write) {}

    /**
     * Opens a pipe.
     *
     * @throws PosixException when there are too many open files
     */
    public static Pipe pipe() throws PosixException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment ends = arena.allocate(JAVA_INT, 2);
            MemorySegment errno = Native.errno(arena);
            if (pipe2(errno, ends) != 0) {
                throw new PosixException("pipe2", Native.errnoOf(errno));
            }
            return new Pipe(ends.getAtIndex(JAVA_INT, 0), ends.getAtIndex(JAVA_INT, 1));
        }
    }

    /** Closes a descriptor; what goes wrong then cannot be helped. */
    public static void close(int descriptor) {
        try {
            int ignored = (int) CLOSE.invokeExact(descriptor);
        } catch (Throwable e) {
            throw Native.misbound(e);
        }
    }

    private static int pipe2(MemorySegment errno, MemorySegment ends) {
        try {
            return (int) PIPE2.invokeExact(errno, ends, O_CLOEXEC);
        } catch (Throwable e) {
            throw Native.misbound(e);
        }
    }
}
