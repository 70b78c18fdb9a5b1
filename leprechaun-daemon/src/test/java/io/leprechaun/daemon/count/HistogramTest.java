package io.leprechaun.daemon.count;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;

class HistogramTest {
    @Test
    void buckets_are_cumulative_with_inclusive_bounds() {
        var histogram = new Histogram(0.5, 1);
        histogram.add(Duration.ofMillis(500));
        histogram.add(Duration.ofMillis(501));
        histogram.add(Duration.ofSeconds(1));
        histogram.add(Duration.ofDays(400_000)); // longer than nanoseconds can tell
        histogram.add(Duration.ofSeconds(-3));
        var read = new ArrayList<String>();
        double sum = histogram.read((bound, count) -> read.add(bound + " " + count));
        assertThat(read).containsExactly("0.5 2", "1.0 4", "Infinity 5");
        assertThat(sum).isGreaterThan(2);
    }

    @Test
    void the_sum_is_that_of_all() {
        var histogram = new Histogram(1);
        histogram.add(Duration.ofMillis(250));
        histogram.add(2_000_000_000);
        assertThat(histogram.read((bound, count) -> {})).isCloseTo(2.25, within(1e-9));
    }
}
