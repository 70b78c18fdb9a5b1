package io.leprechaun.daemon.posix;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Tells of the next write to files, as far as the system has room for that: {@link #reopen} tries again. Watching may be asked for by any thread, waiting, reopening and closing is for
 * one.
 */
public final class Inotify implements AutoCloseable {
    private static final int IN_MODIFY = 0x02;
    private static final int IN_ONESHOT = 0x80000000;
    private static final int IN_NONBLOCK = 04000;
    private static final short POLLIN = 1;
    private static final long ROOM = 16 * 1024;
    private static final long EVENT = 16;

    private static final CFunction INIT = CFunction.named("inotify_init1");
    private static final CFunction ADD = CFunction.named("inotify_add_watch");
    private static final CFunction REMOVE = CFunction.named("inotify_rm_watch");
    private static final CFunction POLL = CFunction.named("poll");
    private static final CFunction READ = CFunction.named("read");
    private static final CFunction WRITE = CFunction.named("write");

    private static final int NONE = -1; // poll(2) passes over it

    private volatile int descriptor = NONE;
    private final Descriptors.Pipe alarm;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment room = arena.allocate(ROOM, 8);
    private final MemorySegment polled = arena.allocate(16, 8);

    /**
     * One that tells of nothing until it was opened again.
     *
     * @throws PosixException when there are too many open files
     */
    public Inotify() throws PosixException {
        alarm = Descriptors.pipe();
        waitFor(0, NONE);
        waitFor(8, alarm.read());
    }

    /**
     * Begins to tell, if it does not yet.
     *
     * @throws PosixException when there are too many already (fs.inotify.max_user_instances), or too many open files
     */
    public void reopen() throws PosixException {
        if (descriptor != NONE) {
            return;
        }
        try (Arena call = Arena.ofConfined()) {
            MemorySegment errno = CFunction.errno(call);
            int opened = INIT.call(errno, IN_NONBLOCK | Descriptors.O_CLOEXEC);
            if (opened < 0) {
                throw new PosixException("inotify_init1", CFunction.errnoOf(errno));
            }
            descriptor = opened;
        }
        waitFor(0, descriptor);
    }

    /** Whether it tells of writes. */
    public boolean isOpen() {
        return descriptor != NONE;
    }

    private void waitFor(long offset, int which) {
        polled.set(JAVA_INT, offset, which);
        polled.set(JAVA_SHORT, offset + 4, POLLIN);
    }

    /**
     * Watches for the next write to a file, and no further.
     *
     * @return the number by which {@link #await} tells of it
     * @throws PosixException when the file is not there (ENOENT), too many are watched (fs.inotify.max_user_watches), or it is not open
     */
    public int watchOnce(Path file) throws PosixException {
        try (Arena call = Arena.ofConfined()) {
            MemorySegment errno = CFunction.errno(call);
            int watch = ADD.call(
                    errno, descriptor, call.allocateFrom(file.toString()).address(), IN_MODIFY | IN_ONESHOT);
            if (watch < 0) {
                throw new PosixException("inotify_add_watch", CFunction.errnoOf(errno));
            }
            return watch;
        }
    }

    /** Watches no more; does nothing for what has been told of. */
    public void forget(int watch) {
        REMOVE.call(descriptor, watch);
    }

    /** Ends the waiting, or the next one. */
    public void wake() {
        WRITE.callLong(alarm.write(), room.address(), 1);
    }

    /**
     * Waits until something was written or somebody wakes it, blocking a platform thread.
     *
     * @param millis how long at most; -1: for ever
     * @return the numbers of what was written to, some of them perhaps forgotten since
     */
    public List<Integer> await(int millis) {
        int ready = POLL.call(polled.address(), 2, millis);
        if (ready > 0 && polled.get(JAVA_SHORT, 14) != 0) {
            READ.callLong(alarm.read(), room.address(), ROOM);
        }
        if (ready <= 0 || polled.get(JAVA_SHORT, 6) == 0) {
            return List.of();
        }
        long length = READ.callLong(descriptor, room.address(), ROOM);
        var watches = new ArrayList<Integer>();
        for (long at = 0; at + EVENT <= length; at += EVENT + room.get(JAVA_INT, at + 12)) {
            watches.add(room.get(JAVA_INT, at));
        }
        return watches;
    }

    @Override
    public void close() {
        if (isOpen()) {
            Descriptors.close(descriptor);
        }
        Descriptors.close(alarm.read());
        Descriptors.close(alarm.write());
        arena.close();
    }
}
