package io.leprechaun.daemon.store;

import io.leprechaun.daemon.history.ClockLog;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** The log of the clock's changes in the store's table `clock`. */
final class SqliteClockLog implements ClockLog {
    private final Writer writer;
    private final Readers readers;
    private volatile Shifts shifts;

    SqliteClockLog(Writer writer, Readers readers) {
        this.writer = writer;
        this.readers = readers;
        this.shifts = readers.read(SqliteClockLog::read);
    }

    /** Returns the durations by which the clock was set since each kept run. */
    Shifts shifts() {
        return shifts;
    }

    private static Shifts read(Handle handle) {
        return new Shifts(changes(
                handle,
                "where by <> 0 and run >= (select coalesce(min(id), 0) from run) order by id",
                Integer.MAX_VALUE));
    }

    @Override
    public CompletableFuture<@Nullable Void> add(ClockEvent kind, Instant at, Duration by) {
        return writer.logged("the change of the clock", changes -> {
            changes.execute(
                    "insert into clock (run, kind, at, by) values (" + RunMapper.LAST_RUN + ", ?, ?, ?)",
                    kind.word(),
                    RunMapper.micros(at),
                    by.toNanos() / 1000);
            shifts = read(changes.handle());
        });
    }

    @Override
    public List<ClockChange> newest(int most) {
        return readers.read(handle -> changes(handle, "order by id desc", most));
    }

    @Override
    public List<ClockChange> sets() {
        return shifts.changes();
    }

    @Override
    public Duration since(long run) {
        return shifts.since(run);
    }

    private static List<ClockChange> changes(Handle handle, String which, int most) {
        return handle.createQuery("select run, kind, at, by from clock " + which + " limit " + most)
                .map((row, context) -> new ClockChange(
                        row.getLong("run"),
                        ClockEvent.valueOf(row.getString("kind").toUpperCase(Locale.ROOT)),
                        RunMapper.instant(row.getLong("at")),
                        Duration.ofNanos(row.getLong("by") * 1000)))
                .list();
    }
}
