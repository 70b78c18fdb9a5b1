package io.leprechaun.daemon.secret;

import java.util.regex.Pattern;

/** A text that no log and no reply shows: it is printed as {@code ***}. */
public record Secret(String value) {
    /** The largest secret in a file, in bytes. */
    static final int LONGEST = 64 * 1024;

    /** A sign of a secret. Bounded, so that the time for a line grows only with its length. */
    private static final Pattern TRACE =
            Pattern.compile("(?i)(pass|secret|token|value|key)[a-z_]{0,64}\\W{0,3}[:=]|://[^/\\s]*@");

    /**
     * Returns whether a line of settings or of a recipe may hold a secret, so that it should not be shown where others
     * read it.
     */
    public static boolean mayStandIn(String line) {
        return TRACE.matcher(line).find();
    }

    @Override
    public String toString() {
        return "***";
    }
}
