package io.leprechaun.daemon.posix;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * A kernel pipe for the output of a process. Every user may open its write end again, as {@code /dev/stderr} and
 * {@code /dev/stdout} do. Only a process that has the pipe can do so. Not thread-safe.
 */
public final class OutputPipe implements ChildOutput, AutoCloseable {
    /** The result of reading when no process can write any more, and all was read. */
    public static final int ENDED = 0;

    /** The result of reading when nothing is in the pipe now. */
    public static final int EMPTY = -1;

    private static final int F_SETFL = 4;
    private static final int F_SETPIPE_SZ = 1031;
    private static final int SPLICE_F_MOVE = 1;
    private static final int SPLICE_F_NONBLOCK = 2;
    private static final int WRITABLE_BY_ALL = 0622;

    private static final CFunction FCHMOD = CFunction.named("fchmod");
    private static final CFunction FCNTL = CFunction.named("fcntl");
    private static final CFunction READ = CFunction.named("read");
    private static final CFunction SPLICE = CFunction.named("splice");

    private static final int CLOSED = -1;

    private int readEnd = CLOSED;
    private int writeEnd = CLOSED;

    /** Opens both ends, and returns the one to write into. */
    @Override
    public int open() throws PosixException {
        close();
        Descriptors.Pipe ends = Descriptors.pipe();
        readEnd = ends.read();
        writeEnd = ends.write();
        FCNTL.call(readEnd, F_SETFL, Descriptors.O_NONBLOCK);
        FCHMOD.call(readEnd, WRITABLE_BY_ALL);
        return writeEnd;
    }

    /** Closes the end to write into: only the process has it from now on. */
    @Override
    public void started() {
        if (writeEnd != CLOSED) {
            Descriptors.close(writeEnd);
            writeEnd = CLOSED;
        }
    }

    /** Returns the end to read from; negative: it is not open. */
    public int readEnd() {
        return readEnd;
    }

    /** Makes room for a number of bytes, as far as the system allows it (fs.pipe-max-size). */
    public void enlarge(int bytes) {
        FCNTL.call(readEnd, F_SETPIPE_SZ, bytes);
    }

    /** Reads into a buffer. Returns the number of bytes, {@link #ENDED} or {@link #EMPTY}. */
    public int read(byte[] buffer) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment room = arena.allocate(buffer.length);
            int count = (int) READ.callLong(readEnd, room.address(), room.byteSize());
            if (count > 0) {
                MemorySegment.copy(room, JAVA_BYTE, 0, buffer, 0, count);
            }
            return Math.max(EMPTY, count);
        }
    }

    /**
     * Moves output into a file at an offset, without a copy here. Returns the number of bytes, {@link #ENDED} or
     * {@link #EMPTY}.
     *
     * @throws PosixException when the file cannot be written
     */
    public long moveTo(SparseFile file, long offset, long most) throws PosixException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment errno = CFunction.errno(arena);
            MemorySegment at = arena.allocateFrom(JAVA_LONG, offset);
            long moved = SPLICE.callLong(
                    errno, readEnd, 0, file.descriptor(), at.address(), most, SPLICE_F_MOVE | SPLICE_F_NONBLOCK);
            if (moved >= 0) {
                return moved;
            }
            if (CFunction.errnoOf(errno) == Errno.EAGAIN) {
                return EMPTY;
            }
            throw new PosixException("splice", CFunction.errnoOf(errno));
        }
    }

    @Override
    public void close() {
        started();
        if (readEnd != CLOSED) {
            Descriptors.close(readEnd);
            readEnd = CLOSED;
        }
    }
}
