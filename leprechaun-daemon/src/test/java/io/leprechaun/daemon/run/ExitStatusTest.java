package io.leprechaun.daemon.run;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExitStatusTest {
    @ParameterizedTest
    @CsvSource({
        "0, exit 0",
        "1, exit 1",
        "126, exit 126",
        "127, exit 127",
        "128, exit 128",
        "129, 129 (HUP)",
        "137, 137 (KILL)",
        "141, 141 (PIPE)",
        "143, 143 (TERM)",
        "158, 158 (PWR)",
        "161, exit 161",
        "162, 162 (RTMIN)",
        "164, 164 (RTMIN+2)",
        "192, 192 (RTMIN+30)",
        "193, exit 193",
        "255, exit 255"
    })
    void a_signal_is_shown_the_same_however_it_is_seen(int code, String text) {
        assertThat(ExitStatus.text(code)).isEqualTo(text);
    }
}
