package io.leprechaun.daemon.agent;

import java.util.Locale;

/** Where a service is in its life. */
public enum Status {
    /** What is due is started. */
    STARTED,
    /** What is due is held, what waits goes on waiting, what works goes on working. */
    PAUSED,
    /** Nothing becomes due. */
    STOPPED;

    /** As the API spells it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
