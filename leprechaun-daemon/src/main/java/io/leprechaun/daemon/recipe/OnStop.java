package io.leprechaun.daemon.recipe;

/** What happens to a run when the daemon stops. */
public enum OnStop {
    /** It may finish, within the daemon's limit. */
    WAIT,
    /** It is killed. */
    KILL
}
