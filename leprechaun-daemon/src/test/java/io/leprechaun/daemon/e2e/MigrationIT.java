package io.leprechaun.daemon.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** A store of an earlier version: migrated to this one's, also when the migration is interrupted. */
@Tag("proof")
class MigrationIT {
    private static final int RUNS = 2000;

    @RegisterExtension
    final Installation place = new Installation();

    /** The statements for the counts that exist since version 3. */
    private static final String COUNTED =
            "update run set bytes = 60; update recipe set runs = %1$d, bytes = %1$d * 60;";

    /** Makes a store of an earlier version, with some history. */
    private void earlierStore(int of) throws Exception {
        var sql = new StringBuilder("pragma auto_vacuum = incremental; pragma application_id = 1281716338;\n");
        for (int version = 1; version <= of; version++) {
            sql.append(script(version));
        }
        sql.append("""
            insert into store (identity) values ('an-earlier-store');
            insert into recipe (name, last_run, last_outcome) values ('old', %1$d, 'succeeded');
            with recursive n (i) as (select 1 union all select i + 1 from n where i < %1$d)
            insert into run (id, recipe, version, agent, trigger_kind, priority, state, exit_code, attempt, repeated, queued_at, started_at, ended_at)
            select i, 'old', 'none', 'scheduler', 'manual', 0, case when i %% 10 = 0 then 'failed' else 'succeeded' end, 0, 1, 1,
                   1700000000000000 + i, 1700000000000000 + i, 1700000000000000 + i from n;
            insert into step_run (run, attempt, number, command, state, cpu, peak_memory, printed, dropped)
            select id, 1, 1, 'true', 'succeeded', 0, 0, 100, 40 from run;
            %3$s
            pragma user_version = %2$d;
            pragma journal_mode = wal;
            """.formatted(RUNS, of, of < 3 ? "" : COUNTED.formatted(RUNS)));
        Path file = place.state().resolve("leprechaun.db");
        Files.createDirectories(place.state());
        Path script = Files.writeString(place.folder().resolve("output/earlier.sql"), sql);
        var made = new ProcessBuilder("sqlite3", "-batch", file.toString())
                .redirectInput(script.toFile())
                .redirectErrorStream(true)
                .redirectOutput(place.folder().resolve("output/sqlite3.out").toFile())
                .start();
        assertThat(made.waitFor()).isZero();
    }

    private static String resource(int version) {
        return "/io/leprechaun/daemon/store/sqlite-" + version + ".sql";
    }

    private static String script(int version) throws IOException {
        try (InputStream in = MigrationIT.class.getResourceAsStream(resource(version))) {
            assertThat(in).isNotNull();
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** Returns the versions from which a script migrates. */
    private static IntStream earlierVersions() {
        return IntStream.iterate(
                2, version -> MigrationIT.class.getResource(resource(version + 1)) != null, version -> version + 1);
    }

    private void everythingIsThere(RunningDaemon daemon) throws Exception {
        assertThat(daemon.runs("old")).hasSize(RUNS);
        assertThat(place.json("runs", "--failed", "-n", "10000").get("runs")).hasSize(RUNS / 10);
        var usage = place.json("usage").get("usage").get("recipes").get(0);
        assertThat(usage.get("runs").asInt()).isEqualTo(RUNS);
        assertThat(usage.get("bytes").asInt()).isEqualTo(RUNS * 60);
    }

    @ParameterizedTest
    @MethodSource("earlierVersions")
    void an_earlier_store_is_taken_with_all_its_history(int version) throws Exception {
        earlierStore(version);
        place.settings("history: { keep: { runs: none, days: none } }");
        everythingIsThere(place.start());
    }

    @ParameterizedTest
    @CsvSource({"pwrite64, 1", "pwrite64, 20", "pwrite64, 100", "pwrite64, 250", "fsync, 1", "fsync, 2"})
    void killed_in_the_middle_it_is_done_by_the_next_start(String call, int at) throws Exception {
        earlierStore(2);
        place.settings("history: { keep: { runs: none, days: none } }");
        var killed = place.beginDaemonBy(
                "/usr/bin/strace",
                "-f",
                "-qq",
                "-o",
                "/dev/null",
                "-e",
                "trace=" + call,
                "-e",
                "inject=" + call + ":signal=KILL:when=" + at);
        if (!killed.process().waitFor(60, TimeUnit.SECONDS)) {
            throw new AssertionError("the " + at + ". " + call + " never came");
        }
        assertThat(Installation.text(killed.err())).doesNotContain("is ready");

        everythingIsThere(place.start());
    }
}
