package io.leprechaun.daemon.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.leprechaun.daemon.history.ClockLog.ClockChange;
import io.leprechaun.daemon.history.ClockLog.ClockEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.LongStream;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.Test;

class ShiftsTest {
    private static final Instant NOON = Instant.parse("2026-11-29T12:00:00Z");

    private static ClockChange set(long run, Duration by) {
        return new ClockChange(run, ClockEvent.SET, NOON, by);
    }

    private static void assertShown(Shifts shifts, long run) {
        try (var handle = Jdbi.create("jdbc:sqlite::memory:").open()) {
            Instant shown = handle.createQuery("select " + shifts.sql(":time", ":run"))
                    .bind("time", RunMapper.micros(NOON))
                    .bind("run", run)
                    .mapTo(Long.class)
                    .map(RunMapper::instant)
                    .one();
            assertThat(shown).isEqualTo(shifts.now(run, NOON));
        }
    }

    @Test
    void a_time_goes_by_all_sets_since_its_run() {
        var shifts = new Shifts(List.of(
                set(3, Duration.ofHours(-1)),
                set(3, Duration.ofMinutes(5)),
                set(7, Duration.ZERO),
                set(7, Duration.ofHours(2))));
        assertThat(shifts.now(3, NOON)).isEqualTo(NOON.plus(Duration.ofMinutes(65)));
        assertThat(shifts.now(7, NOON)).isEqualTo(NOON.plus(Duration.ofHours(2)));
        assertThat(shifts.now(8, NOON)).isEqualTo(NOON);
        LongStream.rangeClosed(1, 9).forEach(run -> assertShown(shifts, run));
        assertShown(new Shifts(List.of()), 1);
    }

    @Test
    void a_clock_that_is_set_again_and_again_is_no_limit() {
        var shifts = new Shifts(LongStream.range(0, 5_000)
                .mapToObj(run -> set(run, Duration.ofSeconds(run % 7 - 3)))
                .toList());
        for (long run : new long[] {0, 1, 2_500, 4_999, 5_000}) {
            assertShown(shifts, run);
        }
    }
}
