package io.leprechaun.daemon.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IntervalScheduleTest {
    private static final Instant ANCHOR = Instant.parse("2026-03-01T10:00:07Z");

    @ParameterizedTest
    @CsvSource({
        "PT10M, 2026-03-01T10:00:07Z, 2026-03-01T10:10:07Z, first one period after the anchor",
        "PT10M, 2026-03-01T09:00:00Z, 2026-03-01T10:10:07Z, the same when asked before the anchor",
        "PT10M, 2026-03-01T10:10:06.999Z, 2026-03-01T10:10:07Z, just before",
        "PT10M, 2026-03-01T10:10:07Z, 2026-03-01T10:20:07Z, strictly later",
        "PT10M, 2027-03-01T10:10:07Z, 2027-03-01T10:20:07Z, anchored for ever",
        "PT1.5S, 2026-03-01T10:00:11Z, 2026-03-01T10:00:11.500Z, parts of a second",
        "PT24H, 2026-03-29T10:00:07Z, 2026-03-30T10:00:07Z, elapsed time whatever the clocks do",
    })
    void counts_from_its_anchor(Duration every, Instant after, Instant next, String why) {
        assertThat(new IntervalSchedule(ANCHOR, every).next(after)).as(why).contains(next);
    }

    @Test
    void the_ends_of_time_are_no_defect() {
        assertThat(new IntervalSchedule(ANCHOR, Duration.ofSeconds(1)).next(Instant.MAX))
                .isEmpty();
        assertThat(new IntervalSchedule(Instant.MIN, Duration.ofSeconds(1)).next(Instant.MAX))
                .isEmpty();
        assertThat(new IntervalSchedule(Instant.MAX, Duration.ofSeconds(1)).next(ANCHOR))
                .isEmpty();
        assertThat(new IntervalSchedule(ANCHOR, Duration.ofSeconds(Long.MAX_VALUE)).next(ANCHOR))
                .isEmpty();
        assertThat(new IntervalSchedule(ANCHOR, Duration.ofDays(15_000)).next(ANCHOR))
                .as("out of sight")
                .isEmpty();
    }

    @Test
    void is_no_shorter_than_a_second() {
        assertThatIllegalArgumentException().isThrownBy(() -> new IntervalSchedule(ANCHOR, Duration.ofMillis(999)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new IntervalSchedule(ANCHOR, Duration.ofNanos(1_500_000_001)));
    }

    @Test
    void a_union_says_the_same_instant_once() {
        Schedule union = Schedules.union(List.of(
                new IntervalSchedule(Instant.EPOCH, Duration.ofMinutes(2)),
                new IntervalSchedule(Instant.EPOCH, Duration.ofMinutes(3)),
                after -> Optional.empty()));

        assertThat(union.next(Instant.EPOCH)).contains(Instant.ofEpochSecond(120));
        assertThat(union.next(Instant.ofEpochSecond(300))).contains(Instant.ofEpochSecond(360));
        assertThat(union.next(Instant.ofEpochSecond(360))).contains(Instant.ofEpochSecond(480));
        assertThat(Schedules.union(List.of()).next(Instant.EPOCH)).isEmpty();
    }
}
