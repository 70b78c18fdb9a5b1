package io.leprechaun.daemon.units;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LogValueTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "root | root",
                "``   | \"\"",
                "127.0.0.1 | 127.0.0.1",
                "hook replay | \"hook replay\"",
                "a=b | \"a=b\"",
                "a\"b | \"a\\\"b\"",
                "C:\\x | C:\\x",
                "a \\\" | \"a \\\\\\\"\"",
            })
    void a_value_that_is_more_than_a_word_is_quoted(String text, String value) {
        assertThat(LogValue.of(text)).isEqualTo(value);
    }
}
