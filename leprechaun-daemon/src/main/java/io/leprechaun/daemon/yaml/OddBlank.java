package io.leprechaun.daemon.yaml;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Characters that look like a blank, but separate nothing to YAML and to shells: web pages and word processors write
 * them.
 */
public final class OddBlank {
    private static final String ANY = "[\u00a0\u1680\u2000-\u200b\u202f\u205f\u2060\u3000\ufeff]";
    private static final Pattern ONE = Pattern.compile(ANY);
    /**
     * One of them in the indentation of a line, or right behind a dash or a key. Possessive, so that many dashes take
     * no stack.
     */
    private static final Pattern AS_INDENTATION =
            Pattern.compile("[ ]*+(?:- +)*+(?:-|[A-Za-z_][A-Za-z0-9_-]*+:)?(" + ANY + ")");

    private static final int NO_BREAK = 0xa0;

    private OddBlank() {}

    /** Returns the name of the first of them in a text. */
    public static Optional<String> in(String text) {
        Matcher odd = ONE.matcher(text);
        return odd.find() ? Optional.of(name(odd.group().codePointAt(0))) : Optional.empty();
    }

    /** Returns a text with ordinary blanks in their place. */
    public static String mended(String text) {
        return ONE.matcher(text).replaceAll(" ");
    }

    /** Returns a sentence on a line where one of them stands in the place of a blank that YAML needs. */
    static Optional<String> sentence(String line) {
        return found(line)
                .map(odd -> name(odd.group(1).codePointAt(0))
                        + " in place of a space, as copied from a web page; type a space");
    }

    /** Returns its column, from 1. */
    static int column(String line) {
        return found(line).map(odd -> odd.start(1) + 1).orElse(1);
    }

    private static Optional<Matcher> found(String line) {
        Matcher odd = AS_INDENTATION.matcher(line);
        return odd.lookingAt() ? Optional.of(odd) : Optional.empty();
    }

    private static String name(int character) {
        return (character == NO_BREAK ? "a no-break space" : "an unusual space") + " (U+%04X)".formatted(character);
    }
}
