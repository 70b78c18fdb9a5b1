package io.leprechaun.daemon.settings.notify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class QuietHoursTest {
    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

    @ParameterizedTest
    @CsvSource({
        "22:00-07:00, 2026-11-23T20:59:59Z, PT0S",
        "22:00-07:00, 2026-11-23T21:00:00Z, PT9H",
        "22:00-07:00, 2026-11-23T23:30:00Z, PT6H30M",
        "22:00-07:00, 2026-11-24T05:59:59Z, PT1S",
        "22:00-07:00, 2026-11-24T06:00:00Z, PT0S",
        "12:00 - 13:00, 2026-11-24T11:15:00Z, PT45M",
        "12:00 - 13:00, 2026-11-24T12:00:00Z, PT0S",
        "12:00 - 13:00, 2026-11-24T10:59:59Z, PT0S",
    })
    void it_is_quiet_until_they_end(String hours, Instant now, Duration left) {
        assertThat(QuietHours.parse(hours).left(now, BERLIN)).isEqualTo(left);
    }

    @Test
    void the_night_in_which_the_clocks_go_back_is_an_hour_longer() {
        assertThat(QuietHours.parse("22:00-07:00").left(Instant.parse("2026-10-24T20:00:00Z"), BERLIN))
                .isEqualTo(Duration.ofHours(10));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "22-7", "22:00", "25:00-07:00", "22:00-07:60", "07:00-07:00", "22:00-07:00 x"})
    void others_are_none(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> QuietHours.parse(text))
                .withMessageContaining("use two times of day, such as 22:00-07:00");
    }
}
