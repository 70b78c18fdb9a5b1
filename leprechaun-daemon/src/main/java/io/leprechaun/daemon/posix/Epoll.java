package io.leprechaun.daemon.posix;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/**
 * A wait for many pipes at once (epoll(7)). A pipe is reported once, when it has something to read or has no writer any
 * more, and again only after it was armed again. A closed pipe may still be reported by a wait under way. Any thread
 * may arm and wake. Awaiting and closing are for one thread.
 */
public final class Epoll implements AutoCloseable {
    private static final int ADD = 1;
    private static final int MODIFY = 3;
    private static final int READABLE = 1;
    private static final int ONE_SHOT = 1 << 30;
    private static final int MOST = 64;

    /** The kernel packs the structure on one kind of machine (epoll_ctl(2)). */
    private static final long KEY = System.getProperty("os.arch").equals("amd64") ? 4 : 8;

    private static final long EVENT = KEY + 8;
    private static final long WAKE = 0;

    private static final CFunction CREATE = CFunction.named("epoll_create1");
    private static final CFunction CONTROL = CFunction.named("epoll_ctl");
    private static final CFunction WAIT = CFunction.named("epoll_wait");
    private static final CFunction EVENTFD = CFunction.named("eventfd");
    private static final CFunction READ = CFunction.named("read");
    private static final CFunction WRITE = CFunction.named("write");

    private final int descriptor;
    private final int alarm;
    /** Guarded by this. */
    private boolean closed;

    private final Arena arena = Arena.ofShared();
    private final MemorySegment events = arena.allocate(MOST * EVENT, 8);
    private final MemorySegment count = arena.allocate(JAVA_LONG);
    private final MemorySegment one = arena.allocateFrom(JAVA_LONG, 1);

    /**
     * Creates a wait for nothing yet.
     *
     * @throws PosixException when there are too many open files
     */
    public Epoll() throws PosixException {
        descriptor = opened("epoll_create1", CREATE, Descriptors.O_CLOEXEC);
        alarm = opened("eventfd", EVENTFD, 0, Descriptors.O_NONBLOCK | Descriptors.O_CLOEXEC);
        control(ADD, alarm, READABLE, WAKE);
    }

    private static int opened(String call, CFunction function, long... arguments) throws PosixException {
        try (Arena room = Arena.ofConfined()) {
            MemorySegment errno = CFunction.errno(room);
            int opened = function.call(errno, arguments);
            if (opened < 0) {
                throw new PosixException(call, CFunction.errnoOf(errno));
            }
            return opened;
        }
    }

    /**
     * Waits for a pipe for the first time.
     *
     * @param key the positive number by which {@link #await} reports it
     * @throws PosixException when the system waits for too many (fs.epoll.max_user_watches)
     */
    public void arm(OutputPipe pipe, long key) throws PosixException {
        control(ADD, pipe.readEnd(), READABLE | ONE_SHOT, key);
    }

    /** Waits for a pipe again, after it was reported. */
    public void armAgain(OutputPipe pipe, long key) throws PosixException {
        control(MODIFY, pipe.readEnd(), READABLE | ONE_SHOT, key);
    }

    private void control(int operation, int which, int flags, long key) throws PosixException {
        try (Arena room = Arena.ofConfined()) {
            MemorySegment errno = CFunction.errno(room);
            MemorySegment event = room.allocate(EVENT, 8);
            event.set(JAVA_INT_UNALIGNED, 0, flags);
            event.set(JAVA_LONG_UNALIGNED, KEY, key);
            if (CONTROL.call(errno, descriptor, operation, which, event.address()) != 0) {
                throw new PosixException("epoll_ctl", CFunction.errnoOf(errno));
            }
        }
    }

    /** Ends the current wait, or else the next one; does nothing once it is closed. */
    public synchronized void wake() {
        if (!closed) { // the number may be another file's by now
            WRITE.callLong(alarm, one.address(), one.byteSize());
        }
    }

    /**
     * Waits for a report or a call of {@link #wake}, and blocks a platform thread.
     *
     * @param millis the longest wait in milliseconds; -1: no limit
     * @return the keys of the reported pipes
     */
    public List<Long> await(int millis) {
        int ready = WAIT.call(descriptor, events.address(), MOST, millis);
        var keys = new ArrayList<Long>();
        for (int i = 0; i < ready; i++) {
            long key = events.get(JAVA_LONG_UNALIGNED, i * EVENT + KEY);
            if (key == WAKE) {
                READ.callLong(alarm, count.address(), count.byteSize());
            } else {
                keys.add(key);
            }
        }
        return keys;
    }

    @Override
    public synchronized void close() {
        closed = true;
        Descriptors.close(descriptor);
        Descriptors.close(alarm);
        arena.close();
    }
}
