package io.leprechaun.daemon.run;

import com.google.re2j.Pattern;
import io.leprechaun.daemon.config.Durations;
import io.leprechaun.daemon.config.Regex;
import io.leprechaun.daemon.recipe.Expect;
import java.io.IOException;
import java.io.UncheckedIOException;
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
        try (var text = OutputText.open(output)) {
            var lines = new OutputLines(text);
            for (var line = lines.next(); line.isPresent(); line = lines.next()) {
                if (pattern.matcher(line.get()).find()) {
                    return true;
                }
            }
            return false;
        } catch (NoSuchFileException e) {
            return false; // the step had no turn
        } catch (UncheckedIOException e) {
            throw new IOException(e.getMessage(), e);
        }
    }
}
