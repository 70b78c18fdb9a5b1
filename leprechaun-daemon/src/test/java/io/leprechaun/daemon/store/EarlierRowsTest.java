package io.leprechaun.daemon.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.leprechaun.daemon.history.RunFilter;
import io.leprechaun.daemon.history.StoreException;
import io.leprechaun.daemon.recipe.RecipeName;
import io.leprechaun.daemon.recipe.TriggerKind;
import io.leprechaun.daemon.run.Cause;
import io.leprechaun.daemon.run.Outcome;
import io.leprechaun.daemon.run.Run;
import io.leprechaun.daemon.run.RunSpec;
import io.leprechaun.daemon.run.RunState;
import io.leprechaun.daemon.settings.AgentName;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Rows with the checksums that earlier versions wrote: over the columns that these knew. A column that is added belongs
 * to the checksum only where it has a value; otherwise every run from before it seems damaged.
 */
@Timeout(60)
class EarlierRowsTest {
    private static final int FIRST_WITH_CHECKSUMS = 3;

    /**
     * The checksums were computed without the code under test. They are never adapted: stores of users hold such rows.
     */
    private static final String ROWS = """
        insert into store (identity) values ('an-earlier-store');
        insert into run (id, recipe, version, agent, trigger_kind, requested_by, priority, state, reason, exit_code, attempt, repeated,
                         due_at, due_until, queued_at, started_at, ended_at, retry_at, checksum)
        values (1, 'backup', 'hash-1', 'cron', 'cron', null, 3, 'failed', 'step 1: exit 2', 2, 2, 1,
                1700000000000001, null, 1700000000000002, 1700000000000003, 1700000000000004, null, 4057756463),
               (2, 'backup', 'hash-1', 'scheduler', 'manual', 'zoe', 0, 'queued', null, null, 1, 1,
                null, null, 1700000000000005, null, null, null, 1689491568),
               (3, 'backup', 'hash-1', 'cron', 'cron', null, 3, 'skipped', 'run 1 has not ended', null, 1, 4,
                1700000000000001, 1700000000000006, 1700000000000007, null, 1700000000000007, null, 131752626),
               (4, 'backup', 'hash-1', 'cron', 'cron', null, 3, 'waiting', 'step 1: exit 2', 2, 1, 1,
                1700000000000001, null, 1700000000000002, 1700000000000003, null, 1700000000000009, 3577253647);
        insert into step_run (run, attempt, number, command, state, exit_code, detail, note, started_at, ended_at,
                              cpu, peak_memory, read, written, printed, dropped, checksum)
        values (1, 2, 1, 'grün', 'failed', 2, 'detail', 'note', 1700000000000003, 1700000000000004, 7, 4096, 8, 9, 100, 40, 2836510590),
               (1, 2, 2, 'true', 'not_run', null, null, null, null, null, 0, 0, 0, 0, 0, 0, 1570879218);
        """;

    private static final RunSpec DUE =
            new RunSpec(new RecipeName("backup"), "hash-1", AgentName.CRON, 3, Cause.due(TriggerKind.CRON, instant(1)));
    private static final RunSpec ASKED = new RunSpec(
            new RecipeName("backup"), "hash-1", AgentName.SCHEDULER, 0, Cause.requested(TriggerKind.MANUAL, "zoe"));
    private static final Outcome FAILED =
            new Outcome(RunState.FAILED, Optional.of("step 1: exit 2"), Optional.of(2), List.of());

    @TempDir
    private Path folder;

    private static Instant instant(long micros) {
        return RunMapper.instant(1_700_000_000_000_000L + micros);
    }

    private static IntStream earlierVersions() {
        return IntStream.range(FIRST_WITH_CHECKSUMS, Migrations.NEWEST);
    }

    private Path earlierStore(int version) {
        Path file = folder.resolve("leprechaun.db");
        Jdbi.create("jdbc:sqlite:" + file).useHandle(handle -> {
            handle.execute("pragma application_id = " + StoreFile.APPLICATION_ID);
            Migrations.run(handle, version);
            handle.createScript(ROWS).execute();
        });
        return file;
    }

    @ParameterizedTest
    @MethodSource("earlierVersions")
    void runs_from_before_are_as_they_were_written(int version) {
        var waiting = Run.accepted(4, DUE, instant(2)).started(instant(3)).waiting(FAILED, instant(9));
        var failed = Run.accepted(1, DUE, instant(2))
                .started(instant(3))
                .waiting(FAILED, instant(3))
                .started(instant(3))
                .ended(FAILED, instant(4));
        var queued = Run.accepted(2, ASKED, instant(5));
        var repeat = new Run.Repeat(4, Optional.of(instant(6)));
        var skipped = Run.refused(DUE, RunState.SKIPPED, "run 1 has not ended", repeat, instant(7))
                .numbered(3);
        try (var store = SqliteStore.open(earlierStore(version))) {
            assertThat(store.list(RunFilter.newest(10)))
                    .extracting(run -> run.with(List.of()))
                    .containsExactlyInAnyOrder(failed, queued, skipped, waiting);
            assertThat(store.find(1).orElseThrow().steps()).hasSize(2);
        }
    }

    /** Proves that the checksums are checked. */
    @ParameterizedTest
    @MethodSource("earlierVersions")
    void a_run_from_before_that_was_altered_is_found(int version) {
        Path file = earlierStore(version);
        Jdbi.create("jdbc:sqlite:" + file).useHandle(handle -> handle.execute("update run set priority = 4"));
        try (var store = SqliteStore.open(file)) {
            for (long id = 1; id <= 4; id++) {
                long run = id;
                assertThatThrownBy(() -> store.find(run))
                        .isInstanceOf(StoreException.class)
                        .hasMessageContaining("the record of run " + run + " does not match its checksum");
            }
        }
    }
}
