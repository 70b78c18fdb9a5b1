package io.leprechaun.daemon.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.leprechaun.daemon.recipe.Recipe;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AdmissionTest {
    @ParameterizedTest
    @CsvSource({
        // enabled, closed, unfinished, overlap, trigger, slots, room, decision
        "true,  -,      0, -,        CRON,     1, 1, Start,                'free'",
        "true,  -,      0, -,        HOOK,     1, 0, Start,                'a slot needs no room in the queue'",
        "true,  -,      0, -,        CRON,     0, 1, Queue,                'no slot'",
        "true,  -,      0, -,        CRON,     0, 0, REJECTED,             'neither slot nor room'",
        "true,  -,      0, -,        CRON,     0, -1, REJECTED,            'more was restored than fits'",
        "true,  -,      1, -,        CRON,     1, 1, SKIPPED,              'cron skips by default'",
        "true,  -,      1, -,        SCHEDULE, 1, 1, SKIPPED,              'the original said: worker still active'",
        "true,  -,      1, -,        AFTER,    1, 1, SKIPPED,              'after skips by default'",
        "true,  -,      1, -,        CATCH_UP, 1, 1, Queue,                'what is made up for queues by default'",
        "true,  -,      1, -,        HOOK,     1, 1, Queue,                'hooks queue by default'",
        "true,  -,      1, -,        MANUAL,   1, 1, Queue,                'by hand queues by default'",
        "true,  -,      1, -,        RETRY,    1, 1, Queue,                'a retry queues by default'",
        "true,  -,      1, -,        HOOK,     1, 0, REJECTED,             'a slot is of no use while it runs'",
        "true,  -,      1, queue,    CRON,     1, 1, Queue,                'the recipe says queue'",
        "true,  -,      1, queue,    CRON,     1, 0, REJECTED,             'no room'",
        "true,  -,      1, skip,     HOOK,     1, 1, SKIPPED,              'the recipe says skip'",
        "true,  -,      1, skip,     HOOK,     0, 0, SKIPPED,              'overlap is asked before room'",
        "true,  -,      1, replace,  CRON,     1, 1, Replace,              'the recipe says replace'",
        "true,  -,      2, replace,  CRON,     0, 1, Replace,              'it waits for their slots'",
        "true,  -,      1, replace,  CRON,     1, 0, REJECTED,             'it could not wait for their end'",
        "true,  -,      0, replace,  CRON,     1, 0, Start,                'nothing to replace'",
        "true,  -,      3, parallel, CRON,     1, 0, Start,                'both run'",
        "true,  -,      3, parallel, CRON,     0, 1, Queue,                'no slot'",
        "true,  -,      3, parallel, CRON,     0, 0, REJECTED,             'neither slot nor room'",
        "false, -,      0, -,        CRON,     1, 1, HELD,                 'disabled'",
        "false, paused, 1, skip,     CRON,     0, 0, HELD,                 'enabled is asked first'",
        "true,  paused, 0, -,        CRON,     1, 1, HELD,                 'paused'",
        "true,  paused, 1, skip,     CRON,     0, 0, HELD,                 'paused is asked before overlap and room'",
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
        var facts = new Admission.Facts(
                Optional.of(closed).filter(why -> !why.equals("-")),
                Optional.empty(),
                unfinished > 0 ? Optional.of(7L) : Optional.empty(),
                slots,
                room);

        Decision decided = Admission.decide(recipe, trigger, facts);

        assertThat(
                        switch (decided) {
                            case Decision.Refuse refuse -> refuse.state().name();
                            case Decision.Start _, Decision.Queue _, Decision.Replace _ ->
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
                        "run 41 is not over (overlap: skip)",
                        "the queue is full",
                        "the recipe is disabled: set `enabled: true`");
    }

    @Test
    void a_pause_of_the_recipe_is_asked_after_its_agent_and_before_overlap_and_room() {
        var paused = Optional.of("paused by zoe");
        Recipe recipe = TestRecipes.failing("r", "overlap: skip");
        for (var trigger : TriggerKind.values()) {
            assertThat(Admission.decide(
                            recipe, trigger, new Admission.Facts(Optional.empty(), paused, Optional.of(41L), 0, 0)))
                    .isEqualTo(new Decision.Refuse(RunState.HELD, "paused by zoe"));
        }
        assertThat(Admission.decide(
                        recipe,
                        TriggerKind.CRON,
                        new Admission.Facts(Optional.of("cron is paused by adam"), paused, Optional.empty(), 1, 1)))
                .isEqualTo(new Decision.Refuse(RunState.HELD, "cron is paused by adam"));
    }

    private static String refusal(String line, Optional<String> closed, Optional<Long> inTheWay, int free) {
        var facts = new Admission.Facts(closed, Optional.empty(), inTheWay, free, free);
        Decision decision = Admission.decide(TestRecipes.failing("r", line), TriggerKind.HOOK, facts);
        return ((Decision.Refuse) decision).reason();
    }
}
