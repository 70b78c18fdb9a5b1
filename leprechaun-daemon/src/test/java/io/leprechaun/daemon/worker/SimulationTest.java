package io.leprechaun.daemon.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.leprechaun.daemon.recipe.Recipe;
import io.leprechaun.daemon.run.Run;
import io.leprechaun.daemon.run.TestRecipes;
import io.leprechaun.daemon.schedule.CronPattern;
import io.leprechaun.daemon.settings.AgentName;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The outcomes of simulations, each calculated by hand. */
class SimulationTest {
    private static final Instant NOON = Instant.parse("2026-11-26T12:00:00Z");

    private final List<Simulation.Planned> planned = new ArrayList<>();
    private final Map<Recipe, AgentName> followers = new LinkedHashMap<>();
    private final Map<String, Duration> takes = new LinkedHashMap<>();
    private Dispatcher.Capacity bounds = new Dispatcher.Capacity(1, 10);

    private void plan(String name, String pattern, String takes, String... keys) {
        planned.add(new Simulation.Planned(
                TestRecipes.failing(name, keys), AgentName.CRON, CronPattern.parse(pattern, ZoneId.of("UTC"))));
        this.takes.put(name, Duration.parse(takes));
    }

    private void follow(String name, String takes, String... keys) {
        followers.put(TestRecipes.failing(name, keys), AgentName.CRON);
        this.takes.put(name, Duration.parse(takes));
    }

    /** Returns the outcomes of one simulated hour. */
    private List<String> outcomes() {
        var world = new Simulation.World(
                planned,
                followers,
                Map.of(AgentName.CRON, bounds),
                recipe -> takes.get(recipe.name().value()));
        return Simulation.of(world, NOON, NOON.plus(Duration.ofHours(1))).stream()
                .map(SimulationTest::outcome)
                .toList();
    }

    private static String outcome(Run run) {
        return run.order().recipe() + " " + time(run.order().cause().dueAt().orElseThrow()) + " "
                + run.times()
                        .startedAt()
                        .map(at -> time(at) + "-" + time(run.times().endedAt().orElseThrow()))
                        .orElse(run.state().word());
    }

    private static String time(Instant at) {
        return at.toString().substring(14, 16);
    }

    @Test
    void what_is_longer_than_its_period_is_skipped() {
        plan("a", "*/20 * * * *", "PT25M");
        assertThat(outcomes()).containsExactly("a 20 skipped", "a 00 00-25", "a 40 40-05");
    }

    @Test
    void with_one_worker_one_waits_for_the_other_and_the_higher_priority_goes_first() {
        plan("a", "0 * * * *", "PT10M");
        plan("b", "0 * * * *", "PT10M");
        plan("c", "5 * * * *", "PT10M", "priority: 1");
        assertThat(outcomes()).containsExactly("a 00 00-10", "c 05 10-20", "b 00 20-30");
    }

    @Test
    void a_full_queue_rejects_and_a_deadline_skips() {
        bounds = new Dispatcher.Capacity(1, 1);
        plan("a", "0 * * * *", "PT30M");
        plan("b", "1 * * * *", "PT1M", "deadline: 10m");
        plan("c", "2 * * * *", "PT1M");
        assertThat(outcomes()).containsExactly("c 02 rejected", "b 01 skipped", "a 00 00-30");
    }

    @Test
    void locks_keep_apart_what_has_workers_enough_and_windows_skip() {
        bounds = new Dispatcher.Capacity(5, 10);
        plan("a", "0 * * * *", "PT10M", "lock: db");
        plan("b", "0 * * * *", "PT10M", "lock: db");
        plan("c", "0 * * * *", "PT10M", "not: 12:00-12:30", "timezone: UTC");
        assertThat(outcomes()).containsExactly("c 00 skipped", "a 00 00-10", "b 00 10-20");
    }

    @Test
    void who_runs_after_others_does_once_all_have_succeeded() {
        bounds = new Dispatcher.Capacity(5, 10);
        plan("a", "0,30 * * * *", "PT5M");
        plan("b", "0 * * * *", "PT10M");
        follow("c", "PT5M", "after: [ a, b ]");
        assertThat(outcomes()).containsExactly("a 00 00-05", "b 00 00-10", "c 10 10-15", "a 30 30-35");
    }

    @Test
    void overlap_is_what_the_recipe_says() {
        bounds = new Dispatcher.Capacity(5, 10);
        plan("q", "0,10 * * * *", "PT15M", "overlap: queue");
        plan("r", "0,10 * * * *", "PT15M", "overlap: replace");
        plan("p", "0,10 * * * *", "PT15M", "overlap: parallel");
        assertThat(outcomes())
                .containsExactly("r 00 00-10", "q 00 00-15", "p 00 00-15", "r 10 10-25", "p 10 10-25", "q 10 15-30");
    }

    @Test
    void more_than_can_be_looked_at_is_refused() {
        plan("a", "* * * * * *", "PT0S");
        var world = new Simulation.World(planned, followers, Map.of(AgentName.CRON, bounds), recipe -> Duration.ZERO);
        assertThatThrownBy(() -> Simulation.of(world, NOON, NOON.plus(Duration.ofDays(30))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("choose a shorter span");
    }
}
