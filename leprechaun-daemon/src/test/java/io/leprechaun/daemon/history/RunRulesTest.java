package io.leprechaun.daemon.history;

import static org.assertj.core.api.Assertions.assertThat;

import io.leprechaun.daemon.recipe.RecipeName;
import io.leprechaun.daemon.recipe.TriggerKind;
import io.leprechaun.daemon.run.Cause;
import io.leprechaun.daemon.run.Run;
import io.leprechaun.daemon.run.RunSpec;
import io.leprechaun.daemon.run.RunState;
import io.leprechaun.daemon.run.Times;
import io.leprechaun.daemon.settings.AgentName;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RunRulesTest {
    private static final Instant NOON = Instant.parse("2026-11-30T12:00:00Z");

    private static Optional<Instant> noon(boolean is) {
        return Optional.of(NOON).filter(_ -> is);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "QUEUED    | false | false | 1 | -",
                "RUNNING   | true  | false | 1 | -",
                "SUCCEEDED | true  | true  | 1 | -",
                "FAILED    | true  | true  | 1 | -",
                "KILLED    | false | true  | 1 | -",
                "LOST      | true  | true  | 1 | -",
                "MISSED    | false | true  | 7 | -",
                "HELD      | false | true  | 2 | -",
                "QUEUED    | false | true  | 1 | has an end and is still queued",
                "RUNNING   | true  | true  | 1 | has an end and is still running",
                "RUNNING   | false | false | 1 | is running and has no start",
                "SUCCEEDED | false | true  | 1 | is succeeded and has no start",
                "SUCCEEDED | true  | false | 1 | is succeeded and has no end",
                "SKIPPED   | false | false | 3 | is skipped and has no end",
                "FAILED    | true  | true  | 2 | has a count of 2 and is failed",
                "QUEUED    | false | false | 2 | has a count of 2 and is queued",
            })
    void a_record_that_breaks_a_rule_is_named(
            RunState state, boolean started, boolean ended, int count, String broken) {
        var spec = new RunSpec(new RecipeName("backup"), "0", AgentName.CRON, 0, Cause.due(TriggerKind.CRON, NOON));
        var run = new Run(
                1,
                spec,
                state,
                Optional.empty(),
                Optional.empty(),
                1,
                new Run.Repeat(count, Optional.empty()),
                new Times(NOON, noon(started), noon(ended)),
                List.of());
        assertThat(RunRules.broken(run)).isEqualTo(Optional.ofNullable(broken));
    }
}
