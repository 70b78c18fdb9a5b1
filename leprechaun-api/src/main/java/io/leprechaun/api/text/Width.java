package io.leprechaun.api.text;

import java.util.ArrayList;
import java.util.List;

/**
 * The width of a text in terminal cells: two for East Asian wide characters and emoji, none for marks that combine with
 * the character before them.
 */
public final class Width {
    /**
     * The first and the last of each range of wide characters that are not emoji (East_Asian_Width W and F), in
     * ascending order.
     */
    private static final int[] WIDE = {
        0x1100, 0x115F, 0x2329, 0x232A, 0x2E80, 0x303E, 0x3041, 0x3247, 0x3250, 0x4DBF, 0x4E00, 0xA4C6, 0xA960, 0xA97C,
        0xAC00, 0xD7A3, 0xF900, 0xFAFF, 0xFE10, 0xFE19, 0xFE30, 0xFE6B, 0xFF01, 0xFF60, 0xFFE0, 0xFFE6, 0x16FE0,
        0x1B2FF, 0x1F200, 0x1F2FF, 0x20000, 0x3FFFD
    };

    private Width() {}

    /** Returns the width in cells of a text without control characters, 0 or more. */
    public static int of(String text) {
        int width = 0;
        for (int i = 0; i < text.length(); ) {
            int c = text.codePointAt(i);
            width += of(c);
            i += Character.charCount(c);
        }
        return width;
    }

    /**
     * Returns the text itself when it fits, else its beginning and {@code …}.
     *
     * @param limit the limit in cells, at least 1
     */
    public static String cut(String text, int limit) {
        if (of(text) <= limit) {
            return text;
        }
        int end = 0;
        int width = 0;
        while (end < text.length()) {
            int c = text.codePointAt(end);
            width += of(c);
            if (width > limit - 1) {
                break;
            }
            end += Character.charCount(c);
        }
        return text.substring(0, end) + "…";
    }

    /**
     * Returns the text itself when it fits, else {@code …} and its end.
     *
     * @param limit the limit in cells, at least 1
     */
    static String cutStart(String text, int limit) {
        int begin = 0;
        int width = of(text);
        if (width <= limit) {
            return text;
        }
        while (begin < text.length() && width > limit - 1) {
            int c = text.codePointAt(begin);
            width -= of(c);
            begin += Character.charCount(c);
        }
        return "…" + text.substring(begin);
    }

    /**
     * Returns the text as lines that fit, broken at blanks, and within words that do not fit on a line.
     *
     * @param limit the limit in cells, at least 1; a wider character has a line of its own
     */
    static List<String> wrap(String text, int limit) {
        if (of(text) <= limit) {
            return List.of(text);
        }
        var lines = new ArrayList<String>();
        int begin = 0;
        while (begin < text.length()) {
            int end = fitting(text, begin, limit);
            int blank = end < text.length() ? text.lastIndexOf(' ', end) : -1;
            if (blank > begin) {
                end = blank;
            }
            lines.add(text.substring(begin, end).stripTrailing());
            begin = end;
            while (begin < text.length() && text.charAt(begin) == ' ') {
                begin++;
            }
        }
        return lines;
    }

    /** Returns the end of the longest part that fits, of at least one character. */
    private static int fitting(String text, int begin, int limit) {
        int end = begin;
        int width = 0;
        while (end < text.length()) {
            int c = text.codePointAt(end);
            width += of(c);
            if (width > limit && end > begin) {
                break;
            }
            end += Character.charCount(c);
        }
        return end;
    }

    private static int of(int c) {
        if (c >= ' ' && c <= '~') {
            return 1;
        }
        if (zero(c)) {
            return 0;
        }
        return wide(c) ? 2 : 1;
    }

    private static boolean zero(int c) {
        // The vowels and final consonants of Hangul join the syllable before them; a soft hyphen is a format character
        // that terminals show.
        return switch (Character.getType(c)) {
            case Character.NON_SPACING_MARK, Character.ENCLOSING_MARK -> true;
            case Character.FORMAT -> c != 0xAD;
            default -> c >= 0x1160 && c <= 0x11FF || c >= 0xD7B0 && c <= 0xD7FB;
        };
    }

    private static boolean wide(int c) {
        // Two regional indicators form a flag, one cell each.
        if (Character.isEmojiPresentation(c)) {
            return c < 0x1F1E6 || c > 0x1F1FF;
        }
        for (int i = 0; i < WIDE.length && c >= WIDE[i]; i += 2) {
            if (c <= WIDE[i + 1]) {
                return true;
            }
        }
        return false;
    }
}
