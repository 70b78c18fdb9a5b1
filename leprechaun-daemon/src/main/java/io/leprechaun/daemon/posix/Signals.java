package io.leprechaun.daemon.posix;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/** Signals by number, name and delivery. */
public final class Signals {
    public static final int KILL = 9;
    public static final int TERM = 15;
    public static final int CONT = 18;

    /** No signal: only the existence of the process is checked. */
    public static final int NONE = 0;

    private static final CFunction NAMES = CFunction.named("sigabbrev_np");
    private static final CFunction SEND = CFunction.named("kill");

    private Signals() {}

    /** Returns the short name of a signal, {@code KILL} for example; empty for a number that has none. */
    public static Optional<String> name(int signal) {
        return CFunction.text(NAMES.callLong(signal));
    }

    /**
     * Sends a signal to a process.
     *
     * @param pid the process, 2 or more, not our own
     * @return whether there is such a process, zombies too; it may be one that we are not permitted to signal
     */
    public static boolean send(int pid, int signal) {
        if (pid <= 1 || pid == Self.PID) {
            throw new IllegalArgumentException("invalid process to signal: " + pid);
        }
        return kill(pid, signal);
    }

    /**
     * Sends a signal to every process of a group.
     *
     * @param group the pid of its first leader, 2 or more, not our own
     * @return whether the group has a member, zombies too
     */
    public static boolean sendToGroup(int group, int signal) {
        if (group <= 1 || group == Self.PID) {
            throw new IllegalArgumentException("invalid process group to signal: " + group);
        }
        return kill(-group, signal);
    }

    /**
     * Returns whether a process exists that we are not permitted to signal: one of another user, where we are not root.
     */
    public static boolean isBarred(int pid) {
        return errno(pid, NONE) == Errno.EPERM;
    }

    private static boolean kill(int target, int signal) {
        return errno(target, signal) != Errno.ESRCH;
    }

    /** Sends a signal, and returns 0 or the error. */
    private static int errno(int target, int signal) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment errno = CFunction.errno(arena);
            return SEND.call(errno, target, signal) == 0 ? 0 : CFunction.errnoOf(errno);
        }
    }
}
