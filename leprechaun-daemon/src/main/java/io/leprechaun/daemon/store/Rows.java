package io.leprechaun.daemon.store;

import io.leprechaun.daemon.process.Usage;
import io.leprechaun.daemon.recipe.RecipeName;
import io.leprechaun.daemon.run.Cause;
import io.leprechaun.daemon.run.Order;
import io.leprechaun.daemon.run.Printed;
import io.leprechaun.daemon.run.Run;
import io.leprechaun.daemon.run.RunState;
import io.leprechaun.daemon.run.StepResult;
import io.leprechaun.daemon.run.StepState;
import io.leprechaun.daemon.run.Times;
import io.leprechaun.daemon.run.TriggerKind;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jdbi.v3.core.statement.StatementContext;
import org.jspecify.annotations.Nullable;

/** Runs and steps as rows and back. */
final class Rows {
    private Rows() {}

    record StepRow(long run, int attempt, StepResult result) {}

    static void insert(Changes changes, Run run) {
        var order = run.order();
        changes.execute(
                """
                insert into run (id, recipe, version, agent, trigger_kind, requested_by, priority, state, reason, exit_code, attempt, repeated,
                                 due_at, due_until, queued_at, started_at, ended_at)
                values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)\
                """,
                run.id(),
                order.recipe().value(),
                order.version(),
                order.agent(),
                order.cause().trigger().word(),
                order.cause().requestedBy().orElse(null),
                order.priority(),
                run.state().word(),
                run.reason().orElse(null),
                run.exitCode().orElse(null),
                run.attempt(),
                run.repeat().count(),
                micros(order.cause().dueAt()),
                micros(run.repeat().lastDue()),
                micros(run.times().queuedAt()),
                micros(run.times().startedAt()),
                micros(run.times().endedAt()));
    }

    static void start(Changes changes, Run run) {
        changes.execute(
                "update run set state = ?, reason = null, exit_code = null, attempt = ?, started_at = ?, retry_at ="
                        + " null where id = ? and ended_at is null",
                run.state().word(),
                run.attempt(),
                micros(run.times().startedAt()),
                run.id());
    }

    /** The end of a run, or of an attempt that another one follows. */
    static void end(Changes changes, Run run) {
        changes.execute(
                "update run set state = ?, reason = ?, exit_code = ?, ended_at = ?, retry_at = ? where id = ?",
                run.state().word(),
                run.reason().orElse(null),
                run.exitCode().orElse(null),
                micros(run.times().endedAt()),
                micros(run.times().retryAt()),
                run.id());
        for (StepResult step : run.steps()) {
            changes.execute(
                    """
                    insert or replace into step_run (run, attempt, number, command, state, exit_code, detail, note, started_at, ended_at,
                                                     cpu, peak_memory, read, written, printed, dropped)
                    values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)\
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
                    step.printed().dropped());
        }
    }

    static Run run(ResultSet row, StatementContext context) throws SQLException {
        var cause = new Cause(
                TriggerKind.of(row.getString("trigger_kind")),
                time(row, "due_at"),
                Optional.ofNullable(row.getString("requested_by")));
        var order = new Order(
                new RecipeName(row.getString("recipe")),
                row.getString("version"),
                row.getString("agent"),
                row.getInt("priority"),
                cause);
        var times = new Times(
                instant(row.getLong("queued_at")),
                time(row, "started_at"),
                time(row, "ended_at"),
                time(row, "retry_at"));
        return new Run(
                row.getLong("id"),
                order,
                RunState.of(row.getString("state")),
                Optional.ofNullable(row.getString("reason")),
                integer(row, "exit_code"),
                row.getInt("attempt"),
                new Run.Repeat(row.getInt("repeated"), time(row, "due_until")),
                times,
                List.of());
    }

    static StepRow step(ResultSet row, StatementContext context) throws SQLException {
        long memory = row.getLong("peak_memory");
        var usage = new Usage(
                Duration.of(row.getLong("cpu"), ChronoUnit.MICROS),
                memory == 0 ? OptionalLong.empty() : OptionalLong.of(memory),
                row.getLong("read"),
                row.getLong("written"));
        return new StepRow(
                row.getLong("run"),
                row.getInt("attempt"),
                new StepResult(
                        row.getInt("number"),
                        row.getString("command"),
                        StepState.of(row.getString("state")),
                        integer(row, "exit_code"),
                        Optional.ofNullable(row.getString("detail")),
                        Optional.ofNullable(row.getString("note")),
                        time(row, "started_at"),
                        time(row, "ended_at"),
                        usage,
                        new Printed(row.getLong("printed"), row.getLong("dropped"))));
    }

    static @Nullable Long micros(Optional<Instant> time) {
        return time.map(Rows::micros).orElse(null);
    }

    static long micros(Instant time) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, time);
    }

    static Instant instant(long micros) {
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    }

    private static Optional<Instant> time(ResultSet row, String column) throws SQLException {
        long micros = row.getLong(column);
        return row.wasNull() ? Optional.empty() : Optional.of(instant(micros));
    }

    private static Optional<Integer> integer(ResultSet row, String column) throws SQLException {
        int number = row.getInt(column);
        return row.wasNull() ? Optional.empty() : Optional.of(number);
    }
}
