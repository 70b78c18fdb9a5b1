package io.leprechaun.api.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.leprechaun.api.text.Table.Cell;
import io.leprechaun.api.text.Table.Column;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TableTest {
    private static final List<Column> COLUMNS =
            List.of(Column.left("name"), Column.right("runs"), Column.shrinking("command"));

    @Test
    void columns_are_aligned_and_no_line_ends_in_blanks() {
        var table = new Table(
                COLUMNS, List.of(row("backup", "7", "pg_dump app"), row("ping", "1200", "")), "no recipes yet");
        assertThat(table.render(Screen.PLAIN)).isEqualTo("""
            NAME    RUNS  COMMAND
            backup     7  pg_dump app
            ping    1200
            """);
    }

    @Test
    void a_table_without_rows_is_one_sentence() {
        assertThat(new Table(COLUMNS, List.of(), "no runs yet").render(Screen.PLAIN))
                .isEqualTo("no runs yet\n");
    }

    @Test
    void cells_are_measured_as_a_terminal_shows_them() {
        var table = new Table(
                List.of(Column.left("name"), Column.left("x")),
                List.of(row("日本", "a"), row("e\u0301e\u0301", "b"), row("🍀", "c"), row("한글이", "d")),
                "");
        assertThat(table.render(Screen.PLAIN))
                .isEqualTo("NAME    X\n日本    a\ne\u0301e\u0301      b\n🍀      c\n한글이  d\n");
    }

    @Test
    void a_narrow_screen_cuts_the_shrinkable_column_first() {
        var table = new Table(
                COLUMNS, List.of(row("a-long-name-indeed", "7", "pg_dump app | gzip -c > /backup/app.gz")), "");
        assertThat(table.render(new Screen(40, false))).isEqualTo("""
            NAME                RUNS  COMMAND
            a-long-name-indeed     7  pg_dump app |…
            """);
    }

    @Test
    void a_wrapping_column_keeps_every_word_and_no_line_ends_in_blanks() {
        var table = new Table(
                List.of(Column.left("name"), Column.left("note").shrinking(1, 8).wrapping(), Column.right("runs")),
                List.of(
                        row("backup", "02:30 does not exist, runs at 03:00", "7"),
                        row("ping", "averylongwordindeed", "12")),
                "");
        assertThat(table.render(new Screen(26, false))).isEqualTo("""
            NAME    NOTE          RUNS
            backup  02:30 does       7
                    not exist,
                    runs at
                    03:00
            ping    averylongwor    12
                    dindeed
            """);
    }

    @Test
    void columns_shrink_in_their_order_to_their_least_width() {
        var table = new Table(
                List.of(
                        Column.left("name").shrinking(1, 12),
                        Column.left("about").shrinking(2, 9),
                        Column.left("state")),
                List.of(row("a-long-name-indeed", "says what it is for", "succeeded")),
                "");
        assertThat(table.render(new Screen(40, false)).lines().toList())
                .element(1)
                .isEqualTo("a-long-name-indeed  says wha…  succeeded");
        assertThat(table.render(new Screen(36, false)).lines().toList())
                .element(1)
                .isEqualTo("a-long-name-i…  says wha…  succeeded");
    }

    @Test
    void an_optional_column_is_whole_or_left_out() {
        var table = new Table(
                List.of(
                        Column.left("name").shrinking(1, 12),
                        Column.right("took").optional(2),
                        Column.left("trigger").optional(3),
                        Column.left("state")),
                List.of(row("a-long-name-indeed", "4m 12s", "schedule", "succeeded")),
                "");
        assertThat(table.render(new Screen(80, false))).startsWith("NAME                  TOOK  TRIGGER   STATE\n");
        assertThat(table.render(new Screen(40, false))).isEqualTo("""
            NAME                  TOOK  STATE
            a-long-name-indeed  4m 12s  succeeded
            """);
        assertThat(table.render(new Screen(26, false))).isEqualTo("""
            NAME             STATE
            a-long-name-in…  succeeded
            """);
    }

    @Test
    void a_column_may_keep_the_ends_of_cells() {
        var table = new Table(
                List.of(
                        Column.left("name"),
                        Column.right("recent").shrinking(1, 5).keepingEnds()),
                List.of(row("backup", ".......TKF"), row("ping", "...")),
                "");
        assertThat(table.render(new Screen(14, false))).isEqualTo("""
            NAME    RECENT
            backup  …..TKF
            ping       ...
            """);
    }

    @ParameterizedTest
    @ValueSource(ints = {20, 21, 25, 33, 40, 79, 80, 81, 120, 1000})
    void no_line_is_wider_than_the_screen(int columns) {
        var table = new Table(
                List.of(
                        Column.left("a"),
                        Column.right("b"),
                        Column.shrinking("c"),
                        Column.right("d").shrinking(2, 8),
                        Column.left("e"),
                        Column.left("f").shrinking(1, 9).wrapping(),
                        Column.left("g").optional(3)),
                List.of(
                        row(
                                "x".repeat(30),
                                "123456789012",
                                "日本語".repeat(20),
                                "y".repeat(50),
                                "z",
                                "日本語 ".repeat(9),
                                "whole"),
                        row("", "", "", "", "", "", "")),
                "");
        assertThat(table.render(new Screen(columns, false)).lines())
                .allSatisfy(line -> assertThat(Width.of(line)).isLessThanOrEqualTo(columns));
    }

    @Test
    void colour_is_only_where_the_screen_has_it_and_covers_no_padding() {
        var table = new Table(
                List.of(Column.left("state"), Column.left("x")),
                List.of(List.of(Cell.of("ok", Style.GOOD), Cell.of("y"))),
                "");
        assertThat(table.render(new Screen(80, true))).isEqualTo("STATE  X\n\u001b[32mok\u001b[0m     y\n");
        assertThat(table.render(new Screen(80, false))).isEqualTo("STATE  X\nok     y\n");
    }

    @Test
    void a_cell_cannot_drive_the_terminal() {
        var table = new Table(List.of(Column.left("name")), List.of(row("\u001b]0;owned\u0007\nx\u202e")), "");
        assertThat(table.render(new Screen(80, true))).isEqualTo("NAME\n\\e]0;owned\\x07\\nx\\u202e\n");
    }

    @Test
    void a_row_of_another_length_is_a_defect() {
        assertThatThrownBy(() -> new Table(COLUMNS, List.of(row("a")), "").render(Screen.PLAIN))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static List<Cell> row(String... cells) {
        return Arrays.stream(cells).map(Cell::of).toList();
    }
}
