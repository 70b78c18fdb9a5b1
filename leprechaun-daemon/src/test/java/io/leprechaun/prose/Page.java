package io.leprechaun.prose;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A page of the documentation, split into the texts that people read. Code blocks and generated tables are left out.
 *
 * @param name its path below the checkout
 */
record Page(String name, String text) {
    private static final Pattern GENERATED = Pattern.compile("(?s)<!-- keys:.*?<!-- /keys -->");
    private static final Pattern BLOCK = Pattern.compile("(?sm)^ *```.*?^ *```$");
    private static final Pattern CODE = Pattern.compile("`[^`]*`");
    private static final Pattern TARGET = Pattern.compile("(?<=\\])\\([^)]*\\)|<a id=[^>]*></a>|\\*\\*|[\\[\\]]");
    private static final Pattern ITEM = Pattern.compile("^(?:[-*]|[0-9]+\\.) +");
    private static final Pattern CELL_END = Pattern.compile("(?<!\\\\)\\|");
    private static final Pattern SENTENCE_END = Pattern.compile("(?<=[.!?])[)\"]*\\s+");

    static Page of(Path file) {
        return new Page(Sources.root().relativize(file).toString(), Sources.text(file));
    }

    /** The place of a text on a page. */
    enum Kind {
        SENTENCE,
        CELL,
        HEADING
    }

    /** A sentence, a cell of a table, or a heading, without the targets of links. */
    record Piece(Kind kind, int line, String text) {
        /** Returns the text with each code span as one word, for rules of language. */
        Piece withoutCode() {
            return new Piece(kind, line, CODE.matcher(text).replaceAll("`C`"));
        }

        int words() {
            return text.split("\\s+").length;
        }
    }

    /** Returns the pieces in their order. */
    List<Piece> pieces() {
        var pieces = new ArrayList<Piece>();
        var paragraph = new StringBuilder();
        int start = 0;
        int number = 0;
        for (String line : Stream.concat(prose().lines(), Stream.of("")).toList()) {
            number++;
            String stripped = line.strip();
            boolean begins = stripped.isEmpty()
                    || stripped.startsWith("|")
                    || stripped.startsWith("#")
                    || ITEM.matcher(stripped).find();
            if (begins) {
                sentences(paragraph, start, pieces);
            }
            if (stripped.startsWith("|")) {
                cells(stripped, number, pieces);
            } else if (stripped.startsWith("#")) {
                pieces.add(new Piece(Kind.HEADING, number, plain(stripped.replaceFirst("^#+ *", ""))));
            } else if (!stripped.isEmpty()) {
                start = paragraph.isEmpty() ? number : start;
                paragraph.append(ITEM.matcher(stripped).replaceFirst("")).append(' ');
            }
        }
        return pieces;
    }

    /** The text without blocks of code and generated tables; lines keep their numbers. */
    private String prose() {
        return blank(BLOCK, blank(GENERATED, text));
    }

    private static String blank(Pattern pattern, String text) {
        return pattern.matcher(text)
                .replaceAll(found -> "\n".repeat((int)
                        found.group().chars().filter(c -> c == '\n').count()));
    }

    private static void sentences(StringBuilder paragraph, int line, List<Piece> pieces) {
        for (String sentence : SENTENCE_END.split(plain(paragraph.toString()))) {
            if (!sentence.isBlank()) {
                pieces.add(new Piece(Kind.SENTENCE, line, sentence.strip()));
            }
        }
        paragraph.setLength(0);
    }

    private static void cells(String row, int line, List<Piece> pieces) {
        if (row.matches("\\|[ :|-]+\\|")) {
            return;
        }
        for (String cell : CELL_END.split(row)) {
            if (!cell.isBlank()) {
                pieces.add(new Piece(Kind.CELL, line, plain(cell)));
            }
        }
    }

    /** Removes the targets of links, anchors and emphasis. */
    private static String plain(String text) {
        return TARGET.matcher(text).replaceAll("").strip();
    }
}
