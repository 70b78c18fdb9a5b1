package io.leprechaun.api.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class TerminalOutputTest {
    static Stream<Arguments> texts() {
        return Stream.of(
                text("text, lines, tabs and progress bars pass", "a\tb\r\nZoë 日本 🍀 £\n", "a\tb\r\nZoë 日本 🍀 £\n"),
                text(
                        "colours pass",
                        "\u001b[31mred\u001b[0m\u001b[38;5;9mx\u001b[m",
                        "\u001b[31mred\u001b[0m\u001b[38;5;9mx\u001b[0m"),
                text("a style that is left is reset", "\u001b[30;40ma\n", "\u001b[30;40ma\n\u001b[0m"),
                text("a concealed text is shown", "\u001b[8mx\u001b[1;8m\u001b[28m", "x\u001b[1m\u001b[0m"),
                text("a title is shown", "\u001b]0;owned\u0007\u001bkowned\u001b\\", "\\e]0;owned\\x07\\ekowned\\e\\"),
                text("the clipboard is not written", "\u001b]52;c;aGk=\u001b\\", "\\e]52;c;aGk=\\e\\"),
                text("a cursor movement is shown", "\u001b[2Jx\u001b[1;1H", "\\e[2Jx\\e[1;1H"),
                text(
                        "a question to the terminal is shown",
                        "\u001b[6n\u001b[?1049h\u001bc\u001bP$q",
                        "\\e[6n\\e[?1049h\\ec\\eP$q"),
                text("private colours are none", "\u001b[?8m\u001b[>4;8m\u001b[8 m", "\\e[?8m\\e[>4;8m\\e[8 m"),
                text("a control within a colour parts it", "\u001b[\r8m", "\\e[\r8m"),
                text("escape upon escape", "\u001b\u001b[1m\u001b[\u001b[1m", "\\e\u001b[1m\\e[\u001b[1m\u001b[0m"),
                text("a control of eight bits is shown", "a\u009b31mb\u0085", "a\\u009b31mb\\u0085"),
                text("backspace, bell, delete and NUL are shown", "a\b\u0007\u007f\0", "a\\x08\\x07\\u007f\\x00"),
                text(
                        "the reading direction stays",
                        "a\u202eb\u2066\u200f\u061c\u2028",
                        "a\\u202eb\\u2066\\u200f\\u061c\\u2028"),
                text(
                        "their neighbours pass",
                        "\u2027\u202f\u2065\u206a\u061b\u00a0",
                        "\u2027\u202f\u2065\u206a\u061b\u00a0"),
                text("what is left over is shown", "a\u001b[3", "a\\e[3"),
                text("an endless colour is none", "\u001b[" + "1".repeat(100) + "m", "\\e[" + "1".repeat(100) + "m"),
                text(
                        "words of ours have no style of others",
                        "\u001b[31ma\n[leprechaun: x]\n",
                        "\u001b[31ma\n\u001b[0m[leprechaun: x]\n"),
                text(
                        "words like ours",
                        "\u001b[31m\n[lep]\n[[leprechaun: ",
                        "\u001b[31m\n[lep]\n[[leprechaun: \u001b[0m"));
    }

    private static Arguments text(String why, String text, String expected) {
        return Arguments.of(why, text.getBytes(StandardCharsets.UTF_8), expected);
    }

    static Stream<Arguments> bytes() {
        return Stream.of(
                        Arguments.of("a control of eight bits that stands alone", "a\u009bb", "a\\x9bb"),
                        Arguments.of(
                                "an overlong control", "\u00c0\u009b\u00e0\u0082\u009b", "\\xc0\\x9b\\xe0\\x82\\x9b"),
                        Arguments.of(
                                "half of a pair, and too large a character",
                                "\u00ed\u00a0\u0080\u00f4\u0090\u0080\u0080",
                                "\\xed\\xa0\\x80\\xf4\\x90\\x80\\x80"),
                        Arguments.of(
                                "a character that breaks off",
                                "\u00e2\u0082x\u00e2\u001b[1m",
                                "\\xe2\\x82x\\xe2\u001b[1m\u001b[0m"),
                        Arguments.of("a character that is not all there", "\u00f0\u009f\u008d", "\\xf0\\x9f\\x8d"))
                .map(row -> Arguments.of(
                        row.get()[0], ((String) row.get()[1]).getBytes(StandardCharsets.ISO_8859_1), row.get()[2]));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource({"texts", "bytes"})
    void only_text_and_colours_reach_a_terminal(String why, byte[] bytes, String expected) throws IOException {
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

    @Test
    void each_cut_of_a_text_gives_the_same() throws IOException {
        byte[] bytes = "é\u001b[38;5;8mx\u001b]0;t\u0007\n\u001b[1m\n[leprechaun: y\u202e🍀\u001b[8m"
                .getBytes(StandardCharsets.UTF_8);
        String whole = shown(bytes, 0);
        for (int cut = 1; cut < bytes.length; cut++) {
            assertThat(shown(bytes, cut)).as("cut at " + cut).isEqualTo(whole);
        }
        assertThat(whole).isEqualTo("é\u001b[38;5;8mx\\e]0;t\\x07\n\u001b[1m\n\u001b[0m[leprechaun: y\\u202e🍀");
    }

    private static String shown(byte[] bytes, int cut) throws IOException {
        var screen = new ByteArrayOutputStream();
        try (var out = new TerminalOutput(screen)) {
            out.write(bytes, 0, cut);
            out.write(bytes, cut, bytes.length - cut);
        }
        return screen.toString(StandardCharsets.UTF_8);
    }

    @Test
    void own_words_stand_on_a_line_of_their_own_in_the_terminals_own_style() throws IOException {
        var screen = new ByteArrayOutputStream();
        var out = new TerminalOutput(screen);
        var words = new TerminalOutput(screen, out);
        words.write(bytes("run 1\n"));
        out.write(bytes("\u001b[30;40m50%\r"));
        words.write(bytes("run 1 failed\n"));
        out.write(bytes("שלום \u001b["));
        words.write(bytes("run 1 failed\n"));
        out.write(bytes("\u001b[31m"));
        words.write(bytes("run 1 failed\n"));
        assertThat(screen.toString(StandardCharsets.UTF_8))
                .isEqualTo("run 1\n\u001b[30;40m50%\r\u001b[0m\nrun 1 failed\nשלום \\e[\nrun 1 failed\n"
                        + "\u001b[31m\u001b[0mrun 1 failed\n");
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @ParameterizedTest(name = "{0} becomes {1}: {2}")
    @CsvSource({
        "'',                 0,               nothing means reset",
        "0;;1,               0;0;1,           nor does an empty one mean more",
        "8,                  '',              concealed",
        "008,                '',              the same number",
        "1;8;31,             1;31,            among others",
        "8;1,                1,               and before them",
        "8:1,                '',              with something behind a colon",
        "38;5;8,             38;5;8,          a colour whose number is 8",
        "48;2;8;8;8;8,       48;2;8;8;8,      and concealed behind another",
        "38;5;1;8,           38;5;1,          likewise",
        "38;8,               '',              no kind of colour",
        "1;38;5,             1,               a colour without its number",
        "38;5;300;8,         '',              nor with one that is none",
        "38:5:8;4,           38;5;8;4,        colons part what is one",
        "38:2::1:8:3,        38;2;1;8;3,      with a colour space",
        "48:2:1:8:3,         48;2;1;8;3,      without one",
        "38:8;1,             1,               what is no colour ends with its parameter",
        "58;5;8;1,           1,               the underline's colour is not known everywhere",
        "58:2::8:8:8,        '',              nor so",
        "4294967304,         '',              8 where numbers overflow",
        "264;99999,          '',              8 where a byte does",
        "4:3,                '',              a curl",
        "10;11;20;28;51;73,  '',              what neither colours nor gives weight",
        "7;97;107;39;49,     7;97;107;39;49,  reverse, bright, usual",
    })
    void of_a_colours_parameters_those_pass_that_conceal_nothing(String given, String allowed, String why) {
        assertThat(GraphicRendition.allowed(given)).as(why).isEqualTo(allowed);
    }
}
