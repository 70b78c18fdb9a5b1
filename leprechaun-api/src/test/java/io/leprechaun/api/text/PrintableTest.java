package io.leprechaun.api.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PrintableTest {
    @Test
    void what_drives_a_terminal_is_shown_escaped() {
        assertThat(Printable.of("\u001b[31mred\u0007\n\r\t\u009b\u007f\0"))
                .isEqualTo("\\e[31mred\\x07\\n\\r\\t\\u009b\\u007f\\x00");
        assertThat(Printable.of("a\u202eb\u2066c\u200fd\u2028e")).isEqualTo("a\\u202eb\\u2066c\\u200fd\\u2028e");
        assertThat(Printable.of("a\ud800b")).isEqualTo("a\\ud800b");
    }

    @Test
    void everything_else_stays() {
        var text = "Zoë 日本 👩‍👧 e\u0301 \\n";
        assertThat(Printable.of(text)).isSameAs(text);
    }
}
