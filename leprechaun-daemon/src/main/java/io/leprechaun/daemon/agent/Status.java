package io.leprechaun.daemon.agent;

import io.leprechaun.api.text.Style;
import java.util.Locale;

/** The status of a service. */
public enum Status {
    /** Due recipes are started. */
    STARTED,
    /** As {@link #STARTED}, except that requests from outside cannot reach it. */
    BROKEN,
    /** Due recipes are held; waiting runs continue to wait, and running ones to run. */
    PAUSED,
    /** No recipe becomes due. */
    STOPPED;

    /** Returns whether due recipes are started. */
    public boolean isOpen() {
        return this == STARTED || this == BROKEN;
    }

    /** Returns the style in which it is shown. */
    public Style style() {
        return switch (this) {
            case STARTED -> Style.GOOD;
            case BROKEN -> Style.BAD;
            case PAUSED, STOPPED -> Style.WARN;
        };
    }

    /** Returns its name in the API. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
