package io.leprechaun.api.text;

import java.util.List;
import java.util.stream.Collectors;

/** A text for users, rendered for a screen. */
@FunctionalInterface
public interface Text {
    /** Returns the text as lines, each ended by a newline; empty when there is nothing to show. */
    String render(Screen screen);

    /** Returns a line that is the same on every screen, shown printable. */
    static Text line(String line) {
        return lines(List.of(line));
    }

    /** Returns lines that are the same on every screen, each shown printable. */
    static Text lines(List<String> lines) {
        return screen -> lines.stream().map(line -> Printable.of(line) + "\n").collect(Collectors.joining());
    }
}
