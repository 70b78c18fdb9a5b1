package io.leprechaun.daemon.count;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LabelledCountsTest {
    private final LabelledCounts counts = new LabelledCounts();

    private Map<List<String>, Long> read() {
        var read = new HashMap<List<String>, Long>();
        counts.forEach(read::put);
        return read;
    }

    @Test
    void counts_by_labels() {
        counts.add("a", "ok");
        counts.add(3, "a", "ok");
        counts.add("b", "ok");
        assertThat(read()).isEqualTo(Map.of(List.of("a", "ok"), 4L, List.of("b", "ok"), 1L));
    }

    @Test
    void beyond_the_limit_the_rest_is_counted_together() {
        for (int i = 0; i < LabelledCounts.MOST + 10; i++) {
            counts.add("recipe-" + i, "ok");
        }
        counts.add("recipe-0", "ok");
        var read = read();
        assertThat(read).hasSize(LabelledCounts.MOST + 1).containsEntry(List.of("", "ok"), 10L);
        assertThat(read).containsEntry(List.of("recipe-0", "ok"), 2L);
        assertThat(read.values().stream().mapToLong(count -> count).sum()).isEqualTo(LabelledCounts.MOST + 11);
    }
}
