package io.leprechaun.daemon.schedule;

/**
 * The failure to read a text that is not a cron pattern. The message names the field, the allowed values, and the fix.
 */
public final class PatternException extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    PatternException(String message) {
        super(message);
    }
}
