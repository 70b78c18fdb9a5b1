package io.leprechaun.daemon.notify;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BackoffTest {
    @ParameterizedTest
    @CsvSource({"1, 5", "2, 10", "3, 20", "7, 320", "8, 600", "9, 600", "2147483647, 600"})
    void waits_twice_as_long_each_time_up_to_ten_minutes(int failures, long seconds) {
        assertThat(Backoff.USUAL.after(failures)).isEqualTo(Duration.ofSeconds(seconds));
    }

    @ParameterizedTest
    @CsvSource({
        "1, 0, 5",
        "1, 60, 60",
        "1, 3, 5",
        "8, 60, 600",
        "1, 3600, 3600",
        "1, 86400, 3600",
        "1, 999999999999999, 3600"
    })
    void waits_as_long_as_was_asked_for_up_to_an_hour(int failures, long asked, long seconds) {
        assertThat(Backoff.USUAL.after(failures, Duration.ofSeconds(asked))).isEqualTo(Duration.ofSeconds(seconds));
    }

    @ParameterizedTest
    @CsvSource({"1, 15", "2, 30", "3, 60", "4, 120", "5, 240", "6, 240"})
    void waits_long_after_what_may_have_arrived(int failures, long minutes) {
        assertThat(Backoff.USUAL.cautious().after(failures)).isEqualTo(Duration.ofMinutes(minutes));
    }
}
