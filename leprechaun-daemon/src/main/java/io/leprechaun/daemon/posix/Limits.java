package io.leprechaun.daemon.posix;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.function.IntSupplier;

/**
 * Resource limits (getrlimit(2)): that of open files, and that of file locks, RLIMIT_LOCKS, used as a tag. The kernel
 * has not enforced the latter since 2.4.25 (getrlimit(2)). Children inherit it whatever they do about their session,
 * their parent, their user or their environment.
 */
public final class Limits {
    /** The beginning of the line in {@code /proc/PID/limits} that shows the tag. */
    public static final String LINE = "Max file locks";

    /**
     * The longest word of a command and of its environment, in bytes without its end: the kernel's MAX_ARG_STRLEN, 32
     * pages of the smallest size. Where pages are larger, that limit is larger than a recipe's file may be.
     */
    public static final int LONGEST_WORD = 32 * 4096 - 1;

    private static final int RLIMIT_NOFILE = 7;
    private static final int RLIMIT_LOCKS = 10;
    private static final long PAIR = 16;

    /** A number of files that other threads will not open while a child is started. */
    private static final int RESERVED = 128;

    private static final CFunction DUP = CFunction.named("dup");
    private static final CFunction PRLIMIT = CFunction.named("prlimit64");

    /** The hard limit of file locks. An unprivileged process cannot raise it, nor undo a lowering, so it is kept. */
    private static final long HARD = limit(0, RLIMIT_LOCKS).hard();

    /** The limit of open files at our start, which our children get. */
    private static final Limit OPEN_FILES = limit(0, RLIMIT_NOFILE);

    private static volatile boolean raised;

    /** A soft and a hard limit. */
    private record Limit(long soft, long hard) {}

    private Limits() {}

    /**
     * Tags our own process, and so every child that is started before the next tag. Has no effect where our own hard
     * limit does not allow it.
     *
     * @param tag the tag, at least 0
     */
    public static void tag(long tag) {
        set(0, RLIMIT_LOCKS, new Limit(tag, HARD));
    }

    /**
     * Raises our own limit of open files to the hard one. To be called once, at the beginning. No child inherits it,
     * because programs that look at every number up to a high limit become slow.
     */
    public static void raiseOpenFiles() {
        set(0, RLIMIT_NOFILE, new Limit(OPEN_FILES.hard(), OPEN_FILES.hard()));
        raised = OPEN_FILES.soft() != OPEN_FILES.hard();
    }

    /**
     * Starts a child with the limit of open files that we had at our start. It is our own, too, during the call: the
     * moment in which a child reads it first is not known. Where too many files are open for that, the child gets the
     * limit just after its start.
     *
     * @param spawn the start of the child, which returns 0 or an error
     * @param pid the pid of the child, once it is started
     */
    static synchronized int startChild(IntSupplier spawn, IntSupplier pid) {
        if (!raised) {
            return spawn.getAsInt();
        }
        boolean roomy = firstFree() < OPEN_FILES.soft() - RESERVED;
        if (roomy) {
            set(0, RLIMIT_NOFILE, OPEN_FILES);
        }
        try {
            int error = spawn.getAsInt();
            if (error == 0 && !roomy) {
                set(pid.getAsInt(), RLIMIT_NOFILE, OPEN_FILES);
            }
            return error;
        } finally {
            if (roomy) {
                set(0, RLIMIT_NOFILE, new Limit(OPEN_FILES.hard(), OPEN_FILES.hard()));
            }
        }
    }

    /** Returns the lowest number that no open file has. */
    private static int firstFree() {
        int descriptor = DUP.call(0);
        if (descriptor < 0) {
            return Integer.MAX_VALUE;
        }
        Descriptors.close(descriptor);
        return descriptor;
    }

    private static void set(int pid, int resource, Limit to) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment limit = arena.allocate(PAIR, 8);
            limit.set(JAVA_LONG, 0, to.soft());
            limit.set(JAVA_LONG, 8, to.hard());
            PRLIMIT.call(pid, resource, limit.address(), 0);
        }
    }

    private static Limit limit(int pid, int resource) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment limit = arena.allocate(PAIR, 8);
            PRLIMIT.call(pid, resource, 0, limit.address());
            return new Limit(limit.get(JAVA_LONG, 0), limit.get(JAVA_LONG, 8));
        }
    }
}
