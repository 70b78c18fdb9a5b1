package io.leprechaun.daemon.posix;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * The limit of file locks, RLIMIT_LOCKS, used as a tag. The kernel has not heeded it since 2.4.25 (getrlimit(2)), and a process hands it to its children whatever they do about
 * their session, their parent, their user or their environment.
 */
public final class Limits {
    /** How the line begins in {@code /proc/PID/limits} that shows it. */
    public static final String LINE = "Max file locks";

    private static final int RLIMIT_LOCKS = 10;
    private static final long PAIR = 16;

    private static final CFunction PRLIMIT = CFunction.named("prlimit64");

    /** Nobody may raise it, and to lower it is for nobody to undo. */
    private static final long HARD = hard();

    private Limits() {}

    /**
     * Tags ourselves, and so every child that is started until the next time; not where our own hard limit does not allow it.
     *
     * @param tag at least 0
     */
    public static void tag(long tag) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment limit = arena.allocate(PAIR, 8);
            limit.set(JAVA_LONG, 0, tag);
            limit.set(JAVA_LONG, 8, HARD);
            PRLIMIT.call(0, RLIMIT_LOCKS, limit.address(), 0);
        }
    }

    private static long hard() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment limit = arena.allocate(PAIR, 8);
            PRLIMIT.call(0, RLIMIT_LOCKS, 0, limit.address());
            return limit.get(JAVA_LONG, 8);
        }
    }
}
