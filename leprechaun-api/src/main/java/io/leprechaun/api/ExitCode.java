package io.leprechaun.api;

/** What the client's process ends with. Documented in the README and never reused for something else. */
public enum ExitCode {
    /** Done. */
    OK(0),
    /** The run (or the check) failed. */
    FAILED(1),
    /** Wrong usage, or a file that does not load. */
    USAGE(2),
    /** No such agent, command, recipe or run. */
    NOT_FOUND(3),
    /** Refused by policy: overlap, paused, queue full. */
    REFUSED(4),
    /** The daemon cannot be reached. */
    UNREACHABLE(5),
    /** The time that the caller was willing to wait is over. */
    TIMED_OUT(6),
    /** The caller may not do this. */
    NOT_PERMITTED(7),
    /** A defect of Leprechaun itself. */
    DEFECT(70);

    private final int number;

    ExitCode(int number) {
        this.number = number;
    }

    /** The number a process exits with, 0 to 70. */
    public int number() {
        return number;
    }
}
