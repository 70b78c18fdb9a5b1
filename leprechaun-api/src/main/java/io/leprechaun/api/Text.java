package io.leprechaun.api;

/** Something to read, rendered for the screen that asks. */
@FunctionalInterface
public interface Text {
    /** The text as lines, each ended by a newline; empty when there is nothing to say. */
    String render(Screen screen);

    /** A text that is the same on every screen. */
    static Text line(String line) {
        return screen -> line + "\n";
    }
}
