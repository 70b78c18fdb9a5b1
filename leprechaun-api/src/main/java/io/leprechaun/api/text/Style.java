package io.leprechaun.api.text;

/** The meaning of a text, shown as a colour where the screen has any. */
public enum Style {
    /** No particular meaning. */
    PLAIN(""),
    /** As it should be: green. */
    GOOD("\u001b[32m"),
    /** Failed or broken: red. */
    BAD("\u001b[31m"),
    /** To be looked at: yellow. */
    WARN("\u001b[33m"),
    /** Of less interest: faint. */
    DIM("\u001b[2m");

    private static final String RESET = "\u001b[0m";

    private final String start;

    Style(String start) {
        this.start = start;
    }

    /** Returns the text in this style's colour, or unchanged where the screen has no colours. */
    public String paint(String text, Screen screen) {
        return screen.color() && this != PLAIN && !text.isEmpty() ? start + text + RESET : text;
    }
}
