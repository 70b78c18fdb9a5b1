package io.leprechaun.daemon.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.leprechaun.daemon.schedule.IntervalSchedule;
import io.leprechaun.daemon.schedule.Schedule;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class MissedTest {
    private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");
    private static final Schedule MINUTELY = new IntervalSchedule(NOON, Duration.ofMinutes(1));

    private static Instant minute(int minutes) {
        return NOON.plus(Duration.ofMinutes(minutes));
    }

    @Test
    void counts_what_was_due_between_two_instants() {
        assertThat(Missed.after(MINUTELY, NOON, minute(5).plusMillis(1))).contains(new Missed(minute(1), minute(5), 5));
        assertThat(Missed.between(MINUTELY, minute(1), minute(2))).isEqualTo(new Missed(minute(1), minute(1), 1));
    }

    @Test
    void nothing_was_due_within_a_period_or_before_the_last_one_accounted_for() {
        assertThat(Missed.after(MINUTELY, minute(5), minute(5).plusSeconds(59))).isEmpty();
        assertThat(Missed.after(MINUTELY, minute(5), minute(1)))
                .as("the clock was set back")
                .isEmpty();
        assertThat(Missed.after(after -> Optional.empty(), NOON, minute(5))).isEmpty();
    }

    @Test
    void a_schedule_that_ends_is_counted_to_its_end() {
        Schedule thrice = after -> MINUTELY.next(after).filter(next -> !next.isAfter(minute(3)));
        assertThat(Missed.after(thrice, NOON, minute(100))).contains(new Missed(minute(1), minute(3), 3));
    }

    @Test
    void counting_has_an_end() {
        Schedule secondly = new IntervalSchedule(NOON, Duration.ofSeconds(1));
        Instant nextYear = NOON.plus(Duration.ofDays(365));
        assertThat(Missed.after(secondly, NOON, nextYear))
                .contains(new Missed(NOON.plusSeconds(1), nextYear.minusSeconds(1), Missed.COUNTED));
    }
}
