package io.leprechaun.prose;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The text files of this checkout. */
final class Sources {
    /** The largest number of words in a sentence or a cell of a table. */
    static final int MOST_WORDS = 25;

    /** Literals and comments: a comment begins in none of the former. */
    private static final Pattern TOKEN = Pattern.compile("\"\"\"(?s:\\\\.|[^\\\\])*?\"\"\"|\"(?:\\\\.|[^\"\\\\\n])*+\""
            + "|'(?:\\\\.|[^'\\\\\n])++'|/\\*(?s:.)*?\\*/|//[^\n]*+");

    private static final List<String> MODULES = List.of("leprechaun-api", "leprechaun-cli", "leprechaun-daemon");

    private Sources() {}

    /** A comment of a type or member, without its stars, and its place. */
    record Comment(Path file, int line, String text) {
        @Override
        public String toString() {
            return file.getFileName() + ":" + line + " "
                    + text.lines().findFirst().orElse("");
        }
    }

    static Path root() {
        return Path.of("").toAbsolutePath().getParent();
    }

    static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The sources of the programs, or with {@code tests} those of all modules. */
    static Stream<Path> java(boolean tests) {
        return MODULES.stream()
                .flatMap(module -> tests ? Stream.of(module + "/src") : Stream.of(module + "/src/main/java"))
                .flatMap(folder -> below(root().resolve(folder)))
                .filter(file -> file.toString().endsWith(".java"));
    }

    /** The pages in the folder of the checkout, in {@code docs} and in {@code examples}. */
    static Stream<Path> pages() {
        try (Stream<Path> top = Files.list(root())) {
            Stream<Path> below = Stream.of("docs", "examples")
                    .map(root()::resolve)
                    .filter(Files::isDirectory)
                    .flatMap(Sources::below);
            return Stream.concat(top.toList().stream(), below)
                    .filter(file -> file.toString().endsWith(".md"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Stream<Path> below(Path folder) {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(Files::isRegularFile).toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The Javadoc of the programs' types and members. */
    static List<Comment> comments() {
        return java(false).flatMap(file -> comments(file, text(file))).toList();
    }

    private static Stream<Comment> comments(Path file, String source) {
        return TOKEN.matcher(source)
                .results()
                .filter(token -> token.group().startsWith("/**"))
                .map(token -> new Comment(file, line(source, token), stripped(token.group())));
    }

    private static int line(String source, MatchResult token) {
        return (int) source.substring(0, token.start()).lines().count();
    }

    private static String stripped(String comment) {
        String inside = comment.substring(3, comment.length() - 2);
        return inside.lines()
                .map(line -> line.replaceFirst("^\\s*\\* ?", "").strip())
                .reduce((before, line) -> before + "\n" + line)
                .orElse("")
                .strip();
    }
}
