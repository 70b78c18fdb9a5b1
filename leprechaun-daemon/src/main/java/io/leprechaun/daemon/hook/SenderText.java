package io.leprechaun.daemon.hook;

/** Shows what a sender sent to people. */
final class SenderText {
    private static final int LONGEST = 60;

    private SenderText() {}

    /** The beginning of a text in quotes; what is no letter, digit or sign stands as {@code ?}. */
    static String of(String text) {
        var shown = new StringBuilder("'");
        text.codePoints()
                .limit(LONGEST)
                .map(c -> Character.isISOControl(c)
                                || Character.getType(c) == Character.FORMAT
                                || Character.getType(c) == Character.SURROGATE
                        ? '?'
                        : c)
                .forEach(shown::appendCodePoint);
        return shown.append(text.codePointCount(0, text.length()) > LONGEST ? "…'" : "'")
                .toString();
    }
}
