package io.leprechaun.daemon.execution;

import com.google.re2j.Pattern;
import io.leprechaun.daemon.output.OutputLines;
import io.leprechaun.daemon.output.OutputText;
import io.leprechaun.daemon.recipe.Expect;
import io.leprechaun.daemon.units.Durations;
import io.leprechaun.daemon.units.Regex;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The comparison of a run whose steps all succeeded with the expectations of its recipe.
 *
 * @param took the duration of the run
 */
record Expectation(Expect expected, Duration took) {
    /**
     * The longest time that a pattern is compared. The kept output takes far less with any pattern that a user writes.
     */
    private static final Duration LIMIT = Duration.ofMinutes(1);

    /** Returns the expectation that is not met, in one sentence; empty: all are met. */
    Optional<String> unmet(List<Path> outputs) {
        return unmet(outputs, LIMIT);
    }

    /** @param limit the longest time that the pattern is compared */
    Optional<String> unmet(List<Path> outputs, Duration limit) {
        if (expected.min().filter(min -> took.compareTo(min) < 0).isPresent()) {
            return Optional.of("took %s, expected at least %s"
                    .formatted(
                            Durations.brief(took),
                            Durations.format(expected.min().get())));
        }
        if (expected.max().filter(max -> took.compareTo(max) > 0).isPresent()) {
            return Optional.of("took %s, expected at most %s"
                    .formatted(
                            Durations.brief(took),
                            Durations.format(expected.max().get())));
        }
        return expected.output().flatMap(pattern -> unmet(pattern, outputs, limit));
    }

    private static Optional<String> unmet(Regex pattern, List<Path> outputs, Duration limit) {
        Pattern compiled = pattern.compiled();
        var end = new TimeLimit(System.nanoTime() + limit.toNanos());
        try {
            for (Path output : outputs.reversed()) { // the expected line is usually among the last ones printed
                if (isIn(output, compiled, end)) {
                    return Optional.empty();
                }
            }
            return Optional.of("no line of its output matches the expected %s".formatted(pattern));
        } catch (TooLong e) {
            return Optional.of("cannot compare its output with the expected %s within %s: use a shorter pattern"
                    .formatted(pattern, Durations.format(limit)));
        } catch (IOException e) {
            return Optional.of("cannot compare its output with the expected %s: %s".formatted(pattern, e.getMessage()));
        }
    }

    private static boolean isIn(Path output, Pattern pattern, TimeLimit end) throws IOException {
        try (var text = OutputText.open(output)) {
            var lines = new OutputLines(text);
            for (var line = lines.next(); line.isPresent(); line = lines.next()) {
                var compared = line.get() instanceof String held ? held : new Limited(line.get(), end);
                if (pattern.matcher(compared).find()) {
                    return true;
                }
                end.check();
            }
            return false;
        } catch (NoSuchFileException e) {
            return false; // the step did not run
        } catch (UncheckedIOException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    /** The signal that the time limit of the comparison is over. */
    private static final class TooLong extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    /** @param at by {@code nanoTime} */
    private record TimeLimit(long at) {
        void check() {
            if (System.nanoTime() - at >= 0) {
                throw new TooLong();
            }
        }
    }

    /** A long line whose comparison ends at a time limit. */
    private record Limited(CharSequence line, TimeLimit end) implements CharSequence {
        private static final int STRETCH = 64 * 1024;

        @Override
        public int length() {
            return line.length();
        }

        @Override
        public char charAt(int index) {
            if (index % STRETCH == STRETCH - 1) {
                end.check();
            }
            return line.charAt(index);
        }

        @Override
        public CharSequence subSequence(int from, int to) {
            return line.subSequence(from, to);
        }

        @Override
        public String toString() {
            return line.toString();
        }
    }
}
