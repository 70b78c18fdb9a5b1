package io.leprechaun.daemon.posix;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A watch that reports the next write to each file, as far as the system has room for it: {@link #reopen} tries again.
 * Any thread may add files. Waiting, reopening and closing are for one thread.
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

    private static final int NONE = -1; // poll(2) skips it

    private volatile int descriptor = NONE;
    private final Descriptors.Pipe alarm;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment room = arena.allocate(ROOM, 8);
    private final MemorySegment polled = arena.allocate(16, 8);

    /**
     * Creates a watch that reports nothing until it is reopened.
     *
     * @throws PosixException when there are too many open files
     */
    public Inotify() throws PosixException {
        alarm = Descriptors.pipe();
        waitFor(0, NONE);
        waitFor(8, alarm.read());
    }

    /**
     * Begins to report writes, unless it does so already.
     *
     * @throws PosixException when there are too many instances (fs.inotify.max_user_instances), or too many open files
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

    /** Returns whether it reports writes. */
    public boolean isOpen() {
        return descriptor != NONE;
    }

    private void waitFor(long offset, int which) {
        polled.set(JAVA_INT, offset, which);
        polled.set(JAVA_SHORT, offset + 4, POLLIN);
    }

    /**
     * Watches for the next write to a file, and for no later one.
     *
     * @return the number by which {@link #await} reports it
     * @throws PosixException when the file is not there (ENOENT), too many are watched (fs.inotify.max_user_watches),
     *     or it is not open
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

    /** Ends the watch of a file; has no effect after its write was reported. */
    public void forget(int watch) {
        REMOVE.call(descriptor, watch);
    }

    /** Ends the current wait, or else the next one. */
    public void wake() {
        WRITE.callLong(alarm.write(), room.address(), 1);
    }

    /**
     * Waits for a write or a call of {@link #wake}, and blocks a platform thread.
     *
     * @param millis the longest wait in milliseconds; -1: no limit
     * @return the numbers of the files that were written, some of which may have been forgotten since
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
