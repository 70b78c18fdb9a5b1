package io.leprechaun.daemon.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.leprechaun.daemon.recipe.Recipe;
import io.leprechaun.daemon.run.TestClock;
import io.leprechaun.daemon.run.TestRecipes;
import io.leprechaun.daemon.schedule.CronPattern;
import io.leprechaun.daemon.schedule.IntervalSchedule;
import io.leprechaun.daemon.schedule.Schedule;
import io.leprechaun.daemon.schedule.Schedules;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DueQueueTest {
    private static final Recipe A = TestRecipes.failing("a");
    private static final Recipe B = TestRecipes.failing("b");

    private final TestClock clock = new TestClock("2026-11-23T12:00:00Z");
    private final ClockWatch watch = new ClockWatch(clock);
    private final DueQueue agenda = new DueQueue("test");
    private final List<String> told = new ArrayList<>();

    private final DueListener listener = new DueListener() {
        @Override
        public void due(Recipe recipe, Instant at) {
            told.add(recipe.name() + " " + time(at));
        }

        @Override
        public void late(Recipe recipe, Schedule schedule, Missed late) {
            told.add(recipe.name() + " late " + late.count() + " from " + time(late.first()) + " to "
                    + time(late.last()));
        }

        @Override
        public void missed(Recipe recipe, Schedule schedule, Missed missed) {
            told.add(recipe.name() + " missed " + missed.count() + " from " + time(missed.first()) + " to "
                    + time(missed.last()));
        }

        @Override
        public void set() {}

        @Override
        public void recount(Recipe recipe, Schedule schedule, Instant now, Optional<Instant> shown) {
            told.add(recipe.name() + " counted from " + time(now)
                    + shown.map(at -> ", shown " + time(at)).orElse(""));
        }
    };

    private static String time(Instant at) {
        return at.toString().substring(11).replaceFirst("(:00)?Z$", "");
    }

    private static Schedule cron(String... patterns) {
        return Schedules.union(List.of(patterns).stream()
                .map(pattern -> CronPattern.parse(pattern, ZoneId.of("UTC")))
                .toList());
    }

    private void begin(Map<Recipe, Schedule> schedules) {
        agenda.reset(schedules, clock.instant(), Instant.MIN, watch.read().now());
    }

    private void look() {
        agenda.news(watch.read()).forEach(news -> listener.accept(news));
    }

    private void passes(String time) {
        clock.set("2026-11-23T" + time + "Z");
        look();
    }

    private void isSetTo(String time) {
        clock.setWall(time.contains("T") ? time : "2026-11-23T" + time + "Z");
        look();
    }

    @Test
    void what_is_late_by_more_than_its_period_is_late_and_the_rest_is_due() {
        begin(Map.of(A, cron("*/20 * * * * *"), B, cron("* * * * *")));
        passes("12:01:00");
        assertThat(told).containsExactlyInAnyOrder("a late 2 from 12:00:20 to 12:00:40", "a 12:01", "b 12:01");
        told.clear();
        passes("12:01:39");
        assertThat(told).as("late by less than a period").containsExactly("a 12:01:20");
    }

    @Test
    void after_a_short_sleep_the_latest_is_due() {
        begin(Map.of(A, cron("* * * * *"), B, cron("2,3 12 * * *")));
        passes("12:04:30");
        assertThat(told)
                .containsExactlyInAnyOrder(
                        "a late 3 from 12:01 to 12:03", "a 12:04", "b late 1 from 12:02 to 12:02", "b 12:03");
        passes("12:05:00");
        assertThat(told).last().isEqualTo("a 12:05");
    }

    @Test
    void however_long_the_sleep_was_the_latest_is_due() {
        begin(Map.of(A, cron("*/5 * * * *"), B, cron("0 13 * * *")));
        passes("18:02:30");
        assertThat(told).containsExactlyInAnyOrder("a late 71 from 12:05 to 17:55", "a 18:00", "b 13:00");
    }

    @Test
    void intervals_that_were_slept_over_are_late() {
        begin(Map.of(A, new IntervalSchedule(clock.instant(), Duration.ofSeconds(1))));
        passes("12:00:30");
        assertThat(told).containsExactly("a late 29 from 12:00:01 to 12:00:29", "a 12:00:30");
    }

    @Test
    void fixed_local_times_that_were_told_before_the_clock_was_set_back_are_not_due_again() {
        agenda.reset(
                Map.of(A, cron("30 12 * * *"), B, cron("*/30 * * * *")),
                clock.instant(),
                Instant.parse("2026-11-23T12:40:00Z"),
                watch.read().now());
        passes("12:30:00");
        assertThat(told).containsExactly("b 12:30");
    }

    @Test
    void a_fixed_local_time_that_the_clock_is_set_over_is_due_at_once() {
        begin(Map.of(A, cron("*/5 * * * *"), B, cron("30,40 12 * * *")));
        isSetTo("13:01:30");
        assertThat(told)
                .containsExactlyInAnyOrder(
                        "a missed 12 from 12:05 to 13:00", "b missed 1 from 12:30 to 12:30", "b 12:40");
        passes("13:05:00");
        assertThat(told).last().isEqualTo("a 13:05");
    }

    @Test
    void a_recipe_with_both_kinds_is_due_at_its_fixed_local_time() {
        begin(Map.of(A, cron("*/5 * * * *", "32 12 * * *")));
        isSetTo("13:01:30");
        assertThat(told).containsExactly("a missed 6 from 12:05 to 12:30", "a 12:32", "a missed 6 from 12:35 to 13:00");
    }

    @Test
    void set_forward_by_hours_nothing_is_due() {
        begin(Map.of(A, cron("*/5 * * * *"), B, cron("30 12 * * *")));
        isSetTo("15:01:30");
        assertThat(told).containsExactlyInAnyOrder("a missed 36 from 12:05 to 15:00", "b missed 1 from 12:30 to 12:30");
    }

    @Test
    void a_fixed_local_time_that_comes_again_is_not_due_again_and_the_rest_is() {
        begin(Map.of(A, cron("*/20 * * * *"), B, cron("30 12 * * *", "50 12 * * *")));
        passes("12:20:00");
        passes("12:30:00");
        passes("12:40:00");
        told.clear();
        isSetTo("12:15:00");
        assertThat(told)
                .containsExactlyInAnyOrder("a counted from 12:15, shown 12:40", "b counted from 12:15, shown 12:40");
        told.clear();
        passes("12:20:00");
        passes("12:30:00");
        passes("12:40:00");
        passes("12:50:00");
        assertThat(told).containsExactly("a 12:20", "a 12:40", "b 12:50");
    }

    @Test
    void set_back_and_then_over_a_fixed_local_time_that_was_told_it_is_not_due_again() {
        begin(Map.of(A, cron("*/20 * * * *", "32 12 * * *")));
        passes("12:20:00");
        passes("12:33:00");
        isSetTo("12:10:00");
        told.clear();
        isSetTo("12:45:00");
        assertThat(told).containsExactly("a missed 2 from 12:20 to 12:40");
        passes("13:00:00");
        assertThat(told).last().isEqualTo("a 13:00");
    }

    @Test
    void set_back_again_it_still_knows_what_was_shown_at_first() {
        begin(Map.of(A, cron("30 12 * * *")));
        passes("12:30:00");
        isSetTo("12:20:00");
        isSetTo("12:10:00");
        passes("12:30:00");
        isSetTo("12:29:59");
        isSetTo("12:30:01");
        assertThat(told).filteredOn(line -> line.startsWith("a 12")).containsExactly("a 12:30");
    }

    @Test
    void a_recipe_that_is_changed_meanwhile_is_not_due_again_either() {
        begin(Map.of(A, cron("30 12 * * *")));
        passes("12:30:00");
        isSetTo("12:20:00");
        agenda.replace(Map.of(B, cron("30 12 * * *", "40 12 * * *")));
        told.clear();
        passes("12:30:00");
        passes("12:40:00");
        assertThat(told).containsExactly("b 12:40");
    }

    @Test
    void a_clock_that_was_far_ahead_silences_nobody_once_it_is_right() {
        clock.setWall("2040-11-23T12:00:00Z");
        begin(Map.of(A, cron("*/5 * * * *"), B, cron("30 12 * * *")));
        isSetTo("2026-11-23T12:03:00Z");
        told.clear();
        passes("12:05:00");
        passes("12:30:00");
        assertThat(told).containsExactly("a 12:05", "a late 4 from 12:10 to 12:25", "a 12:30", "b 12:30");
    }

    @Test
    void to_the_end_of_the_epoch_and_back_is_no_storm() {
        begin(Map.of(A, cron("* * * * * *")));
        isSetTo("2040-01-01T00:00:00Z");
        assertThat(told).hasSize(2).allMatch(line -> line.startsWith("a missed 100000 ") || line.equals("a 00:00"));
        told.clear();
        isSetTo("1970-01-01T00:00:05Z");
        isSetTo("2026-11-23T12:00:00Z");
        assertThat(told).hasSizeLessThan(6);
        told.clear();
        passes("12:00:01");
        assertThat(told).containsExactly("a 12:00:01");
    }

    @Test
    void intervals_go_by_elapsed_time() {
        begin(Map.of(A, new IntervalSchedule(clock.instant(), Duration.ofMinutes(10))));
        passes("12:04:00");
        isSetTo("14:04:00");
        assertThat(told).containsExactly("a counted from 14:04");
        passes("14:10:00");
        assertThat(told).last().isEqualTo("a 14:10");
        isSetTo("09:10:00");
        assertThat(told).last().isEqualTo("a counted from 09:10, shown 14:10");
        passes("09:20:00");
        assertThat(told).last().isEqualTo("a 09:20");
    }

    @Test
    void small_corrections_are_nobodys_business() {
        begin(Map.of(A, cron("* * * * *")));
        passes("12:00:59.900");
        isSetTo("12:01:00.200");
        isSetTo("12:00:59.900");
        passes("12:01:00.300");
        assertThat(told).containsExactly("a 12:01");
    }

    @Test
    void every_so_often_by_pattern_goes_by_the_clock() {
        begin(Map.of(A, cron("@every 10m")));
        isSetTo("12:15:00");
        assertThat(told).containsExactly("a missed 1 from 12:10 to 12:10");
        passes("12:20:00");
        assertThat(told).last().isEqualTo("a 12:20");
    }
}
