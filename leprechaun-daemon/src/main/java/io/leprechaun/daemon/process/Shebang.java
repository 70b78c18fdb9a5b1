package io.leprechaun.daemon.process;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The beginning of a program, which tells what it is. */
public final class Shebang {
    private static final int HEAD = 256;
    /** The byte order mark of UTF-8, a character a byte. */
    private static final String MARK = "\u00ef\u00bb\u00bf";

    private Shebang() {}

    /** The first line, or as much of it as tells; empty: a program may be executable and not readable, and tells no more. */
    static Optional<String> firstLine(Path program) {
        try (InputStream file = Files.newInputStream(program)) {
            String head = new String(file.readNBytes(HEAD), StandardCharsets.ISO_8859_1);
            int end = head.indexOf('\n');
            return Optional.of(end < 0 ? head : head.substring(0, end));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** The line that names the interpreter of a script, if it has one. */
    static Optional<String> of(Path program) {
        return firstLine(program).filter(line -> line.startsWith("#!"));
    }

    /**
     * Says that a byte order mark stands before that line, so that the system does not see it and a shell runs the script.
     *
     * @param name what the program is called in the sentence
     */
    public static Optional<String> byteOrderMark(Path program, String name) {
        return firstLine(program)
                .filter(line -> line.startsWith(MARK + "#!"))
                .map(_ ->
                        "a byte order mark stands before the `#!` of %1$s, so that sh runs it: sed -i '1s/^\\xef\\xbb\\xbf//' %1$s"
                                .formatted(name));
    }

    /**
     * Says that a carriage return ends that line, and so is a part of the interpreter's name or of its option.
     *
     * @param name what the program is called in the sentence
     */
    public static Optional<String> dosLines(Path program, String name) {
        return of(program)
                .filter(line -> line.endsWith("\r"))
                .map(_ ->
                        "the first line of %1$s ends in a carriage return, as DOS writes lines: sed -i 's/\\r$//' %1$s"
                                .formatted(name));
    }
}
