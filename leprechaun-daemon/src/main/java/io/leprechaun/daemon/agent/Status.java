package io.leprechaun.daemon.agent;

import io.leprechaun.api.text.Style;
import java.util.Locale;

/** Where a service is in its life. */
public enum Status {
    /** What is due is started. */
    STARTED,
    /** As started, but for what comes from elsewhere, which cannot reach it. */
    BROKEN,
    /** What is due is held, what waits goes on waiting, what works goes on working. */
    PAUSED,
    /** Nothing becomes due. */
    STOPPED;

    /** Whether what is due is started. */
    public boolean isOpen() {
        return this == STARTED || this == BROKEN;
    }

    /** How it is shown. */
    public Style style() {
        return switch (this) {
            case STARTED -> Style.GOOD;
            case BROKEN -> Style.BAD;
            case PAUSED, STOPPED -> Style.WARN;
        };
    }

    /** As the API spells it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
