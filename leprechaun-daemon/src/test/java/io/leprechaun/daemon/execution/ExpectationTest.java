package io.leprechaun.daemon.execution;

import static org.assertj.core.api.Assertions.assertThat;

import io.leprechaun.daemon.recipe.Expect;
import io.leprechaun.daemon.units.Regex;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ExpectationTest {
    private static final String LAST = "^backup finished, [0-9]+ files$";

    @TempDir
    private Path folder;

    private static Expectation expected(String pattern) {
        return new Expectation(
                new Expect(Optional.empty(), Optional.empty(), Optional.of(Regex.of(pattern))), Duration.ofSeconds(1));
    }

    private Path output(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }

    @Test
    void what_was_not_kept_of_an_output_does_not_count() throws IOException {
        Path output = output("holed", "begin\n");
        try (var file = new RandomAccessFile(output.toFile(), "rw")) {
            file.setLength(10_000_000_000L);
        }
        Files.writeString(output, "\nbackup finished, 5 files\n", StandardOpenOption.APPEND);
        assertThat(expected(LAST).unmet(List.of(output))).isEmpty();
    }

    @Test
    void an_ordinary_pattern_is_compared_with_all_that_is_kept() throws IOException {
        String words = "(one|two) of the many words that people write.{0,100} and [a-z]+ more of them";
        Path output = output("long", "0123456789abcdef\n".repeat(1 << 20) + "backup finished, 5 files\n");
        assertThat(expected(LAST).unmet(List.of(output))).isEmpty();
        assertThat(expected(words).unmet(List.of(output)))
                .contains("no line of its output matches the expected " + words);
    }

    @Test
    void the_last_output_is_looked_at_first() throws IOException {
        Path first = output("first", "a\n".repeat(1000));
        Path last = output("last", "backup finished, 5 files\n");
        assertThat(expected(LAST).unmet(List.of(first, last), Duration.ZERO)).isEmpty();
    }

    @Test
    void what_takes_too_long_is_given_up_with_a_sentence_also_within_one_line() throws IOException {
        for (String text : List.of("a\n".repeat(1000), "a".repeat(200_000))) {
            assertThat(expected(LAST).unmet(List.of(output("slow", text)), Duration.ZERO))
                    .contains("cannot compare its output with the expected " + LAST
                            + " within 0s: use a shorter pattern");
        }
    }
}
