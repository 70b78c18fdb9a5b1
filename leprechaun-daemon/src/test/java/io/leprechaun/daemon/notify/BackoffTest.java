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
}
