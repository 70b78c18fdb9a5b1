package io.leprechaun.api.text;

import java.util.List;
import java.util.stream.Collectors;

/** Something to read, rendered for the screen that asks. */
@FunctionalInterface
public interface Text {
    /** The text as lines, each ended by a newline; empty when there is nothing to say. */
    String render(Screen screen);

    /** A line that is the same on every screen, shown printable. */
    static Text line(String line) {
        return lines(List.of(line));
    }

    /** Lines that are the same on every screen, each shown printable. */
    static Text lines(List<String> lines) {
        return screen -> lines.stream().map(line -> Printable.of(line) + "\n").collect(Collectors.joining());
    }
}
