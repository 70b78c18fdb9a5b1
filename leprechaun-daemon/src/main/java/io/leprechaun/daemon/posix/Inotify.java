package io.leprechaun.daemon.posix;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Tells of the next write to files. Watching may be asked for by any thread, waiting and closing is for one. */
public final class Inotify implements AutoCloseable {
    private static final int IN_MODIFY = 0x02;
    private static final int IN_ONESHOT = 0x80000000;
    private static final int IN_NONBLOCK = 04000;
    private static final short POLLIN = 1;
    private static final long ROOM = 16 * 1024;
    private static final long EVENT = 16;

    private static final MethodHandle INIT =
            Native.functionWithErrno("inotify_init1", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
    private static final MethodHandle ADD =
            Native.functionWithErrno("inotify_add_watch", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT));
    private static final MethodHandle REMOVE =
            Native.function("inotify_rm_watch", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT));
    private static final MethodHandle POLL =
            Native.function("poll", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT));
    private static final MethodHandle READ =
            Native.function("read", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG));
    private static final MethodHandle WRITE =
            Native.function("write", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG));

    private final int descriptor;
    private final Descriptors.Pipe alarm;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment room = arena.allocate(ROOM, 8);
    private final MemorySegment polled = arena.allocate(16, 8);

    /** @throws PosixException when there are too many already (fs.inotify.max_user_instances) */
    public Inotify() throws PosixException {
        try (Arena call = Arena.ofConfined()) {
            MemorySegment errno = Native.errno(call);
            descriptor = (int) INIT.invokeExact(errno, IN_NONBLOCK | Descriptors.O_CLOEXEC);
            if (descriptor < 0) {
                throw new PosixException("inotify_init1", Native.errnoOf(errno));
            }
        } catch (PosixException e) {
            throw e;
        } catch (Throwable e) {
            throw Native.misbound(e);
        }
        alarm = Descriptors.pipe();
        waitFor(0, descriptor);
        waitFor(8, alarm.read());
    }

    private void waitFor(long offset, int which) {
        polled.set(JAVA_INT, offset, which);
        polled.set(JAVA_SHORT, offset + 4, POLLIN);
    }

    /**
     * Watches for the next write to a file, and no further.
     *
     * @return the number by which {@link #await} tells of it
     * @throws PosixException when the file is not there, or too many are watched (fs.inotify.max_user_watches)
     */
    public int watchOnce(Path file) throws PosixException {
        try (Arena call = Arena.ofConfined()) {
            MemorySegment errno = Native.errno(call);
            int watch = (int)
                    ADD.invokeExact(errno, descriptor, call.allocateFrom(file.toString()), IN_MODIFY | IN_ONESHOT);
            if (watch < 0) {
                throw new PosixException("inotify_add_watch", Native.errnoOf(errno));
            }
            return watch;
        } catch (PosixException e) {
            throw e;
        } catch (Throwable e) {
            throw Native.misbound(e);
        }
    }

    /** Watches no more; does nothing for what has been told of. */
    public void forget(int watch) {
        try {
            int ignored = (int) REMOVE.invokeExact(descriptor, watch);
        } catch (Throwable e) {
            throw Native.misbound(e);
        }
    }

    /** Ends the waiting, or the next one. */
    public void wake() {
        try {
            long ignored = (long) WRITE.invokeExact(alarm.write(), room, 1L);
        } catch (Throwable e) {
            throw Native.misbound(e);
        }
    }

    /**
     * Waits until something was written or somebody wakes it, blocking a platform thread.
     *
     * @param millis how long at most; -1: for ever
     * @return the numbers of what was written to, some of them perhaps forgotten since
     */
    public List<Integer> await(int millis) {
        try {
            int ready = (int) POLL.invokeExact(polled, 2L, millis);
            if (ready > 0 && polled.get(JAVA_SHORT, 14) != 0) {
                long ignored = (long) READ.invokeExact(alarm.read(), room, ROOM);
            }
            if (ready <= 0 || polled.get(JAVA_SHORT, 6) == 0) {
                return List.of();
            }
            long length = (long) READ.invokeExact(descriptor, room, ROOM);
            var watches = new ArrayList<Integer>();
            for (long at = 0; at + EVENT <= length; at += EVENT + room.get(JAVA_INT, at + 12)) {
                watches.add(room.get(JAVA_INT, at));
            }
            return watches;
        } catch (Throwable e) {
            throw Native.misbound(e);
        }
    }

    @Override
    public void close() {
        Descriptors.close(descriptor);
        Descriptors.close(alarm.read());
        Descriptors.close(alarm.write());
        arena.close();
    }
}
