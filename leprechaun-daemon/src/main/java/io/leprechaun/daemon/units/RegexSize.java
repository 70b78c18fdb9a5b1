package io.leprechaun.daemon.units;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The size of a pattern, measured before RE2 sees it, which writes repeated parts out and follows nested ones by
 * recursion. A text that is not a pattern may pass: RE2 refuses it.
 */
final class RegexSize {
    private final String text;
    private final Deque<Group> outer = new ArrayDeque<>();
    private Group group = new Group();
    private int at;

    /** A group that is being read. Lengths are in characters, repeated ones counted as often as they repeat. */
    private static final class Group {
        private long length;
        /** The largest product of counts that are nested in each other. */
        private long repeats = 1;

        /** The part that a count would repeat; it is not in {@link #length} yet. */
        private long lastLength;

        private long lastRepeats = 1;

        void add(long partLength, long partRepeats) {
            length += lastLength;
            repeats = Math.max(repeats, lastRepeats);
            lastLength = partLength;
            lastRepeats = partRepeats;
        }
    }

    private RegexSize(String text) {
        this.text = text;
    }

    /**
     * Returns the number of characters of a pattern, those of a repeated part counted as often as it repeats.
     *
     * @throws IllegalArgumentException when the pattern is too long, too deeply nested, or repeats too much
     */
    static long of(String text) {
        if (text.length() > Regex.LONGEST) {
            throw tooLong();
        }
        return new RegexSize(text).measure();
    }

    private long measure() {
        while (at < text.length()) {
            switch (text.charAt(at++)) {
                case '(' -> open();
                case ')' -> close();
                case '[' -> characterClass();
                case '\\' -> escape();
                case '{' -> repeat();
                default -> group.add(1, 1);
            }
        }
        while (!outer.isEmpty()) {
            close();
        }
        group.add(0, 1);
        if (group.length > Regex.LONGEST) {
            throw tooLong();
        }
        return group.length;
    }

    private void open() {
        outer.push(group);
        if (outer.size() > Regex.DEEPEST) {
            throw new IllegalArgumentException(
                    "the pattern has groups nested more than " + Regex.DEEPEST + " deep; use fewer parentheses");
        }
        group = new Group();
    }

    private void close() {
        if (!outer.isEmpty()) { // else RE2 refuses it
            group.add(0, 1);
            Group closed = group;
            group = outer.pop();
            group.add(closed.length + 2, closed.repeats);
        }
    }

    private void characterClass() {
        at += text.startsWith("^", at) ? 1 : 0;
        at += text.startsWith("]", at) ? 1 : 0; // there it is a character
        while (at < text.length() && text.charAt(at) != ']') {
            int name = text.startsWith("[:", at) ? text.indexOf(":]", at + 2) : -1;
            at = name >= 0 ? name + 2 : text.charAt(at) == '\\' ? at + 2 : at + 1;
        }
        at++;
        group.add(1, 1);
    }

    private void escape() {
        char escaped = at < text.length() ? text.charAt(at++) : ' ';
        if (escaped == 'Q') {
            int end = text.indexOf("\\E", at);
            int last = end < 0 ? text.length() : end;
            for (; at < last; at++) {
                group.add(1, 1);
            }
            at = end < 0 ? last : end + 2;
            return;
        }
        if ("xpP".indexOf(escaped) >= 0 && text.startsWith("{", at)) {
            int end = text.indexOf('}', at);
            at = end < 0 ? text.length() : end + 1;
        }
        group.add(1, 1);
    }

    /** Reads a count, {@code {2}}, {@code {2,}} or {@code {2,5}}; any other text behind a brace is plain. */
    private void repeat() {
        int end = text.indexOf('}', at);
        String[] counts = end < 0 ? new String[0] : text.substring(at, end).split(",", -1);
        int min = counts.length == 1 || counts.length == 2 ? number(counts[0]) : -1;
        int max = counts.length == 2 && !counts[1].isEmpty() ? number(counts[1]) : min;
        if (min < 0 || max < 0) {
            group.add(1, 1);
            return;
        }
        at = end + 1;
        if (max - min > Regex.MOST_OPTIONAL) {
            throw new IllegalArgumentException("the pattern has a count with " + (max - min)
                    + " optional repetitions; use at most " + Regex.MOST_OPTIONAL + ", or `*`");
        }
        int times = Math.max(1, Math.max(min, max));
        group.lastLength *= times;
        group.lastRepeats *= times;
        if (group.lastRepeats > Regex.MOST_REPEATS) {
            throw new IllegalArgumentException("the counts in the pattern multiply to more than " + Regex.MOST_REPEATS
                    + "; use smaller counts," + " or `*`");
        }
        if (group.lastLength > Regex.LONGEST) {
            throw tooLong();
        }
    }

    /** Returns a count of at most six digits; -1: the text is not one. */
    private static int number(String digits) {
        boolean isNumber =
                !digits.isEmpty() && digits.length() <= 6 && digits.chars().allMatch(c -> c >= '0' && c <= '9');
        return isNumber ? Integer.parseInt(digits) : -1;
    }

    private static IllegalArgumentException tooLong() {
        return new IllegalArgumentException("the pattern, with its repetitions written out, is longer than "
                + Regex.LONGEST + " characters; use" + " smaller counts, or shorten it");
    }
}
