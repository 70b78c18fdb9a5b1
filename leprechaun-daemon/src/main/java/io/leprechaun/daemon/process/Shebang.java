package io.leprechaun.daemon.process;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The beginning of a program file, which shows its kind. */
public final class Shebang {
    private static final int HEAD = 256;
    /** The byte order mark of UTF-8, with one character for each byte. */
    private static final String MARK = "\u00ef\u00bb\u00bf";

    private Shebang() {}

    /**
     * Returns the first line, or the beginning of a long one; empty: the file cannot be read, though it may be
     * executable.
     */
    static Optional<String> firstLine(Path program) {
        try (InputStream file = Files.newInputStream(program)) {
            String head = new String(file.readNBytes(HEAD), StandardCharsets.ISO_8859_1);
            int end = head.indexOf('\n');
            return Optional.of(end < 0 ? head : head.substring(0, end));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** Returns the line that names the interpreter of a script, if it has one. */
    static Optional<String> of(Path program) {
        return firstLine(program).filter(line -> line.startsWith("#!"));
    }

    /**
     * Returns a sentence if a byte order mark precedes that line: the system does not recognise it, and a shell runs
     * the script.
     *
     * @param name the name of the program in the sentence
     */
    public static Optional<String> byteOrderMark(Path program, String name) {
        return firstLine(program)
                .filter(line -> line.startsWith(MARK + "#!"))
                .map(_ ->
                        "sh runs %1$s, because a byte order mark precedes its `#!`: sed -i '1s/^\\xef\\xbb\\xbf//' %1$s"
                                .formatted(name));
    }

    /**
     * Returns a sentence if a carriage return ends that line, and so becomes part of the interpreter's name or of its
     * option.
     *
     * @param name the name of the program in the sentence
     */
    public static Optional<String> dosLines(Path program, String name) {
        return of(program)
                .filter(line -> line.endsWith("\r"))
                .map(_ -> "the first line of %1$s ends with a carriage return (DOS line ending): sed -i 's/\\r$//' %1$s"
                        .formatted(name));
    }
}
