package io.leprechaun.daemon.schedule;

/** Thrown for a text that is no cron pattern. The message names the field, what is allowed, and the fix. */
public final class PatternException extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    PatternException(String message) {
        super(message);
    }
}
