package io.leprechaun.daemon.units;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.time.Instant;
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
    @CsvSource({
        "PT0S,           0s",
        "PT0.04S,        40 ms",
        "PT0.999S,       999 ms",
        "PT3.8S,         3.8 s",
        "PT45S,          45s",
        "PT59.9S,        59.9 s",
        "PT1M,           1m",
        "PT3M20.7S,      3m 20s",
        "PT2H,           2h",
        "PT2H5M,         2h 5m",
        "PT2H0M59S,      2h",
        "PT23H30M,       23h 30m",
        "PT24H,          1d",
        "P3DT4H5M,       3d 4h",
        "PT672H,         28d",
        "P400DT23H,      400d 23h",
    })
    void a_duration_is_shown_in_at_most_two_units(Duration duration, String text) {
        assertThat(Durations.brief(duration)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({
        "PT0S,    now",
        "PT0.9S,  now",
        "PT20S,   in 20 s",
        "PT-20S,  20 s ago",
        "PT-59S,  59 s ago",
        "PT5M59S, in 5m",
        "PT-47H,  47h ago",
        "P28D,    in 28d",
    })
    void a_distance_is_shown_in_one_unit(Duration far, String text) {
        Instant now = Instant.parse("2026-11-23T12:00:00Z");
        assertThat(Durations.distance(now.plus(far), now)).isEqualTo(text);
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
