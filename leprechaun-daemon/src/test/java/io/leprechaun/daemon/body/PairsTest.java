package io.leprechaun.daemon.body;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PairsTest {
    private static Pairs pairs(String text) {
        return Pairs.of(new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1), "the query");
    }

    @ParameterizedTest
    @CsvSource({
        "a=1&a=2, a, 1",
        "&&a=1&, a, 1",
        "a, a, ''",
        "a=, a, ''",
        "=x, '', x",
        "a=b=c, a, b=c",
        "a=x+y%2Bz, a, x y+z",
        "%61=%C5%82, a, ł",
        "a=ł, a, ł",
        "a=Zoë%20日本, a, Zoë 日本",
        "日本=🍀, 日本, 🍀",
        "b=%E9&a=1, a, 1",
        "b=100%&a=1, a, 1",
        "%E9=x&%=x&a=1, a, 1",
    })
    void a_name_has_its_first_value(String text, String name, String value) {
        assertThat(pairs(text).value(name)).contains(value);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "&", "A=1", "aa=1", "b=a", "%zz=1"})
    void a_name_that_is_not_there_has_none(String text) {
        assertThat(pairs(text).value("a")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a=%E9", "a=%", "a=%4", "a=%zz", "a=%C5", "a=%ff&a=1"})
    void a_value_that_cannot_be_read_is_refused_when_it_is_asked_for(String text) {
        var pairs = pairs("b=1&" + text);
        assertThat(pairs.value("b")).contains("1");
        assertThatThrownBy(() -> pairs.value("a")).hasMessage("the query is not percent-encoded UTF-8");
    }

    @Test
    void a_character_that_is_no_byte_is_never_taken_for_one() {
        assertThatThrownBy(() -> Pairs.of("a=\u0142", "the query").value("a"))
                .hasMessage("the query is not percent-encoded UTF-8");
    }

    @Test
    void of_very_many_the_first_thousand_are_found_and_none_is_denied() {
        var pairs = pairs("a=1&" + "b=2&".repeat(999) + "c=3");
        assertThat(pairs.value("a")).contains("1");
        assertThatThrownBy(() -> pairs.value("c")).hasMessage("the query has more than 1000 values");
        assertThat(pairs("a=1&" + "b=2&".repeat(998) + "c=3").value("c")).contains("3");
    }
}
