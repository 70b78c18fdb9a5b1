package io.leprechaun.daemon.desk;

import static org.assertj.core.api.Assertions.assertThat;

import io.leprechaun.daemon.recipe.RecipeName;
import io.leprechaun.daemon.recipe.TriggerKind;
import io.leprechaun.daemon.run.Cause;
import io.leprechaun.daemon.run.Outcome;
import io.leprechaun.daemon.run.Run;
import io.leprechaun.daemon.run.RunSpec;
import io.leprechaun.daemon.run.RunState;
import io.leprechaun.daemon.settings.AgentName;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RecipeTrendTest {
    private static final Instant NOON = Instant.parse("2026-11-27T12:00:00Z");

    /** Returns a run of this duration, in milliseconds. */
    private static Run run(RunState state, long millis) {
        var order = new RunSpec(
                new RecipeName("backup"), "hash", AgentName.CRON, 0, Cause.requested(TriggerKind.MANUAL, "alice"));
        return Run.accepted(1, order, NOON).started(NOON).ended(Outcome.of(state, "because"), NOON.plusMillis(millis));
    }

    private static RecipeTrend newestFirst(RunState... states) {
        return new RecipeTrend(Stream.of(states).map(state -> run(state, 1000)).toList());
    }

    @Test
    void each_run_is_a_letter_and_the_newest_stands_at_the_right() {
        var glance =
                newestFirst(RunState.LOST, RunState.KILLED, RunState.TIMED_OUT, RunState.FAILED, RunState.SUCCEEDED);
        assertThat(glance.strip().text()).isEqualTo(".FTKL");
        assertThat(new RecipeTrend(List.of()).strip().text()).isEqualTo("-");
    }

    @ParameterizedTest
    @CsvSource({
        "'60000 60000 60000 60000', 0, as usual",
        "'96000 60000 60000 60000', 60, longer",
        "'30000 60000 60000 60000', -50, shorter",
        "'70000 60000 60000 60000', 0, a little longer is as usual",
        "'900 100 100 100', 0, less than a second is no news",
        "'5000 100 100 100', 4900, much longer",
        "'96000 60000 60000', 0, two earlier runs say nothing of what is usual",
        "'96000 60000 1 90000 60000', 60, the one in the middle is usual",
    })
    void the_time_it_takes_is_compared_with_what_is_usual(String millis, int percent, String why) {
        var runs = Stream.of(millis.split(" ", -1))
                .map(span -> run(RunState.SUCCEEDED, Long.parseLong(span)))
                .toList();
        assertThat(new RecipeTrend(runs).change()).as(why).isEqualTo(percent);
    }

    @Test
    void what_did_not_succeed_says_nothing_of_what_is_usual() {
        var runs = List.of(
                run(RunState.SUCCEEDED, 60_000),
                run(RunState.FAILED, 100),
                run(RunState.FAILED, 100),
                run(RunState.KILLED, 100));
        assertThat(new RecipeTrend(runs).change()).isZero();
        assertThat(new RecipeTrend(runs).usual()).isEmpty();
        assertThat(new RecipeTrend(runs).took().text()).isEqualTo("1m");
    }
}
