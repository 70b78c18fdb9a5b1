package io.leprechaun.daemon.hook;

/** The display of texts that a sender sent. */
final class SenderText {
    private static final int LONGEST = 60;

    private SenderText() {}

    /**
     * Returns the beginning of a text in quotes; control and format characters and lone surrogates are replaced by
     * {@code ?}.
     */
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
