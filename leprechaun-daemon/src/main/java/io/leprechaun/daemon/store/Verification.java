package io.leprechaun.daemon.store;

import io.leprechaun.daemon.history.RunRules;
import io.leprechaun.daemon.history.RunStore.RecipeVersion;
import io.leprechaun.daemon.history.StoreException;
import io.leprechaun.daemon.output.OutputFolder;
import io.leprechaun.daemon.recipe.Recipe;
import io.leprechaun.daemon.run.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.JdbiException;

/**
 * The check of a store's integrity. Its file must be whole, and every accepted run must have one state that fits its
 * other data. Nothing may be removed except by the settings of the history. No due instant may lack a record or have
 * two. The files of output must match the records. It reads the store as of one moment, with or without a running
 * daemon.
 */
public final class Verification {
    /** The largest number of findings of one kind. */
    private static final int MOST = 100;

    private final StoreFile file;
    private final Handle handle;
    private final RunMapper rows;
    private final List<Finding> findings = new ArrayList<>();
    private long runs;
    private long unfinished;

    private Verification(StoreFile file, Handle handle) {
        this.file = file;
        this.handle = handle;
        this.rows = new RunMapper(file.faults());
    }

    /**
     * A fault of the store.
     *
     * @param check the name of the check in one word: file, state, counts, parts, versions, due, output
     * @param what the fault in one sentence
     */
    public record Finding(String check, String what) {}

    /**
     * The result of the checks.
     *
     * @param runs the number of records
     * @param unfinished the number of records that are not over: they wait or run, or were interrupted and are handled
     *     by the next start
     */
    public record Report(long runs, long unfinished, List<Finding> findings) {
        public Report {
            findings = List.copyOf(findings);
        }
    }

    /**
     * Checks a store.
     *
     * @param outputs the folder of its runs' output; empty: a copy of the store alone
     * @param recipes the reader of a recipe's earlier text, given with its hash
     * @throws StoreException if it cannot be opened at all
     */
    public static Report of(
            Path store, Optional<OutputFolder> outputs, BiFunction<String, RecipeVersion, Optional<Recipe>> recipes) {
        var file = StoreFile.toRead(store);
        try (Handle handle = file.openToRead()) {
            var verification = new Verification(file, handle);
            handle.execute("begin"); // all reads are of one moment
            verification.integrity();
            if (verification.findings.isEmpty()) { // data from a damaged file may have any value
                verification.records();
                verification.counts();
                verification.parts();
                new DueRecords(handle, recipes).check(verification.findings);
                outputs.ifPresent(verification::output);
            }
            return new Report(verification.runs, verification.unfinished, verification.findings);
        } catch (IOException | JdbiException e) {
            throw file.faults().of("cannot verify " + store, e);
        }
    }

    private void found(String check, String what) {
        findings.add(new Finding(check, what));
    }

    private void integrity() {
        handle.createQuery("pragma integrity_check(" + MOST + ")")
                .mapTo(String.class)
                .filter(line -> !line.equals("ok"))
                .forEach(line -> found("file", line.strip()));
    }

    private void records() {
        handle.createQuery("select * from run order by id")
                .map((row, context) -> record(row))
                .forEach(unused -> runs++);
        handle.createQuery("select * from step_run order by run")
                .map((row, context) -> step(row))
                .forEach(unused -> {});
        list(
                        "versions",
                        "select id from run where started_at is not null and version not in (select hash from"
                                + " recipe_version)")
                .forEach(id -> found("versions", "the recipe text of run " + id + " is missing"));
    }

    /** Checks that a row is as it was written, and keeps the rules of every run. */
    private boolean record(ResultSet row) throws SQLException {
        try {
            Run run = rows.run(row);
            unfinished += run.state().isFinal() ? 0 : 1;
            Optional<String> wrong = RunRules.broken(run);
            wrong.ifPresent(what ->
                    found("state", "run " + run.id() + " of " + run.order().recipe() + " " + what));
            return wrong.isEmpty();
        } catch (StoreException e) {
            found("state", "the record of run " + row.getLong("id") + " does not match its checksum");
            return false;
        }
    }

    private boolean step(ResultSet row) throws SQLException {
        try {
            rows.step(row);
            return true;
        } catch (StoreException e) {
            found(
                    "state",
                    "the record of step " + row.getInt("number") + " of run " + row.getLong("run")
                            + " does not match its checksum");
            return false;
        }
    }

    /** Checks that the counted runs of each recipe exist: missing ones were not removed by the daemon. */
    private void counts() {
        handle.createQuery("""
            select name, recipe.runs as counted, recipe.bytes as occupied, count(run.id) as there, coalesce(sum(run.bytes), 0) as bytes
            from recipe left join run on run.recipe = name and started_at is not null and ended_at is not null
            group by name having counted <> there or occupied <> sum(coalesce(run.bytes, 0)) order by name\
            """)
                .map((row, context) -> new Finding(
                        "counts",
                        "%s has a count of %d runs of %d bytes, but %d runs of %d bytes exist"
                                .formatted(
                                        row.getString("name"),
                                        row.getLong("counted"),
                                        row.getLong("occupied"),
                                        row.getLong("there"),
                                        row.getLong("bytes"))))
                .forEach(findings::add);
        list("counts", "select id from run where id > (select seq from sqlite_sequence where name = 'run')")
                .forEach(id -> found("counts", "run " + id + " has a number above the last one assigned"));
    }

    /** Finds parts of runs that do not exist. */
    private void parts() {
        for (String part : SqliteArchive.PARTS) {
            list("parts", "select distinct run from " + part + " where run not in (select id from run)")
                    .forEach(id -> found(
                            "parts", "a " + part.replace('_', ' ') + " of run " + id + " exists, but no such run"));
        }
    }

    private List<Long> list(String check, String sql) {
        long left = MOST
                - findings.stream().filter(one -> one.check().equals(check)).count();
        return handle.createQuery(sql + " limit " + Math.max(0, left))
                .mapTo(Long.class)
                .list();
    }

    /**
     * Checks that the output file of each step that printed exists, and is not too short. A longer one may come from a
     * process that was left behind and still prints.
     */
    private void output(OutputFolder outputs) {
        record StoredStep(long run, int attempt, int number, long printed) {}
        handle.createQuery("select run, attempt, number, printed from step_run where printed > 0 order by run")
                .map((row, context) -> new StoredStep(
                        row.getLong("run"), row.getInt("attempt"), row.getInt("number"), row.getLong("printed")))
                .forEach(step -> {
                    Path path = outputs.file(step.run(), step.attempt(), step.number());
                    long size = size(path);
                    if (size < step.printed() && isThereStill(step.run())) {
                        found(
                                "output",
                                "step %d of run %d printed %d bytes, but %s %s"
                                        .formatted(
                                                step.number(),
                                                step.run(),
                                                step.printed(),
                                                path,
                                                size < 0 ? "does not exist" : "has " + size));
                    }
                });
        strangers(outputs);
    }

    /** Returns whether a run still exists: a daemon may have removed it since, with its files. */
    private boolean isThereStill(long run) {
        return file.jdbi()
                .withHandle(now -> now.createQuery("select 1 from run where id = :id")
                        .bind("id", run)
                        .mapTo(Integer.class)
                        .findFirst()
                        .isPresent());
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            return -1;
        }
    }

    /** Finds output of unknown runs older than the newest one: a newer run may have begun since. */
    private void strangers(OutputFolder outputs) {
        long newest = handle.createQuery("select coalesce(max(seq), 0) from sqlite_sequence where name = 'run'")
                .mapTo(Long.class)
                .one();
        outputs.runs()
                .filter(run -> run <= newest && !isKnown(run))
                .limit(MOST)
                .forEach(run -> found(
                        "output", "output of run " + run + " exists in " + outputs.folder(run) + ", but no such run"));
    }

    private boolean isKnown(long run) {
        return handle.createQuery("select 1 from run where id = :id union all select 1 from removal where run = :id")
                .bind("id", run)
                .mapTo(Integer.class)
                .findFirst()
                .isPresent();
    }
}
