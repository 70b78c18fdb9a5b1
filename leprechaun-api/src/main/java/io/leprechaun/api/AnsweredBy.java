package io.leprechaun.api;

/** The program that answers a verb. */
public enum AnsweredBy {
    /** The daemon answers. */
    DAEMON,
    /** The daemon answers; without one, {@code leprechaund offline} reads its state folder. */
    DAEMON_OR_OFFLINE,
    /** {@code leprechaund offline} answers: no daemon is needed. */
    OFFLINE,
    /** As {@link #OFFLINE}, in the state folder of the daemon that other commands would ask. */
    OFFLINE_IN_STATE,
    /** The client answers. */
    CLIENT;

    /** Returns whether the daemon answers, if one runs. */
    public boolean isDaemon() {
        return this == DAEMON || this == DAEMON_OR_OFFLINE;
    }

    /** Returns whether {@code leprechaund offline} can answer. */
    public boolean isOffline() {
        return this == DAEMON_OR_OFFLINE || this == OFFLINE || this == OFFLINE_IN_STATE;
    }
}
