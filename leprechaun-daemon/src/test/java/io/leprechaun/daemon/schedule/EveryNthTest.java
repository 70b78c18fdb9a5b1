package io.leprechaun.daemon.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EveryNthTest {
    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

    private static EveryNth every(String period, String first, String pattern, ZoneId zone) {
        return new EveryNth(
                CronPattern.parse(pattern, zone), EveryNth.Period.parse(period), LocalDate.parse(first), zone);
    }

    private static List<String> due(Schedule schedule, String after, ZoneId zone, int count) {
        return Stream.iterate(
                        schedule.next(OffsetDateTime.parse(after).toInstant().minusNanos(1))
                                .orElseThrow(),
                        due -> schedule.next(due).orElseThrow())
                .limit(count)
                .map(due -> due.atZone(zone).toLocalDateTime().toString())
                .toList();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "2w | 2026-12-01 | 0 9 * * tue | 2026-12-01T09:00 2026-12-15T09:00 2026-12-29T09:00 2027-01-12T09:00",
                "2w | 2026-12-03 | 0 9 * * tue | 2026-12-08T09:00 2026-12-22T09:00 2027-01-05T09:00 2027-01-19T09:00",
                "2w | 2026-12-01 | 0 9 * * mon,tue | 2026-12-01T09:00 2026-12-07T09:00 2026-12-15T09:00"
                        + " 2026-12-21T09:00",
                "3d | 2026-12-30 | 30 2 * * * | 2026-12-30T02:30 2027-01-02T02:30 2027-01-05T02:30 2027-01-08T02:30",
                "2d | 2026-12-01 | 0 0,12 * * * | 2026-12-01T00:00 2026-12-01T12:00 2026-12-03T00:00 2026-12-03T12:00",
                "1w | 2026-12-01 | 0 9 * * fri | 2026-12-04T09:00 2026-12-11T09:00 2026-12-18T09:00 2026-12-25T09:00",
                "52w | 2026-12-01 | 0 9 * * tue | 2026-12-01T09:00 2027-11-30T09:00 2028-11-28T09:00 2029-11-27T09:00",
            })
    void counts_from_the_first_day(String period, String first, String pattern, String due) {
        assertThat(due(every(period, first, pattern, BERLIN), first + "T00:00:00+01:00", BERLIN, 4))
                .containsExactly(due.split(" "));
    }

    @Test
    void days_are_those_of_the_zone_also_where_the_clocks_change() {
        assertThat(due(every("2d", "2027-03-26", "30 2 * * *", BERLIN), "2027-03-25T23:00:00Z", BERLIN, 3))
                .as("02:30 does not exist on the 28th")
                .containsExactly("2027-03-26T02:30", "2027-03-28T03:00", "2027-03-30T02:30");
        ZoneId kiritimati = ZoneId.of("Pacific/Kiritimati"); // 14 hours ahead
        assertThat(due(every("2d", "2026-12-01", "0 1 * * *", kiritimati), "2026-11-30T00:00:00Z", kiritimati, 2))
                .containsExactly("2026-12-01T01:00", "2026-12-03T01:00");
    }

    @Test
    void each_second_of_one_week_in_a_thousand_is_found_at_once() {
        EveryNth schedule = every("1000w", "2026-12-01", "* * * * * *", BERLIN);
        assertThat(schedule.next(Instant.parse("2026-12-07T22:59:59Z")))
                .contains(LocalDate.parse("2026-12-01")
                        .plusWeeks(1000)
                        .atStartOfDay(BERLIN)
                        .toInstant());
    }

    @Test
    void what_never_counts_is_not_searched_for_ever() {
        assertThat(every("14d", "2026-12-02", "0 9 * * tue", BERLIN).next(Instant.parse("2026-12-01T00:00:00Z")))
                .isEmpty();
        assertThat(every("9999w", "2026-12-01", "0 9 * * tue", BERLIN).next(Instant.parse("2026-12-09T00:00:00Z")))
                .isEmpty();
    }

    /** Beside the plain rule: each due instant of the pattern, whose day counts. */
    @Test
    void it_is_due_at_each_instant_of_the_pattern_whose_day_counts_and_at_no_other() {
        var random = new Random(20261129);
        List<String> patterns =
                List.of("0 9 * * tue", "0 */7 * * *", "15 2 1,15 * *", "30 23 * * sat,sun", "0 0 L * *");
        for (int i = 0; i < 200; i++) {
            Schedule pattern = CronPattern.parse(patterns.get(i % patterns.size()), BERLIN);
            LocalDate first = LocalDate.parse("2026-06-01").plusDays(random.nextInt(400));
            var period = new EveryNth.Period(1 + random.nextInt(5), random.nextBoolean() ? 1 : 7);
            var every = new EveryNth(pattern, period, first, BERLIN);
            Instant asked = Instant.parse("2026-01-01T00:00:00Z").plusSeconds(random.nextInt(50_000_000));
            Optional<Instant> due = every.next(asked);
            Optional<Instant> plain = pattern.next(asked);
            while (plain.isPresent() && !plain.equals(due)) {
                long days = plain.get().atZone(BERLIN).toLocalDate().toEpochDay() - first.toEpochDay();
                assertThat(Math.floorMod(Math.floorDiv(days, period.days()), period.count()))
                        .as("%s of %s from %s: %s", period, pattern, first, plain.get())
                        .isNotZero();
                plain = pattern.next(plain.get());
            }
            assertThat(due).isPresent();
            assertThat(plain).isEqualTo(due);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0w", "w", "-1w", "2", "2 w", "2h", "10m", "2weeks", "10000d", "2W"})
    void only_days_and_weeks_are_a_period(String text) {
        assertThatThrownBy(() -> EveryNth.Period.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("invalid period '" + text + "': use days or weeks, such as 3d or 2w; for an interval use"
                        + " `definition: schedule` with `schedule: { min: 10 }`");
    }
}
