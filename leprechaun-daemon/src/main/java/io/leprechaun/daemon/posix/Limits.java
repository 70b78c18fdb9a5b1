package io.leprechaun.daemon.posix;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.function.IntSupplier;

/**
 * Resource limits (getrlimit(2)): that of open files, and that of file locks, RLIMIT_LOCKS, used as a tag. The kernel has not heeded it since 2.4.25 (getrlimit(2)), and a process hands it to its children whatever they do about
 * their session, their parent, their user or their environment.
 */
public final class Limits {
    /** How the line begins in {@code /proc/PID/limits} that shows it. */
    public static final String LINE = "Max file locks";

    /**
     * The longest word of a command and of its environment, in bytes without its end: the kernel's MAX_ARG_STRLEN, 32 pages of the smallest size. Where pages are larger it is more than a recipe's file may
     * have.
     */
    public static final int LONGEST_WORD = 32 * 4096 - 1;

    private static final int RLIMIT_NOFILE = 7;
    private static final int RLIMIT_LOCKS = 10;
    private static final long PAIR = 16;

    /** More files than others open while a child is started. */
    private static final int RESERVED = 128;

    private static final CFunction DUP = CFunction.named("dup");
    private static final CFunction PRLIMIT = CFunction.named("prlimit64");

    /** Nobody may raise it, and to lower it is for nobody to undo. */
    private static final long HARD = limit(0, RLIMIT_LOCKS).hard();

    /** What we were started with, which is what our children get. */
    private static final Limit OPEN_FILES = limit(0, RLIMIT_NOFILE);

    private static volatile boolean raised;

    /** A soft and a hard limit. */
    private record Limit(long soft, long hard) {}

    private Limits() {}

    /**
     * Tags ourselves, and so every child that is started until the next time; not where our own hard limit does not allow it.
     *
     * @param tag at least 0
     */
    public static void tag(long tag) {
        set(0, RLIMIT_LOCKS, new Limit(tag, HARD));
    }

    /** Takes for ourselves as many open files as we may have. To be called once, at the beginning. Programs that look at every number up to the soft limit get slow by a high one, so no child inherits it. */
    public static void raiseOpenFiles() {
        set(0, RLIMIT_NOFILE, new Limit(OPEN_FILES.hard(), OPEN_FILES.hard()));
        raised = OPEN_FILES.soft() != OPEN_FILES.hard();
    }

    /**
     * Starts a child with the limit of open files that we were started with. Meanwhile it is our own, too: nobody can tell when a child asks for it first. Where so many files are open that
     * somebody could miss the rest in that moment, the child is given it a moment later.
     *
     * @param spawn starts it and gives 0, or an error
     * @param pid where its pid stands then
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

    /** The lowest number that no open file has. */
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
