package io.leprechaun.daemon.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.LocalDateTime;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WindowTest {
    @ParameterizedTest
    @CsvSource({ // 2026-11-23 is a Monday
        "22:00-06:00,             2026-11-23T22:00,    true",
        "22:00-06:00,             2026-11-23T05:59:59, true",
        "22:00-06:00,             2026-11-23T06:00,    false",
        "22:00-06:00,             2026-11-23T21:59:59, false",
        "8:00-18:00,              2026-11-23T08:00,    true",
        "8:00-18:00,              2026-11-23T18:00,    false",
        "18:00-24:00,             2026-11-23T23:59:59, true",
        "18:00-24:00,             2026-11-24T00:00,    false",
        "00:00-24:00,             2026-11-24T00:00,    true",
        "mon-fri,                 2026-11-27T12:00,    true",
        "mon-fri,                 2026-11-28T12:00,    false",
        "'sat,sun',               2026-11-29T12:00,    true",
        "fri-mon,                 2026-11-23T12:00,    true",
        "fri-mon,                 2026-11-24T12:00,    false",
        "FRI 22:00-06:00,         2026-11-27T23:00,    true",
        "fri 22:00-06:00,         2026-11-28T05:00,    true",
        "fri 22:00-06:00,         2026-11-27T05:00,    false",
        "12-24..12-26,            2026-12-24T00:00,    true",
        "12-24..12-26,            2031-12-26T23:59,    true",
        "12-24..12-26,            2026-12-27T00:00,    false",
        "12-24..01-06,            2027-01-06T12:00,    true",
        "12-24..01-06,            2027-01-07T12:00,    false",
        "12-31 20:00-02:00,       2027-01-01T01:00,    true",
        "12-31 20:00-02:00,       2026-12-31T01:00,    false",
        "02-29,                   2028-02-29T01:00,    true",
        "2026-12-24,              2027-12-24T01:00,    false",
        "2026-12-01..2026-12-24,  2026-12-24T23:59,    true",
        "2026-12-24 mon,          2026-12-24T12:00,    false",
        "2026-12-24 thu 8:00-9:00, 2026-12-24T08:30,   true",
    })
    void holds(String text, LocalDateTime moment, boolean held) {
        assertThat(Window.parse(text).holds(moment)).isEqualTo(held);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "nonsense",
                "22:00",
                "22:00-6",
                "25:00-26:00",
                "22:60-23:00",
                "monday",
                "mon-tue-wed",
                "mon, tue",
                "mon tue",
                "13-01",
                "02-30",
                "2026-02-29",
                "2026-12-26..2026-12-24",
                "12-24..2026-12-26",
                "12-24..12-26..12-28",
                "8:00-9:00 10:00-11:00",
                "holidays.ics",
                "\u0661\u0662-24"
            })
    void refuses_with_what_is_wrong(String text) {
        assertThatThrownBy(() -> Window.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .isNotInstanceOf(NumberFormatException.class)
                .hasMessageContaining("'");
    }
}
