package io.leprechaun.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class TerminalOutputTest {
    static Stream<Arguments> texts() {
        return Stream.of(
                Arguments.of(
                        "text, lines, tabs and progress bars pass", "a\tb\r\nZoë 日本 🍀 £\n", "a\tb\r\nZoë 日本 🍀 £\n"),
                Arguments.of(
                        "colours pass",
                        "\u001b[31mred\u001b[0m\u001b[38;5;9mx\u001b[m",
                        "\u001b[31mred\u001b[0m\u001b[38;5;9mx\u001b[m"),
                Arguments.of("a title is shown", "\u001b]0;owned\u0007", "\\e]0;owned\\x07"),
                Arguments.of("a cursor movement is shown", "\u001b[2Jx\u001b[1;1H", "\\e[2Jx\\e[1;1H"),
                Arguments.of(
                        "a question to the terminal is shown", "\u001b[6n\u001b[?1049h\u001bc", "\\e[6n\\e[?1049h\\ec"),
                Arguments.of("escape upon escape", "\u001b\u001b[1m\u001b[\u001b[1m", "\\e\u001b[1m\\e[\u001b[1m"),
                Arguments.of("a control of eight bits is shown", "a\u009b31mb\u0085", "a\\x9b31mb\\x85"),
                Arguments.of("backspace, bell, delete and NUL are shown", "a\b\u0007\u007f\0", "a\\x08\\x07\\x7f\\x00"),
                Arguments.of("what is left over is shown", "a\u001b[3", "a\\e[3"),
                Arguments.of(
                        "an endless colour is none",
                        "\u001b[" + "1".repeat(100) + "m",
                        "\\e[" + "1".repeat(100) + "m"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("texts")
    void only_text_and_colours_reach_a_terminal(String why, String text, String expected) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        for (int size = 1; size <= bytes.length; size++) {
            var screen = new ByteArrayOutputStream();
            try (var out = new TerminalOutput(screen)) {
                for (int i = 0; i < bytes.length; i += size) {
                    out.write(bytes, i, Math.min(size, bytes.length - i));
                }
            }
            assertThat(screen.toString(StandardCharsets.UTF_8))
                    .as(why + ", written by " + size)
                    .isEqualTo(expected);
        }
    }
}
