package io.leprechaun.daemon.recipe;

/** The treatment of processes that a step leaves behind when it ends by itself. */
public enum Linger {
    /** The process goes on, and the run names it. */
    LEAVE,
    /** The process is ended. */
    KILL,
    /** The step is over when the process has ended too. */
    WAIT
}
