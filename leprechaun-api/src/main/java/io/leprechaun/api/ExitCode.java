package io.leprechaun.api;

/** The exit codes of the client. Documented in the reference, and never reused for something else. */
public enum ExitCode {
    /** Done. */
    OK(0, "done"),
    /** The run (or the check) failed. */
    FAILED(1, "the run failed, or a check found a problem"),
    /** Wrong usage, or a file that does not load. */
    USAGE(2, "invalid usage, or a file that does not load"),
    /** No such agent, command, recipe or run. */
    NOT_FOUND(3, "no such agent, command, recipe or run"),
    /** Refused by policy: overlap, paused, queue full. */
    REFUSED(4, "refused: overlap, paused, queue full, or not stored"),
    /** The daemon cannot be reached. */
    UNREACHABLE(5, "the daemon cannot be reached"),
    /** The time that the caller was willing to wait is over. */
    TIMED_OUT(6, "timed out; the run continues"),
    /** The caller may not do this. */
    NOT_PERMITTED(7, "not permitted"),
    /** A defect of Leprechaun itself. */
    DEFECT(70, "an internal error of Leprechaun"),
    /** The daemon cannot start now, but perhaps later: EX_TEMPFAIL of sysexits.h. */
    NOT_NOW(75, "the daemon cannot start for the moment: a lock or a disk");

    private final int number;
    private final String meaning;

    ExitCode(int number, String meaning) {
        this.number = number;
        this.meaning = meaning;
    }

    /** Returns the number of the exit code, 0 to 75. */
    public int number() {
        return number;
    }

    /** Returns the meaning of the exit code, for users. */
    public String meaning() {
        return meaning;
    }
}
