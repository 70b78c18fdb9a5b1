package io.leprechaun.daemon.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class StepEnvironmentTest {
    @TempDir
    private Path folder;

    /** Java leaves seconds out that are zero, which RFC 3339 does not allow. */
    @Test
    void the_due_instant_has_seconds_at_a_full_minute_too() {
        var recipe = TestRecipes.steps("minute", "true");
        Instant due = Instant.parse("2026-11-23T07:00:00Z");
        var order = new Order(recipe.name(), "hash", "cron", 0, Cause.due(TriggerKind.CRON, due));
        try (var workshop = new TestWorkshop(folder)) {
            var environment = StepEnvironment.of(
                    workshop.at(InstantSource.fixed(due)),
                    Run.accepted(1, order, due),
                    recipe,
                    Input.NONE,
                    recipe.steps().getFirst(),
                    "mark");
            assertThat(environment).containsEntry("LEPRECHAUN_SCHEDULED_AT", "2026-11-23T07:00:00Z");
        }
    }
}
