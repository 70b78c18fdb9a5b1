package io.leprechaun.daemon.output;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.re2j.Pattern;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OutputLinesTest {
    @TempDir
    private Path folder;

    @Test
    void a_line_ends_at_either_end_of_line_and_at_both_together() throws IOException {
        assertThat(lines("one\ntwo\r\nthree\r100%\rfour\r\r\nfive"))
                .containsExactly("one", "two", "three", "100%", "four", "", "five");
        assertThat(lines("x\r\n")).containsExactly("x", "");
        assertThat(lines("")).containsExactly("");
    }

    /** Around every border between blocks, with characters of one to four bytes. */
    @ParameterizedTest
    @ValueSource(strings = {"x", "\u00e4", "\u20ac", "\ud83d\ude00", "x\u00e4\u20ac\ud83d\ude00"})
    void a_long_line_is_whole(String unit) throws IOException {
        for (int shift = 0; shift < 4; shift++) {
            String line = "a".repeat(shift) + unit.repeat(150_000 / unit.length());
            assertThat(lines("first\n" + line + "\rlast")).containsExactly("first", line, "last");
        }
    }

    @Test
    void random_parts_of_a_long_line_are_right() throws IOException {
        var random = new Random(20_261_129);
        var text = new StringBuilder();
        random.ints(200_000, 32, 0xD000).forEach(text::appendCodePoint);
        String line = text.toString();
        Path file = Files.writeString(folder.resolve("random"), line);
        try (var output = OutputText.open(file)) {
            CharSequence read = new OutputLines(output).next().orElseThrow();
            assertThat(read.length()).isEqualTo(line.length());
            for (int i = 0; i < 1_000; i++) {
                int at = random.nextInt(line.length());
                assertThat(read.charAt(at)).isEqualTo(line.charAt(at));
            }
        }
    }

    @Test
    void bytes_that_are_no_characters_are_read_to_the_end() throws IOException {
        var bytes = new byte[200_000];
        new Random(1).nextBytes(bytes);
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] |= (byte) 0x80;
        }
        bytes[bytes.length - 1] = 'z';
        Path file = Files.write(folder.resolve("garbage"), bytes);
        try (var output = OutputText.open(file)) {
            CharSequence read = new OutputLines(output).next().orElseThrow();
            assertThat(read.charAt(read.length() - 1)).isEqualTo('z');
        }
    }

    @Test
    void a_pattern_is_found_across_a_border_and_at_both_ends() throws IOException {
        String line = "y".repeat(65_530) + "dumped 5 rows" + "y".repeat(70_000) + "end";
        Path file = Files.writeString(folder.resolve("long"), line);
        try (var output = OutputText.open(file)) {
            CharSequence read = new OutputLines(output).next().orElseThrow();
            for (String found : List.of("dumped [1-9] rows", "^y+dumped", "end$", "^(y|d|[^y])*end$")) {
                assertThat(Pattern.compile(found).matcher(read).find())
                        .as(found)
                        .isTrue();
            }
            for (String lost : List.of("^dumped", "rows$", "dumped 6")) {
                assertThat(Pattern.compile(lost).matcher(read).find()).as(lost).isFalse();
            }
        }
    }

    @Test
    void what_was_not_kept_ends_a_line() throws IOException {
        Path file = folder.resolve("holed");
        try (var out = new RandomAccessFile(file.toFile(), "rw")) {
            out.writeBytes("a".repeat(4096));
            out.seek(1024 * 1024);
            out.writeBytes("b\nc");
        }
        var lines = lines(file);
        assertThat(lines).hasSize(3).endsWith("b", "c");
        assertThat(lines.getFirst()).startsWith("aaaa");
    }

    private List<String> lines(String text) throws IOException {
        return lines(Files.writeString(folder.resolve("output"), text, StandardCharsets.UTF_8));
    }

    private static List<String> lines(Path file) throws IOException {
        var all = new ArrayList<String>();
        try (var output = OutputText.open(file)) {
            var lines = new OutputLines(output);
            for (var line = lines.next(); line.isPresent(); line = lines.next()) {
                all.add(line.get().toString());
            }
        }
        return all;
    }
}
