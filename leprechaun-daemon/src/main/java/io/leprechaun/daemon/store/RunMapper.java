package io.leprechaun.daemon.store;

import io.leprechaun.daemon.output.OutputSize;
import io.leprechaun.daemon.posix.Usage;
import io.leprechaun.daemon.recipe.RecipeName;
import io.leprechaun.daemon.recipe.TriggerKind;
import io.leprechaun.daemon.run.Cause;
import io.leprechaun.daemon.run.Pause;
import io.leprechaun.daemon.run.Run;
import io.leprechaun.daemon.run.RunSpec;
import io.leprechaun.daemon.run.RunState;
import io.leprechaun.daemon.run.StepResult;
import io.leprechaun.daemon.run.StepState;
import io.leprechaun.daemon.run.Times;
import io.leprechaun.daemon.settings.AgentName;
import io.leprechaun.daemon.store.Transaction.RowReader;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/** The mapping of runs and steps to rows and back. A row's values and its checksum are always written together. */
record RunMapper(SqliteErrors faults) {
    /**
     * An expression for the number of the newest run in the store at that moment: a number that was given out may be
     * given out again.
     */
    static final String LAST_RUN = "(select coalesce(max(id), 0) from run)";

    /**
     * The columns of a run's row, in the order of its checksum. The order must stay, because existing stores hold such
     * rows. A new column goes to the end, and into the checksum only where it has a value.
     */
    private static final List<RunColumn> COLUMNS = List.of(
            RunColumn.fixed("id", Run::id),
            RunColumn.fixed("recipe", run -> run.order().recipe().value()),
            RunColumn.fixed("version", run -> run.order().version()),
            RunColumn.fixed("agent", run -> run.order().agent().value()),
            RunColumn.fixed("trigger_kind", run -> run.order().cause().trigger().word()),
            RunColumn.fixed(
                    "requested_by", run -> run.order().cause().requestedBy().orElse(null)),
            RunColumn.fixed("priority", run -> run.order().priority()),
            new RunColumn("state", run -> run.state().word(), Run::state, true),
            RunColumn.changing("reason", run -> run.reason().orElse(null)),
            RunColumn.changing("exit_code", run -> run.exitCode().orElse(null)),
            RunColumn.changing("attempt", Run::attempt),
            RunColumn.changing("repeated", run -> run.repeat().count()),
            RunColumn.fixed("due_at", run -> micros(run.order().cause().dueAt())),
            RunColumn.changing("due_until", run -> micros(run.repeat().lastDue())),
            RunColumn.fixed("queued_at", run -> micros(run.times().queuedAt())),
            RunColumn.changing("started_at", run -> micros(run.times().startedAt())),
            RunColumn.changing("ended_at", run -> micros(run.times().endedAt())),
            RunColumn.changing("retry_at", run -> micros(run.times().retryAt())));

    private static final List<RunColumn> CHANGING =
            COLUMNS.stream().filter(RunColumn::changes).toList();

    private static final String INSERT =
            "insert into run (" + each(COLUMNS, ", ") + "checksum) values (" + "?, ".repeat(COLUMNS.size()) + "?)";
    private static final String UPDATE = "update run set " + each(CHANGING, " = ?, ") + "checksum = ? where id = ?";
    private static final String UPDATE_UNFINISHED = UPDATE + " and ended_at is null";
    private static final String UPDATE_STARTED = UPDATE_UNFINISHED + " and (state = 'queued' or attempt < ?)";

    /**
     * A column of the table of runs.
     *
     * @param value the value in the row
     * @param checked the value that the checksum covers: the same except for the state
     * @param changes whether an update writes the column
     */
    private record RunColumn(
            String name,
            Function<Run, @Nullable Object> value,
            Function<Run, @Nullable Object> checked,
            boolean changes) {
        /** Returns a column whose value is set when the run is recorded. */
        static RunColumn fixed(String name, Function<Run, @Nullable Object> value) {
            return new RunColumn(name, value, value, false);
        }

        /** Returns a column whose value changes during the run. */
        static RunColumn changing(String name, Function<Run, @Nullable Object> value) {
            return new RunColumn(name, value, value, true);
        }
    }

    record StepRow(long run, int attempt, StepResult result) {}

    private static String each(List<RunColumn> columns, String suffix) {
        return columns.stream().map(column -> column.name() + suffix).collect(Collectors.joining());
    }

    static void insert(Transaction changes, Run run) {
        changes.execute(INSERT, values(COLUMNS, run, checksum(run)));
    }

    /** Updates the row of a run. */
    static void update(Transaction changes, Run run) {
        changes.execute(UPDATE, values(CHANGING, run, checksum(run), run.id()));
    }

    /** Updates the row of a run, unless the run is over, and returns whether it did. */
    static boolean updateUnfinished(Transaction changes, Run run) {
        return changes.execute(UPDATE_UNFINISHED, values(CHANGING, run, checksum(run), run.id())) > 0;
    }

    /**
     * Updates the row of a run that starts an attempt, unless a later state is recorded: a run that started by a claim
     * may be further by now.
     */
    static void updateStarted(Transaction changes, Run run) {
        changes.execute(UPDATE_STARTED, values(CHANGING, run, checksum(run), run.id(), run.attempt()));
    }

    private static @Nullable Object[] values(List<RunColumn> columns, Run run, Object... others) {
        var values = new @Nullable Object[columns.size() + others.length];
        for (int i = 0; i < columns.size(); i++) {
            values[i] = columns.get(i).value().apply(run);
        }
        System.arraycopy(others, 0, values, columns.size(), others.length);
        return values;
    }

    private static long checksum(Run run) {
        var values = new @Nullable Object[COLUMNS.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = COLUMNS.get(i).checked().apply(run);
        }
        return Checksum.of(values);
    }

    /** Inserts the steps of a run's last attempt. */
    static void insertSteps(Transaction changes, Run run) {
        for (StepResult step : run.steps()) {
            changes.execute(
                    """
                    insert or replace into step_run (run, attempt, number, command, state, exit_code, detail, note, started_at, ended_at,
                                                     cpu, peak_memory, read, written, printed, dropped, checksum)
                    values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)\
                    """,
                    run.id(),
                    run.attempt(),
                    step.number(),
                    step.command(),
                    step.state().word(),
                    step.exitCode().orElse(null),
                    step.detail().orElse(null),
                    step.note().orElse(null),
                    micros(step.startedAt()),
                    micros(step.endedAt()),
                    step.usage().cpu().toNanos() / 1000,
                    step.usage().peakMemory().orElse(0),
                    step.usage().read(),
                    step.usage().written(),
                    step.printed().bytes(),
                    step.printed().dropped(),
                    checksum(run.id(), run.attempt(), step));
        }
    }

    private static long checksum(long run, int attempt, StepResult step) {
        return Checksum.of(
                run,
                attempt,
                step.number(),
                step.command(),
                step.state(),
                step.exitCode().orElse(null),
                step.detail().orElse(null),
                step.note().orElse(null),
                micros(step.startedAt()),
                micros(step.endedAt()),
                step.usage().cpu().toNanos() / 1000,
                step.usage().peakMemory().orElse(0),
                step.usage().read(),
                step.usage().written(),
                step.printed().bytes(),
                step.printed().dropped());
    }

    /** Returns the size of the kept output of a run's last attempt, in bytes. */
    static long kept(Run run) {
        return run.steps().stream()
                .mapToLong(step -> step.printed().bytes() - step.printed().dropped())
                .sum();
    }

    Run run(ResultSet row) throws SQLException {
        long id = row.getLong("id");
        Run run;
        try {
            run = read(row, id);
        } catch (IllegalArgumentException e) { // an invalid word
            throw faults.damagedRow("run " + id);
        }
        verify(row, checksum(run), "run " + id);
        return run;
    }

    private static Run read(ResultSet row, long id) throws SQLException {
        var cause = new Cause(
                new TriggerKind(row.getString("trigger_kind")),
                time(row, "due_at"),
                Optional.ofNullable(row.getString("requested_by")));
        var order = new RunSpec(
                new RecipeName(row.getString("recipe")),
                row.getString("version"),
                new AgentName(row.getString("agent")),
                row.getInt("priority"),
                cause);
        var times = new Times(
                instant(row.getLong("queued_at")),
                time(row, "started_at"),
                time(row, "ended_at"),
                time(row, "retry_at"));
        return new Run(
                id,
                order,
                RunState.of(row.getString("state")),
                Optional.ofNullable(row.getString("reason")),
                integer(row, "exit_code"),
                row.getInt("attempt"),
                new Run.Repeat(row.getInt("repeated"), time(row, "due_until")),
                times,
                List.of());
    }

    static Pause pause(ResultSet row) throws SQLException {
        return new Pause(
                instant(row.getLong("paused_at")),
                time(row, "paused_until"),
                row.getString("paused_by"),
                Optional.ofNullable(row.getString("paused_reason")));
    }

    StepRow step(ResultSet row) throws SQLException {
        long run = row.getLong("run");
        int attempt = row.getInt("attempt");
        String what = "step " + row.getInt("number") + " of run " + run;
        StepResult step;
        try {
            step = readStep(row);
        } catch (IllegalArgumentException e) { // an invalid word
            throw faults.damagedRow(what);
        }
        verify(row, checksum(run, attempt, step), what);
        return new StepRow(run, attempt, step);
    }

    private static StepResult readStep(ResultSet row) throws SQLException {
        long memory = row.getLong("peak_memory");
        var usage = new Usage(
                Duration.of(row.getLong("cpu"), ChronoUnit.MICROS),
                memory == 0 ? OptionalLong.empty() : OptionalLong.of(memory),
                row.getLong("read"),
                row.getLong("written"));
        return new StepResult(
                row.getInt("number"),
                row.getString("command"),
                StepState.of(row.getString("state")),
                integer(row, "exit_code"),
                Optional.ofNullable(row.getString("detail")),
                Optional.ofNullable(row.getString("note")),
                time(row, "started_at"),
                time(row, "ended_at"),
                usage,
                new OutputSize(row.getLong("printed"), row.getLong("dropped")));
    }

    /** Checks the checksum of a row. Rows of earlier versions have none. */
    void verify(ResultSet row, long computed, String what) throws SQLException {
        long written = row.getLong("checksum");
        if (!row.wasNull() && written != computed) {
            throw faults.damagedRow(what);
        }
    }

    static @Nullable Long micros(Optional<Instant> time) {
        return time.map(RunMapper::micros).orElse(null);
    }

    static long micros(Instant time) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, time);
    }

    static Instant instant(long micros) {
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    }

    static Optional<Instant> time(ResultSet row, String column) throws SQLException {
        long micros = row.getLong(column);
        return row.wasNull() ? Optional.empty() : Optional.of(instant(micros));
    }

    private static Optional<Integer> integer(ResultSet row, String column) throws SQLException {
        int number = row.getInt(column);
        return row.wasNull() ? Optional.empty() : Optional.of(number);
    }

    /** Returns the reader's value for each row, by the recipe of the row. */
    static <T> Map<RecipeName, T> byRecipe(Query query, RowReader<T> reader) {
        return query.map((row, context) -> Map.entry(new RecipeName(row.getString("recipe")), reader.read(row)))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }
}
