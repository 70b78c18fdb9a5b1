package io.leprechaun.daemon.units;

import java.util.regex.Pattern;

/** Values of the {@code key=value} pairs in log lines. */
public final class LogValue {
    private static final Pattern PLAIN = Pattern.compile("[^\\s\"=]+");

    private LogValue() {}

    /** Returns a value as it is; in double quotes where it is empty or contains a space, a quote or an equals sign. */
    public static String of(String text) {
        return PLAIN.matcher(text).matches()
                ? text
                : '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}
