package io.leprechaun.daemon.run;

import io.leprechaun.daemon.config.Durations;
import io.leprechaun.daemon.recipe.Expect;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;

/**
 * Compares a run whose steps all went well with what its recipe expects of it.
 *
 * @param took how long the run took
 */
record Expectation(Expect expected, Duration took) {
    private static final int BUFFER = 64 * 1024;
    /** Of a longer line so much is compared at a time. */
    private static final int LONGEST_LINE = 16 * 1024;

    /** What a pattern may cost: so many looks at a character, and so many more for each that there is. */
    private static final long LOOKS = 10_000_000;

    private static final int LOOKS_EACH = 50;

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

    private static Optional<String> unmet(Pattern pattern, List<Path> outputs) {
        try {
            for (Path output : outputs) {
                if (isIn(output, pattern)) {
                    return Optional.empty();
                }
            }
            return Optional.of("no line of its output matches the expected %s".formatted(pattern));
        } catch (TooCostlyException e) {
            return Optional.of("the expected %s takes too long to compare with its output: write a simpler pattern"
                    .formatted(pattern));
        } catch (IOException e) {
            return Optional.of(
                    "its output cannot be compared with the expected %s: %s".formatted(pattern, e.getMessage()));
        }
    }

    private static boolean isIn(Path output, Pattern pattern) throws IOException {
        var line = new StringBuilder();
        var looks = new AtomicLong(LOOKS);
        try (var text = OutputText.open(output)) {
            var buffer = ByteBuffer.allocate(BUFFER);
            for (long offset = 0; ; ) {
                switch (text.read(offset, buffer)) {
                    case OutputText.Piece.Text piece -> {
                        offset += piece.length();
                        looks.addAndGet(LOOKS_EACH * (long) piece.length());
                        if (feed(StandardCharsets.UTF_8.decode(buffer), line, pattern, looks)) {
                            return true;
                        }
                    }
                    case OutputText.Piece.Hole hole -> {
                        if (matches(pattern, line, looks)) {
                            return true;
                        }
                        line.setLength(0);
                        offset = hole.to();
                    }
                    case OutputText.Piece.End() -> {
                        return matches(pattern, line, looks);
                    }
                }
            }
        } catch (NoSuchFileException e) {
            return false; // the step had no turn
        }
    }

    private static boolean feed(CharSequence text, StringBuilder line, Pattern pattern, AtomicLong looks) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c != '\n') {
                line.append(c);
            }
            if (c == '\n' || line.length() >= LONGEST_LINE) {
                if (matches(pattern, line, looks)) {
                    return true;
                }
                line.setLength(0);
            }
        }
        return false;
    }

    private static boolean matches(Pattern pattern, StringBuilder line, AtomicLong looks) {
        return pattern.matcher(new Counted(line, looks)).find();
    }

    /** A pattern can take longer than anybody lives; this one ends. */
    private static final class TooCostlyException extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    private record Counted(CharSequence text, AtomicLong looks) implements CharSequence {
        @Override
        public char charAt(int index) {
            if (looks.decrementAndGet() < 0) {
                throw new TooCostlyException();
            }
            return text.charAt(index);
        }

        @Override
        public int length() {
            return text.length();
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return text.subSequence(start, end);
        }

        @Override
        public String toString() {
            return text.toString();
        }
    }
}
