package io.leprechaun.daemon.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.leprechaun.daemon.recipe.Recipe;
import io.leprechaun.daemon.recipe.TriggerKind;
import io.leprechaun.daemon.run.Cause;
import io.leprechaun.daemon.run.RunState;
import io.leprechaun.daemon.run.TestRecipes;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AdmissionTest {
    private static final Instant NOON = Instant.parse("2026-11-26T12:00:00Z");

    @ParameterizedTest
    @CsvSource({
        // enabled, closed, unfinished, overlap, trigger, slots, room, decision
        "true,  -,      0, -,        cron,     1, 1, Start,                'free'",
        "true,  -,      0, -,        hook,     1, 0, Start,                'a slot needs no room in the queue'",
        "true,  -,      0, -,        cron,     0, 1, Enqueue,                'no slot'",
        "true,  -,      0, -,        cron,     0, 0, REJECTED,             'neither slot nor room'",
        "true,  -,      0, -,        cron,     0, -1, REJECTED,            'more was restored than fits'",
        "true,  -,      1, -,        cron,     1, 1, SKIPPED,              'cron skips by default'",
        "true,  -,      1, -,        schedule, 1, 1, SKIPPED,              'the original said: worker still active'",
        "true,  -,      1, -,        after,    1, 1, SKIPPED,              'after skips by default'",
        "true,  -,      1, -,        catch-up, 1, 1, Enqueue,                'what is made up for queues by default'",
        "true,  -,      1, -,        hook,     1, 1, Enqueue,                'hooks queue by default'",
        "true,  -,      1, -,        manual,   1, 1, Enqueue,                'by hand queues by default'",
        "true,  -,      1, -,        retry,    1, 1, Enqueue,                'a retry queues by default'",
        "true,  -,      1, -,        hook,     1, 0, REJECTED,             'a slot is of no use while it runs'",
        "true,  -,      1, queue,    cron,     1, 1, Enqueue,                'the recipe says queue'",
        "true,  -,      1, queue,    cron,     1, 0, REJECTED,             'no room'",
        "true,  -,      1, skip,     hook,     1, 1, SKIPPED,              'the recipe says skip'",
        "true,  -,      1, skip,     hook,     0, 0, SKIPPED,              'overlap is asked before room'",
        "true,  -,      1, replace,  cron,     1, 1, Replace,              'the recipe says replace'",
        "true,  -,      2, replace,  cron,     0, 1, Replace,              'it waits for their slots'",
        "true,  -,      1, replace,  cron,     1, 0, REJECTED,             'it could not wait for their end'",
        "true,  -,      0, replace,  cron,     1, 0, Start,                'nothing to replace'",
        "true,  -,      3, parallel, cron,     1, 0, Start,                'both run'",
        "true,  -,      3, parallel, cron,     0, 1, Enqueue,                'no slot'",
        "true,  -,      3, parallel, cron,     0, 0, REJECTED,             'neither slot nor room'",
        "false, -,      0, -,        cron,     1, 1, HELD,                 'disabled'",
        "false, paused, 1, skip,     cron,     0, 0, HELD,                 'enabled is asked first'",
        "true,  paused, 0, -,        cron,     1, 1, HELD,                 'paused'",
        "true,  paused, 1, skip,     cron,     0, 0, HELD,                 'paused is asked before overlap and room'",
    })
    void decides(
            boolean enabled,
            String closed,
            int unfinished,
            String overlap,
            TriggerKind trigger,
            int slots,
            int room,
            String decision,
            String because) {
        Recipe recipe =
                TestRecipes.failing("r", "enabled: " + enabled, overlap.equals("-") ? "" : "overlap: " + overlap);
        var facts = new Admission.AdmissionFacts(
                Optional.of(closed).filter(why -> !why.equals("-")),
                Optional.empty(),
                unfinished > 0 ? Optional.of(7L) : Optional.empty(),
                false,
                slots,
                room);

        Admission.Decision decided = decide(recipe, trigger, facts);

        assertThat(
                        switch (decided) {
                            case Admission.Decision.Refuse refuse ->
                                refuse.state().name();
                            case Admission.Decision.Start _,
                                    Admission.Decision.Enqueue _,
                                    Admission.Decision.Replace _ ->
                                decided.getClass().getSimpleName();
                        })
                .as(because)
                .isEqualTo(decision);
    }

    @Test
    void every_refusal_says_why() {
        assertThat(List.of(
                        refusal("", Optional.of("cron is paused by zoe"), Optional.empty(), 1),
                        refusal("overlap: skip", Optional.empty(), Optional.of(41L), 1),
                        refusal("", Optional.empty(), Optional.empty(), 0),
                        refusal("enabled: false", Optional.empty(), Optional.empty(), 1)))
                .containsExactly(
                        "cron is paused by zoe",
                        "run 41 has not ended (overlap: skip)",
                        "the queue is full",
                        "the recipe is disabled: set `enabled: true`");
    }

    @Test
    void a_pause_of_the_recipe_is_asked_after_its_agent_and_before_overlap_and_room() {
        var paused = Optional.of("paused by zoe");
        Recipe recipe = TestRecipes.failing("r", "overlap: skip");
        for (var trigger : List.of(
                TriggerKind.SCHEDULE,
                TriggerKind.CRON,
                TriggerKind.HOOK,
                TriggerKind.MANUAL,
                TriggerKind.AFTER,
                TriggerKind.CATCH_UP,
                TriggerKind.RETRY)) {
            assertThat(decide(
                            recipe,
                            trigger,
                            new Admission.AdmissionFacts(Optional.empty(), paused, Optional.of(41L), true, 0, 0)))
                    .isEqualTo(new Admission.Decision.Refuse(RunState.HELD, "paused by zoe"));
        }
        assertThat(decide(
                        recipe,
                        TriggerKind.CRON,
                        new Admission.AdmissionFacts(
                                Optional.of("cron is paused by adam"), paused, Optional.empty(), false, 1, 1)))
                .isEqualTo(new Admission.Decision.Refuse(RunState.HELD, "cron is paused by adam"));
    }

    private static Admission.Decision decide(Recipe recipe, TriggerKind trigger, Admission.AdmissionFacts facts) {
        return Admission.decide(recipe, Cause.due(trigger, NOON), NOON, facts);
    }

    private static Admission.AdmissionFacts facts(
            boolean paused, boolean inTheWay, boolean locked, int slots, int room) {
        return new Admission.AdmissionFacts(
                Optional.empty(),
                paused ? Optional.of("paused by zoe") : Optional.empty(),
                inTheWay ? Optional.of(41L) : Optional.empty(),
                locked,
                slots,
                room);
    }

    /** The order in which policies are checked where several apply. */
    @Test
    void one_policy_after_the_other() {
        Recipe recipe = TestRecipes.failing(
                "r", "deadline: 1h", "only: 22:00-06:00", "overlap: skip", "lock: db", "timezone: UTC");
        Instant night = NOON.plus(Duration.ofHours(12));
        var overdue = Cause.due(TriggerKind.CRON, night.minus(Duration.ofHours(2)));
        assertThat(Admission.decide(recipe, overdue, night, facts(true, true, true, 0, 0)))
                .as("paused and overdue")
                .isEqualTo(new Admission.Decision.Refuse(RunState.HELD, "paused by zoe"));
        assertThat(Admission.decide(recipe, overdue, night, facts(false, true, true, 0, 0)))
                .as("over its deadline, locked, overlapping and full")
                .isEqualTo(new Admission.Decision.Refuse(RunState.SKIPPED, "not started within 1h (deadline)"));
        assertThat(decide(recipe, TriggerKind.CRON, facts(false, true, true, 0, 0)))
                .as("out of its window and overlapping")
                .isEqualTo(
                        new Admission.Decision.Refuse(RunState.SKIPPED, "outside of its windows (only: 22:00-06:00)"));
        var inTime = Cause.due(TriggerKind.CRON, night);
        assertThat(Admission.decide(recipe, inTime, night, facts(false, true, true, 0, 0)))
                .as("overlapping and full")
                .isEqualTo(new Admission.Decision.Refuse(RunState.SKIPPED, "run 41 has not ended (overlap: skip)"));
        assertThat(Admission.decide(recipe, inTime, night, facts(false, false, true, 1, 0)))
                .as("locked and full")
                .isEqualTo(new Admission.Decision.Refuse(RunState.REJECTED, "the queue is full"));
        assertThat(Admission.decide(recipe, inTime, night, facts(false, false, true, 1, 1)))
                .as("locked")
                .isEqualTo(new Admission.Decision.Enqueue());
        assertThat(Admission.decide(recipe, inTime, night.plusSeconds(3600), facts(false, false, false, 1, 1)))
                .as("at its deadline")
                .isEqualTo(new Admission.Decision.Start());
    }

    @Test
    void what_is_made_up_for_has_to_be_in_a_window_now_too() {
        Recipe recipe = TestRecipes.failing("r", "not: 08:00-18:00", "timezone: UTC");
        Instant night = NOON.plus(Duration.ofHours(12));
        assertThat(Admission.late(
                        recipe, Cause.due(TriggerKind.CATCH_UP, night), NOON, night.plus(Duration.ofHours(10))))
                .contains("inside a window in which it does not run (not: 08:00-18:00)");
        assertThat(Admission.late(recipe, Cause.due(TriggerKind.CATCH_UP, night), NOON, night.plusSeconds(60)))
                .isEmpty();
        assertThat(Admission.late(recipe, Cause.requested(TriggerKind.MANUAL, "zoe"), NOON, NOON))
                .isPresent();
    }

    private static String refusal(String line, Optional<String> closed, Optional<Long> inTheWay, int free) {
        var facts = new Admission.AdmissionFacts(closed, Optional.empty(), inTheWay, false, free, free);
        Admission.Decision decision = decide(TestRecipes.failing("r", line), TriggerKind.HOOK, facts);
        return ((Admission.Decision.Refuse) decision).reason();
    }
}
