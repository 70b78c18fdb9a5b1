package io.leprechaun.daemon.units;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;

/**
 * A pattern of RE2's, which takes time in proportion to the text that it is compared with. It is small enough for any thread's stack. Kept as text and
 * compiled for each use, because the compiled form of a few characters may take many kilobytes. Immutable.
 *
 * @param text a pattern that {@link #of} has accepted
 */
public record Regex(String text) {
    /** How deep groups may be nested. */
    static final int DEEPEST = 100;
    /** How often a part may repeat, all counts around it multiplied: Go's limit. */
    static final int MOST_REPEATS = 1000;
    /** How often a part may repeat beyond what it must: RE2 follows each such repetition by recursion, in 0.8 KiB of stack. */
    static final int MOST_OPTIONAL = 800;
    /** How many characters there may be, those of a repeated part counted as often as it repeats. */
    static final int LONGEST = 2000;

    private static final long MOST_STEPS = 2_000_000_000;
    private static final String ALLOWED = "; RE2 patterns are allowed, without look-around and back references";

    /** @throws IllegalArgumentException when the text is not a pattern, or too large a one; its message says what is allowed */
    public static Regex of(String text) {
        long unused = RegexSize.of(text);
        try {
            Pattern.compile(text);
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException("invalid pattern '" + text + "': " + e.getDescription() + ALLOWED, e);
        }
        return new Regex(text);
    }

    /** Whether it may take longer than some tens of seconds to compare the pattern with so many characters: each of them with each that the pattern has, written out. */
    public boolean isTooCostly(long characters) {
        return RegexSize.of(text) * characters > MOST_STEPS;
    }

    /** The compiled form. */
    public Pattern compiled() {
        return Pattern.compile(text);
    }

    /** The pattern as it is written. */
    @Override
    public String toString() {
        return text;
    }
}
