package io.leprechaun.api;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A line split into words as a shell does it. Blanks separate words; {@code '…'} keeps everything; {@code "…"} keeps
 * everything but a backslash before {@code " \ $ `}; elsewhere a backslash keeps the next character. Nothing is
 * expanded: no variable, no pattern, no {@code @file}.
 */
public final class Words {
    private static final String ESCAPABLE_IN_DOUBLE_QUOTES = "\"\\$`";

    private final String line;
    private final List<String> words = new ArrayList<>();
    private @Nullable StringBuilder word;
    private int position;

    private Words(String line) {
        this.line = line;
    }

    /**
     * Returns the words of a line; none for a blank line.
     *
     * @throws ProblemException (usage) when a quote is not closed or the line ends in a backslash
     */
    public static List<String> split(String line) {
        return new Words(line).split();
    }

    private List<String> split() {
        while (position < line.length()) {
            char next = line.charAt(position++);
            switch (next) {
                case ' ', '\t', '\n', '\r' -> endWord();
                case '\'' -> singleQuoted();
                case '"' -> doubleQuoted();
                case '\\' -> {
                    if (position == line.length()) {
                        throw new ProblemException(
                                Problem.usage("the command ends with a single backslash: use \\\\ for a backslash"));
                    }
                    word().append(line.charAt(position++));
                }
                default -> word().append(next);
            }
        }
        endWord();
        return words;
    }

    private void singleQuoted() {
        int end = line.indexOf('\'', position);
        if (end < 0) {
            throw open('\'');
        }
        word().append(line, position, end);
        position = end + 1;
    }

    private void doubleQuoted() {
        int start = position;
        StringBuilder text = word();
        while (position < line.length()) {
            char next = line.charAt(position++);
            if (next == '"') {
                return;
            }
            boolean escape = next == '\\'
                    && position < line.length()
                    && ESCAPABLE_IN_DOUBLE_QUOTES.indexOf(line.charAt(position)) >= 0;
            text.append(escape ? line.charAt(position++) : next);
        }
        position = start;
        throw open('"');
    }

    private ProblemException open(char quote) {
        return new ProblemException(Problem.usage("unclosed quote " + quote + " at character " + position
                + " of the command: add the" + " closing quote"));
    }

    /** Returns the word being read, and begins one if there is none: an empty pair of quotes is a word too. */
    private StringBuilder word() {
        StringBuilder begun = word == null ? new StringBuilder() : word;
        word = begun;
        return begun;
    }

    private void endWord() {
        if (word != null) {
            words.add(word.toString());
            word = null;
        }
    }
}
