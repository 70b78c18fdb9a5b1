package io.leprechaun.api.text;

/**
 * Foreign text made safe to print: characters that would drive a terminal, break a line or turn the reading direction
 * are escaped.
 */
public final class Printable {
    private Printable() {}

    /**
     * Returns the text with such characters escaped: {@code \e}, {@code \n}, {@code \r}, {@code \t}, {@code \x07} and
     * {@code \u202e}.
     */
    public static String of(String text) {
        if (text.codePoints().allMatch(Printable::isSafe)) {
            return text;
        }
        var safe = new StringBuilder();
        text.codePoints().forEach(c -> {
            if (isSafe(c)) {
                safe.appendCodePoint(c);
            } else {
                safe.append(escape(c));
            }
        });
        return safe.toString();
    }

    /**
     * Returns whether a character is none of these: control characters, bidirectional controls, line and paragraph
     * separators, and halves of surrogate pairs.
     */
    static boolean isSafe(int c) {
        boolean driving = Character.isISOControl(c)
                || c >= 0x202A && c <= 0x202E
                || c >= 0x2066 && c <= 0x2069
                || c == 0x200E
                || c == 0x200F
                || c == 0x061C
                || c == 0x2028
                || c == 0x2029
                || c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE;
        return !driving;
    }

    /**
     * Returns a character's escape as in source code: from U+007F on as in JSON, so that a document stays valid on a
     * terminal.
     */
    static String escape(int c) {
        return switch (c) {
            case 0x1B -> "\\e";
            case '\n' -> "\\n";
            case '\r' -> "\\r";
            case '\t' -> "\\t";
            default -> c < 0x7F ? String.format("\\x%02x", c) : String.format("\\u%04x", c);
        };
    }
}
