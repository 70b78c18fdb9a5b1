package io.leprechaun.daemon.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.leprechaun.daemon.recipe.Windows;
import io.leprechaun.daemon.schedule.CronPattern;
import io.leprechaun.daemon.schedule.IntervalSchedule;
import io.leprechaun.daemon.schedule.Schedule;
import io.leprechaun.daemon.schedule.Window;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GapSearchTest {
    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");
    private static final Instant NOW =
            LocalDateTime.of(2026, 12, 1, 12, 0).atZone(BERLIN).toInstant();

    private static Optional<Duration> longest(Schedule schedule, Windows windows) {
        return new GapSearch(schedule, windows, BERLIN).longest(NOW);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        30 2 * * *           | PT25H    | the clocks go back once
        0 * * * *            | PT1H     | every hour
        */5 * * * *          | PT5M     | every five minutes
        0 9 * * 1-5          | PT73H    | the weekend on which the clocks go back
        * 9-16 * * 1-5       | PT65H1M  | from Friday 16:59 to Monday 9:00, and an hour
        * * 9-17 * * *       | PT16H1S  | each second by day, found by probes
        0 0 1 1 *            | P366D    | once a year, and 2028 has a leap day
        """)
    void the_longest_gap_of_the_next_400_days_is_found(String pattern, Duration gap, String why) {
        assertThat(longest(CronPattern.parse(pattern, BERLIN), Windows.ANY))
                .as(why)
                .contains(gap);
    }

    @Test
    void windows_and_their_end_are_heard() {
        var hourly = new IntervalSchedule(NOW, Duration.ofHours(1));
        var nights = new Windows(List.of(Window.parse("22:00-04:00")), List.of(), Optional.empty(), Optional.empty());
        assertThat(longest(hourly, nights)).contains(Duration.ofHours(19));
        var over = new Windows(
                List.of(), List.of(), Optional.empty(), Optional.of(Windows.Edge.until("2026-12-01 12:30")));
        assertThat(longest(hourly, over)).isEmpty();
        var seconds = CronPattern.parse("* * * * * *", BERLIN);
        assertThat(longest(seconds, nights).orElseThrow()).isBetween(Duration.ofHours(18), Duration.ofHours(19));
    }

    @Test
    void the_work_is_bounded_whatever_the_schedule() {
        var asked = new AtomicInteger();
        Schedule seconds = after -> {
            asked.incrementAndGet();
            return Optional.of(Instant.ofEpochSecond(after.getEpochSecond() + 1));
        };
        assertThat(longest(seconds, Windows.ANY)).contains(Duration.ofSeconds(1));
        assertThat(asked.get()).isLessThan(15_000);
        asked.set(0);
        var never = new Windows(List.of(), List.of(Window.parse("00:00-24:00")), Optional.empty(), Optional.empty());
        assertThat(longest(seconds, never)).isEmpty();
        assertThat(asked.get()).isLessThanOrEqualTo(GapSearch.MOST + 1);
    }

    @Test
    void a_schedule_that_is_never_due_has_no_gap() {
        assertThat(longest(after -> Optional.empty(), Windows.ANY)).isEmpty();
        var leap = CronPattern.parse("0 0 29 2 *", BERLIN);
        assertThat(longest(leap, Windows.ANY)).as("the next one is in 2028").isEmpty();
    }
}
