package io.leprechaun.daemon.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A long list is sent completely, and harms no other client: as a whole it would not fit into the daemon's memory. */
@Tag("proof")
class LongListIT {
    private static final int RUNS = 50_000;

    @RegisterExtension
    private final Installation place = new Installation();

    @Test
    void a_list_of_all_runs_is_told_while_it_is_read() throws Exception {
        place.settings("history: { keep: { runs: none, days: none, bytes: none } }")
                .recipe("say", "steps: [ 'echo hello' ]");
        var daemon = place.start();
        daemon.runToEnd("say");
        assertThat(daemon.stop()).isZero();
        history();

        daemon = place.start();
        var answer = daemon.api().send("GET", "/history/list?args=-n&args=100000");
        assertThat(answer.status()).isEqualTo(200);
        var runs = Installation.JSON.readTree(answer.body()).get("runs");
        assertThat(runs).hasSize(RUNS);
        assertThat(runs.get(0).get("id").asLong()).isEqualTo(RUNS);
        assertThat(runs.get(RUNS - 1).get("steps")).hasSize(1);
        var printed = place.client("runs", "-n", "100000");
        assertThat(printed.code()).isZero();
        assertThat(printed.out()).hasLineCount(RUNS + 1);
        assertThat(daemon.isAlive()).isTrue();
        assertThat(daemon.stop()).isZero();
        var stopped = place.client("runs", "-n", "100000", "-q");
        assertThat(stopped.out()).hasLineCount(RUNS);
    }

    /** Makes a history of one run, many times. */
    private void history() {
        Jdbi.create("jdbc:sqlite:" + place.state().resolve("leprechaun.db")).useTransaction(handle -> {
            handle.execute("""
                insert into run (id, recipe, version, agent, trigger_kind, priority, state, attempt, repeated, queued_at, started_at, ended_at)
                with recursive n (i) as (select 2 union all select i + 1 from n where i < %d)
                select i, recipe, version, agent, trigger_kind, priority, state, attempt, repeated, queued_at + i, started_at + i, ended_at + i
                from n join run on run.id = 1\
                """.formatted(RUNS));
            handle.execute("""
                insert into step_run (run, attempt, number, command, state, cpu, peak_memory)
                select run.id, 1, 1, command, step_run.state, 0, 0 from run join step_run on step_run.run = 1 where run.id > 1\
                """);
        });
    }
}
