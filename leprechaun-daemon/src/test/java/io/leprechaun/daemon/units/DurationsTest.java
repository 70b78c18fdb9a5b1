package io.leprechaun.daemon.units;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DurationsTest {
    @ParameterizedTest
    @CsvSource({
        "90s,PT90S,1m30s",
        "10m,PT10M,10m",
        "2h,PT2H,2h",
        "1d,PT24H,1d",
        "1h30m,PT90M,1h30m",
        "500ms,PT0.5S,500ms",
        "PT1H,PT1H,1h",
        "0s,PT0S,0s"
    })
    void a_span_is_read_and_written(String text, Duration span, String written) {
        assertThat(Durations.parse(text)).isEqualTo(span);
        assertThat(Durations.format(span)).isEqualTo(written);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "90",
                "s",
                "1 h",
                "-1s",
                "1h-",
                "1x",
                "1.5h",
                "٣s",
                "9999999999s",
                "PT",
                "P1Y",
                "PT99999999999999999999S"
            })
    void what_is_no_span_is_refused(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Durations.parse(text))
                .withMessageContaining("use a duration such as 90s");
    }
}
