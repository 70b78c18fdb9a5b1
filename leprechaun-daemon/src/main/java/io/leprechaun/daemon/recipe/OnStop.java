package io.leprechaun.daemon.recipe;

/** The treatment of a run when the daemon stops. */
public enum OnStop {
    /** The run may finish, within the daemon's limit. */
    WAIT,
    /** The run is killed. */
    KILL
}
