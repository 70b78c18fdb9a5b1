package io.leprechaun.daemon.run;

import com.google.re2j.Pattern;
import io.leprechaun.daemon.config.Durations;
import io.leprechaun.daemon.config.Regex;
import io.leprechaun.daemon.recipe.Expect;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Compares a run whose steps all went well with what its recipe expects of it.
 *
 * @param took how long the run took
 */
record Expectation(Expect expected, Duration took) {
    private static final int BUFFER = 64 * 1024;
    /** Of a longer line so much is compared at a time. */
    private static final int LONGEST_LINE = 16 * 1024;

    /** What is not as it should be, in one sentence. */
    Optional<String> unmet(List<Path> outputs) {
        if (expected.min().filter(min -> took.compareTo(min) < 0).isPresent()) {
            return Optional.of("took %s, and at least %s is expected"
                    .formatted(
                            RunDocument.text(took),
                            Durations.format(expected.min().get())));
        }
        if (expected.max().filter(max -> took.compareTo(max) > 0).isPresent()) {
            return Optional.of("took %s, and at most %s is expected"
                    .formatted(
                            RunDocument.text(took),
                            Durations.format(expected.max().get())));
        }
        return expected.output().flatMap(pattern -> unmet(pattern, outputs));
    }

    private static Optional<String> unmet(Regex pattern, List<Path> outputs) {
        Pattern compiled = pattern.compiled();
        try {
            long size = 0;
            for (Path output : outputs) {
                size += Files.exists(output) ? Files.size(output) : 0;
            }
            if (pattern.isTooCostly(size)) {
                return Optional.of("the expected %s takes too long to compare with its output: write a shorter pattern"
                        .formatted(pattern));
            }
            for (Path output : outputs) {
                if (isIn(output, compiled)) {
                    return Optional.empty();
                }
            }
            return Optional.of("no line of its output matches the expected %s".formatted(pattern));
        } catch (IOException e) {
            return Optional.of(
                    "its output cannot be compared with the expected %s: %s".formatted(pattern, e.getMessage()));
        }
    }

    private static boolean isIn(Path output, Pattern pattern) throws IOException {
        var line = new StringBuilder();
        try (var text = OutputText.open(output)) {
            var buffer = ByteBuffer.allocate(BUFFER);
            for (long offset = 0; ; ) {
                switch (text.read(offset, buffer)) {
                    case OutputText.Piece.Text piece -> {
                        offset += piece.length();
                        if (feed(StandardCharsets.UTF_8.decode(buffer), line, pattern)) {
                            return true;
                        }
                    }
                    case OutputText.Piece.Hole hole -> {
                        if (matches(pattern, line)) {
                            return true;
                        }
                        line.setLength(0);
                        offset = hole.to();
                    }
                    case OutputText.Piece.End() -> {
                        return matches(pattern, line);
                    }
                }
            }
        } catch (NoSuchFileException e) {
            return false; // the step had no turn
        }
    }

    private static boolean feed(CharSequence text, StringBuilder line, Pattern pattern) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c != '\n') {
                line.append(c);
            }
            if (c == '\n' || line.length() >= LONGEST_LINE) {
                if (matches(pattern, line)) {
                    return true;
                }
                line.setLength(0);
            }
        }
        return false;
    }

    /** A carriage return that ends the line is no part of it. */
    private static boolean matches(Pattern pattern, StringBuilder line) {
        int length = line.length();
        boolean dos = length > 0 && line.charAt(length - 1) == '\r';
        return pattern.matcher(dos ? line.substring(0, length - 1) : line).find();
    }
}
