package io.leprechaun.daemon.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.leprechaun.daemon.e2e.Checker.Row;
import io.leprechaun.daemon.run.RunState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CheckerTest {
    private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");

    private final List<Long> acknowledged = new ArrayList<>();
    private final List<Witness.Line> seen = new ArrayList<>();
    private final List<Row> rows = new ArrayList<>();

    private List<String> violations() {
        return new Checker(acknowledged, seen, rows, Map.of("tick", Duration.ofSeconds(1)), Map.of("server", 2))
                .violations();
    }

    private static Instant noonAnd(long seconds) {
        return NOON.plusSeconds(seconds);
    }

    private static Row hook(long id, RunState state) {
        return new Row(
                id,
                "hook",
                "server",
                state,
                1,
                Optional.empty(),
                Optional.empty(),
                1,
                Optional.of(noonAnd(50)).filter(end -> state.isFinal()));
    }

    private static Row tick(long id, RunState state, long due) {
        return new Row(
                id,
                "tick",
                "cron",
                state,
                1,
                Optional.of(noonAnd(due)),
                Optional.empty(),
                1,
                Optional.of(noonAnd(due)));
    }

    private static Row missed(long id, long from, long until, int count) {
        return new Row(
                id,
                "tick",
                "cron",
                RunState.MISSED,
                1,
                Optional.of(noonAnd(from)),
                Optional.of(noonAnd(until)),
                count,
                Optional.of(noonAnd(until)));
    }

    private void begins(Row row, long second) {
        saw(row, "begin", second);
    }

    private void ends(Row row, long second) {
        saw(row, "end", second);
    }

    private void saw(Row row, String event, long second) {
        seen.add(Witness.Line.of(row.id() + " " + row.attempt() + " " + row.recipe() + " "
                + row.due().map(Instant::toString).orElse("-") + " " + event + " "
                + noonAnd(second).getEpochSecond() + ".000001 4711"));
    }

    private Row executed(Row row, long from, long until) {
        rows.add(row);
        begins(row, from);
        ends(row, until);
        return row;
    }

    @Test
    void a_daemon_that_keeps_its_word_violates_nothing() {
        acknowledged.addAll(List.of(1L, 2L, 3L));
        executed(hook(1, RunState.SUCCEEDED), 0, 1);
        Row lost = hook(2, RunState.LOST);
        rows.add(lost);
        begins(lost, 0);
        rows.add(hook(3, RunState.LOST)); // before its step began
        executed(tick(4, RunState.SUCCEEDED, 0), 0, 0);
        rows.add(missed(5, 1, 3, 3));
        executed(tick(6, RunState.FAILED, 4), 4, 5);
        assertThat(violations()).isEmpty();
    }

    @Test
    void a_run_that_was_acknowledged_and_is_not_there() {
        acknowledged.add(7L);
        assertThat(violations()).containsExactly("run 7 was acknowledged and has no row");
    }

    @Test
    void a_run_with_two_states() {
        executed(hook(1, RunState.SUCCEEDED), 0, 1);
        rows.add(hook(1, RunState.SUCCEEDED));
        assertThat(violations()).containsExactly("run 1 has 2 rows");
    }

    @ParameterizedTest
    @EnumSource(names = {"QUEUED", "WAITING", "RUNNING", "STOPPING"})
    void a_run_that_is_never_over(RunState state) {
        rows.add(hook(1, state));
        assertThat(violations()).hasSize(1).first().asString().contains("run 1 of hook", "is not over");
    }

    @Test
    void two_records_of_one_due_instant() {
        executed(tick(1, RunState.SUCCEEDED, 2), 2, 2);
        rows.add(missed(2, 1, 3, 3));
        assertThat(violations())
                .containsExactly("run 1 of tick (succeeded) and run 2 of tick (missed) tell both of what was due at"
                        + " 2026-11-23T12:00:02Z");
    }

    @Test
    void a_due_instant_without_a_record() {
        executed(tick(1, RunState.SUCCEEDED, 1), 1, 1);
        executed(tick(2, RunState.SUCCEEDED, 4), 4, 4);
        assertThat(violations())
                .containsExactly(
                        "nothing tells of what was due of tick from 2026-11-23T12:00:02Z until 2026-11-23T12:00:03Z");
    }

    @Test
    void a_run_that_nothing_was_due_for() {
        rows.add(missed(1, 1, 3, 3));
        Row early = new Row(
                2,
                "tick",
                "cron",
                RunState.SUCCEEDED,
                1,
                Optional.of(noonAnd(3).plusMillis(500)),
                Optional.empty(),
                1,
                Optional.of(noonAnd(4)));
        executed(early, 3, 4);
        assertThat(violations()).hasSize(1).first().asString().contains("too early");
    }

    @Test
    void a_record_that_counts_wrongly() {
        rows.add(missed(1, 1, 3, 2));
        assertThat(violations()).hasSize(1).first().asString().contains("tells of 2 due instants, and there are 3");
    }

    @Test
    void a_run_that_was_executed_twice() {
        Row row = executed(hook(1, RunState.LOST), 0, 1);
        begins(row, 2);
        assertThat(violations()).containsExactly("attempt 1 of run 1 has 2 times the line BEGIN");
    }

    @Test
    void a_success_that_nobody_saw() {
        rows.add(hook(1, RunState.SUCCEEDED));
        Row half = hook(2, RunState.SUCCEEDED);
        rows.add(half);
        begins(half, 0);
        assertThat(violations())
                .containsExactly(
                        "run 1 of hook (succeeded) was not executed from its begin to its end",
                        "run 2 of hook (succeeded) was not executed from its begin to its end");
    }

    @ParameterizedTest
    @EnumSource(names = {"REJECTED", "MISSED", "HELD", "SKIPPED"})
    void something_executed_that_was_refused(RunState state) {
        executed(tick(1, state, 0), 0, 1);
        assertThat(violations()).hasSize(1).first().asString().endsWith("was executed");
    }

    @Test
    void an_execution_that_no_row_tells_of() {
        Row row = hook(1, RunState.SUCCEEDED);
        begins(row, 0);
        ends(row, 1);
        assertThat(violations()).containsExactly("run 1 was executed and has no row");
    }

    @Test
    void an_attempt_that_no_row_tells_of() {
        Row row = executed(hook(1, RunState.SUCCEEDED), 0, 1);
        seen.add(Witness.Line.of(row.id() + " 2 hook - begin 1795435200.0 4711"));
        assertThat(violations()).hasSize(1).first().asString().contains("was executed in attempt 2, and 1 is told");
    }

    @Test
    void a_step_that_was_told_another_due_instant() {
        Row row = tick(1, RunState.SUCCEEDED, 1);
        rows.add(row);
        begins(tick(1, RunState.SUCCEEDED, 2), 2);
        ends(tick(1, RunState.SUCCEEDED, 2), 2);
        assertThat(violations()).hasSize(1).first().asString().contains("its step was told");
    }

    @Test
    void more_at_work_than_may() {
        executed(hook(1, RunState.SUCCEEDED), 0, 10);
        executed(hook(2, RunState.SUCCEEDED), 1, 10);
        executed(hook(3, RunState.SUCCEEDED), 10, 12); // when they end
        assertThat(violations()).isEmpty();
        executed(hook(4, RunState.SUCCEEDED), 9, 11);
        assertThat(violations()).hasSize(1).first().asString().contains("3 worked for server at 2026-11-23T12:00:09");
    }

    @Test
    void what_told_no_end_counts_until_its_run_was_over() {
        for (long id = 1; id <= 2; id++) {
            Row row = hook(id, RunState.KILLED);
            rows.add(row);
            begins(row, id);
        }
        executed(hook(3, RunState.SUCCEEDED), 51, 52);
        assertThat(violations()).isEmpty();
        executed(hook(4, RunState.SUCCEEDED), 49, 51);
        assertThat(violations()).hasSize(1).first().asString().contains("3 worked for server");
    }

    @Test
    void a_run_at_work_without_a_process() {
        List<Row> told =
                Stream.of(1L, 2L, 3L).map(id -> hook(id, RunState.RUNNING)).toList();
        List<Row> later = List.of(hook(1, RunState.RUNNING), hook(2, RunState.RUNNING), hook(3, RunState.SUCCEEDED));
        assertThat(Checker.withoutProcess(told, Map.of(100L, 1L), later))
                .containsExactly("run 2 of hook (running) has no process");
    }

    @Test
    void a_process_of_a_run_that_is_over() {
        var processes = Map.of(100L, 1L, 101L, 2L, 102L, 3L);
        var told = List.of(hook(1, RunState.LOST), hook(2, RunState.RUNNING), hook(3, RunState.SUCCEEDED));
        assertThat(Checker.outlived(processes, told, Map.of(100L, 1L, 101L, 2L)))
                .containsExactly("process 100 has outlived run 1 of hook (lost)");
        assertThat(Set.copyOf(Checker.outlived(processes, told, Map.of()))).isEmpty();
    }
}
