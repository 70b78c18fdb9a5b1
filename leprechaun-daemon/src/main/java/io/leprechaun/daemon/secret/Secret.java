package io.leprechaun.daemon.secret;

import java.util.regex.Pattern;

/** A text that no log and no answer shows: as text it is {@code ***}. */
public record Secret(String value) {
    /** How much of a file can be one, in bytes. */
    static final int LONGEST = 64 * 1024;

    /** Bounded, so that a long line takes no longer than its length. */
    private static final Pattern TRACE =
            Pattern.compile("(?i)(pass|secret|token|value|key)[a-z_]{0,64}\\W{0,3}[:=]|://[^/\\s]*@");

    /** Whether a line of settings or of a recipe may hold one, so that it is better not shown where others read it. */
    public static boolean mayStandIn(String line) {
        return TRACE.matcher(line).find();
    }

    @Override
    public String toString() {
        return "***";
    }
}
