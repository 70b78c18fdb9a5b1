package io.leprechaun.daemon.units;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;

/**
 * An RE2 pattern, which takes time in proportion to the text that it is compared with. It is small enough for any
 * thread's stack. Kept as text and compiled for each use, because the compiled form of a few characters may take many
 * kilobytes. Immutable.
 *
 * @param text a pattern that {@link #of} has accepted
 */
public record Regex(String text) {
    /** The largest depth to which groups may be nested. */
    static final int DEEPEST = 100;
    /** The largest count of repetitions of a part, multiplied by all counts around it: Go's limit. */
    static final int MOST_REPEATS = 1000;
    /**
     * The largest count of optional repetitions of a part: RE2 follows each of them by recursion, in 0.8 KiB of stack.
     */
    static final int MOST_OPTIONAL = 800;
    /** The largest number of characters, those of a repeated part counted as often as it repeats. */
    static final int LONGEST = 2000;

    private static final long MOST_STEPS = 2_000_000_000;
    private static final String ALLOWED = "; use RE2 syntax, without look-around and back references";

    /**
     * @throws IllegalArgumentException when the text is not a pattern, or is too large; its message names the allowed
     *     patterns or limit
     */
    public static Regex of(String text) {
        long unused = RegexSize.of(text);
        try {
            Pattern.compile(text);
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException("invalid pattern '" + text + "': " + e.getDescription() + ALLOWED, e);
        }
        return new Regex(text);
    }

    /**
     * Returns whether a comparison with a text of this length may take longer than some tens of seconds. Each character
     * is compared with each one of the pattern, written out.
     */
    public boolean isTooCostly(long characters) {
        return RegexSize.of(text) * characters > MOST_STEPS;
    }

    /** Returns the compiled form. */
    public Pattern compiled() {
        return Pattern.compile(text);
    }

    /** Returns the pattern as it is written. */
    @Override
    public String toString() {
        return text;
    }
}
