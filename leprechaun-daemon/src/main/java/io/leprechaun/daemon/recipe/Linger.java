package io.leprechaun.daemon.recipe;

/** What happens to a process that a step left behind when it ended by itself. */
public enum Linger {
    /** It goes on, and the run names it. */
    LEAVE,
    /** It is ended. */
    KILL,
    /** The step is over when it has ended too. */
    WAIT
}
