package io.leprechaun.api;

/** Where a verb is answered. */
public enum AnsweredBy {
    /** The daemon answers. */
    DAEMON,
    /** The daemon answers; where none does, {@code leprechaund offline} reads its state folder. */
    DAEMON_OR_OFFLINE,
    /** {@code leprechaund offline} answers: no daemon is needed. */
    OFFLINE,
    /** As {@link #OFFLINE}, in the state folder of the daemon that other commands would ask. */
    OFFLINE_IN_STATE,
    /** The client answers. */
    CLIENT;

    /** Whether a daemon answers where one runs. */
    public boolean isDaemon() {
        return this == DAEMON || this == DAEMON_OR_OFFLINE;
    }

    /** Whether {@code leprechaund offline} can answer. */
    public boolean isOffline() {
        return this == DAEMON_OR_OFFLINE || this == OFFLINE || this == OFFLINE_IN_STATE;
    }
}
