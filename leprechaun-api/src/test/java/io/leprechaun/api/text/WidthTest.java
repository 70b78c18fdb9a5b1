package io.leprechaun.api.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WidthTest {
    @ParameterizedTest(name = "{0}: {2}")
    @CsvSource({
        "'', 0, nothing",
        "backup, 6, ASCII",
        "Zoë, 3, Latin",
        "日本, 4, Han",
        "한글, 4, Hangul syllables",
        "ﾊﾝ, 2, halfwidth",
        "ＡＢ, 4, fullwidth",
        "🍀, 2, emoji",
        "♥, 1, a symbol that is text",
        "🇩🇪, 2, a flag of two indicators",
        "…, 1, ellipsis",
        "😀😀, 4, two emoji"
    })
    void a_text_takes_the_cells_that_a_terminal_gives_it(String text, int cells, String why) {
        assertThat(Width.of(text)).as(why).isEqualTo(cells);
    }

    @Test
    void marks_take_no_cell() {
        assertThat(Width.of("e\u0301")).isEqualTo(1);
        assertThat(Width.of("a\u200bb")).isEqualTo(2);
        assertThat(Width.of("\u1112\u1161\u11ab")).isEqualTo(2);
        assertThat(Width.of("a\u00adb")).isEqualTo(3);
    }

    @ParameterizedTest
    @CsvSource({"backup, 6, backup", "backup, 5, back…", "backup, 1, …", "日本語, 5, 日本…", "日本語, 4, 日…", "a😀b, 3, a…"})
    void a_cut_text_ends_in_an_ellipsis_and_fits(String text, int limit, String expected) {
        assertThat(Width.cut(text, limit)).isEqualTo(expected);
    }

    @Test
    void a_cut_keeps_a_mark_with_its_letter() {
        assertThat(Width.cut("e\u0301e\u0301e\u0301", 2)).isEqualTo("e\u0301…");
    }
}
