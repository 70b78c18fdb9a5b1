package io.leprechaun.daemon.metrics;

import static io.leprechaun.daemon.metrics.Exposition.labels;
import static org.assertj.core.api.Assertions.assertThat;

import io.leprechaun.daemon.count.Histogram;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class ExpositionTest {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final Exposition out = new Exposition(bytes);

    private String text() throws Exception {
        out.flush();
        return bytes.toString(StandardCharsets.UTF_8);
    }

    @Test
    void a_metric_has_help_type_and_samples() throws Exception {
        out.metric("a_total", Exposition.Type.COUNTER, "All of them.")
                .sample(3, labels("recipe", "ü"))
                .sample(0.25)
                .sample(Double.NaN, labels("recipe", "absent"))
                .sample(Exposition.seconds(Instant.ofEpochMilli(1_764_556_800_125L)), labels("recipe", "at"));
        assertThat(text()).isEqualTo("""
            # HELP a_total All of them.
            # TYPE a_total counter
            a_total{recipe="ü"} 3
            a_total 0.25
            a_total{recipe="at"} 1.764556800125E9
            """);
    }

    @Test
    void values_of_labels_are_escaped() {
        assertThat(labels("a", "x\\y\"z\nw", "b", "")).isEqualTo("{a=\"x\\\\y\\\"z\\nw\",b=\"\"}");
        assertThat(labels()).isEmpty();
    }

    @Test
    void a_histogram_has_cumulative_buckets_a_sum_and_a_count() throws Exception {
        var times = new Histogram(0.5, 2);
        times.add(Duration.ofSeconds(1));
        times.add(Duration.ofSeconds(3));
        out.metric("t", Exposition.Type.HISTOGRAM, "Times.").histogram(times, "agent", "cron");
        assertThat(text()).endsWith("""
            t_bucket{agent="cron",le="0.5"} 0
            t_bucket{agent="cron",le="2"} 1
            t_bucket{agent="cron",le="+Inf"} 2
            t_sum{agent="cron"} 4
            t_count{agent="cron"} 2
            """);
    }

    @Test
    void what_is_larger_than_the_buffer_is_whole() throws Exception {
        out.metric("many", Exposition.Type.GAUGE, "Many.");
        for (int i = 0; i < 10_000; i++) {
            out.sample(i, labels("i", Integer.toString(i)));
        }
        assertThat(text().lines()).hasSize(10_002).endsWith("many{i=\"9999\"} 9999");
    }
}
