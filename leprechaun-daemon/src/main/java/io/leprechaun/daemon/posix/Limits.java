package io.leprechaun.daemon.posix;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Resource limits (getrlimit(2)): that of open files, and that of file locks, RLIMIT_LOCKS, used as a tag. The kernel has not heeded it since 2.4.25 (getrlimit(2)), and a process hands it to its children whatever they do about
 * their session, their parent, their user or their environment.
 */
public final class Limits {
    /** How the line begins in {@code /proc/PID/limits} that shows it. */
    public static final String LINE = "Max file locks";

    private static final int RLIMIT_NOFILE = 7;
    private static final int RLIMIT_LOCKS = 10;
    private static final long PAIR = 16;

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

    /** Gives a child the limit of open files that we were started with, a moment after it was started. */
    static void restoreOpenFiles(int pid) {
        if (raised) {
            set(pid, RLIMIT_NOFILE, OPEN_FILES);
        }
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
