package io.leprechaun.daemon.store;

import io.leprechaun.daemon.history.Archive;
import io.leprechaun.daemon.history.StoreException;
import io.leprechaun.daemon.recipe.RecipeName;
import io.leprechaun.daemon.run.RunState;
import io.leprechaun.daemon.settings.RetentionLimits;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** The archive in SQLite: removes the oldest records, a few in one change, so that other changes do not wait long. */
final class SqliteArchive implements Archive {
    /** The tables with data of a run, except its own row. */
    static final List<String> PARTS = List.of("step_run", "parameter", "body", "attempt");
    /** The number of pages that are given back in one step. */
    private static final int PAGES = 256;

    private final Path file;
    private final Writer writer;
    private final Readers readers;
    private final Supplier<Shifts> shifts;

    SqliteArchive(Path file, Writer writer, Readers readers, Supplier<Shifts> shifts) {
        this.file = file;
        this.writer = writer;
        this.readers = readers;
        this.shifts = shifts;
    }

    @Override
    public List<KeptRuns> kept() {
        return readers.read(handle -> handle.createQuery("""
            select name as recipe, runs, bytes from recipe
            union all select distinct recipe, 0, 0 from due where recipe not in (select name from recipe) order by recipe\
            """)
                .map((row, context) -> new KeptRuns(
                        new RecipeName(row.getString("recipe")), row.getLong("runs"), row.getLong("bytes")))
                .list());
    }

    @Override
    public Optional<Instant> oldest(RecipeName recipe) {
        var states = List.of(RunState.values());
        String each = Stream.concat(Queries.finished(states, true), Queries.unfinished(states).stream())
                .map(source -> "select min(id) as id " + source + " and recipe = :recipe")
                .collect(Collectors.joining(" union all "));
        return readers.read(handle -> handle.createQuery(
                        "select queued_at from run where id = (select min(id) from (" + each + "))")
                .bind("recipe", recipe.value())
                .mapTo(Long.class)
                .findOne()
                .map(RunMapper::instant));
    }

    @Override
    public CompletableFuture<Integer> remove(RecipeName recipe, RetentionLimits keep, Instant now, int most) {
        return writer.change("the removal of old runs of " + recipe, changes -> {
            var counted = changes.handle()
                    .createQuery("select runs, bytes from recipe where name = :recipe")
                    .bind("recipe", recipe.value())
                    .map((row, context) -> new long[] {row.getLong("runs"), row.getLong("bytes")})
                    .findOne()
                    .orElse(new long[2]);
            return remove(changes, Optional.of(recipe), new Excess(keep, now, counted[0], counted[1]), most);
        });
    }

    @Override
    public CompletableFuture<Integer> removeOldest(RetentionLimits keep, Instant now, int most) {
        return writer.change("the removal of the oldest runs", changes -> {
            var counted = changes.handle()
                    .createQuery("select coalesce(sum(runs), 0) as runs, coalesce(sum(bytes), 0) as bytes from recipe")
                    .map((row, context) -> new long[] {row.getLong("runs"), row.getLong("bytes")})
                    .one();
            return remove(changes, Optional.empty(), new Excess(keep, now, counted[0], counted[1]), most);
        });
    }

    @Override
    public CompletableFuture<Integer> removeDeliveries(Instant before, int most) {
        return writer.change(
                "the removal of old deliveries",
                changes -> changes.handle()
                        .createUpdate("""
                            delete from delivery where (recipe, delivery) in
                                (select recipe, delivery from delivery where %s < :before order by received_at limit :most)\
                            """.formatted(shifts.get().sql("received_at", "run")))
                        .bind("before", RunMapper.micros(before))
                        .bind("most", most)
                        .execute());
    }

    /**
     * A record that is over.
     *
     * @param at the instant of its acceptance, by the clock as it is now
     */
    private record Old(
            long id, String recipe, String trigger, Instant at, boolean started, long bytes, boolean isNewest) {}

    /** The excess of the history over its limits, while the oldest records are removed one by one. Not thread-safe. */
    private static final class Excess {
        private final RetentionLimits keep;
        private final Instant now;
        private long runs;
        private long bytes;

        Excess(RetentionLimits keep, Instant now, long runs, long bytes) {
            this.keep = keep;
            this.now = now;
            this.runs = runs;
            this.bytes = bytes;
        }

        boolean has(Old old) {
            boolean aged =
                    keep.age().filter(age -> old.at().isBefore(now.minus(age))).isPresent();
            boolean rested = !old.at().isAfter(now.minus(keep.rest()));
            boolean many = keep.runs().filter(most -> runs > most).isPresent() && rested;
            boolean large = keep.bytes().filter(most -> bytes > most).isPresent();
            return aged || many || large;
        }

        void without(Old old) {
            runs -= old.started() ? 1 : 0;
            bytes -= old.started() ? old.bytes() : 0;
        }
    }

    private int remove(Transaction changes, Optional<RecipeName> recipe, Excess excess, int most) {
        int removed = 0;
        for (Old old : oldest(changes.handle(), recipe, most + 1)) {
            if (old.isNewest()) {
                continue;
            }
            if (removed == most || !excess.has(old)) {
                break;
            }
            remove(changes, old);
            excess.without(old);
            removed++;
        }
        return removed;
    }

    /** Returns the oldest records that are over and have no pending notice. */
    private List<Old> oldest(Handle handle, Optional<RecipeName> recipe, int most) {
        String where = recipe.isPresent() ? " and recipe = :recipe" : "";
        String each = Queries.finished(List.of(RunState.values()), recipe.isPresent())
                .map(source -> "select * from (select id " + source + where + " order by id limit :most)")
                .collect(Collectors.joining(" union all "));
        var query = handle.createQuery("""
            select run.id, run.recipe, run.trigger_kind, run.queued_at,
                   started_at is not null as started, run.bytes, last_run = run.id as newest
            from (%s) as old join run using (id) left join recipe on name = run.recipe
            where not exists (select 1 from notice where notice.run = run.id and given_up is null)
            order by run.id limit :most\
            """.formatted(each)).bind("most", most);
        recipe.ifPresent(name -> query.bind("recipe", name.value()));
        var known = shifts.get();
        return query.map((row, context) -> new Old(
                        row.getLong("id"),
                        row.getString("recipe"),
                        row.getString("trigger_kind"),
                        known.now(row.getLong("id"), RunMapper.instant(row.getLong("queued_at"))),
                        row.getBoolean("started"),
                        row.getLong("bytes"),
                        row.getBoolean("newest")))
                .list();
    }

    private static void remove(Transaction changes, Old old) {
        PARTS.forEach(part -> changes.execute("delete from " + part + " where run = ?", old.id()));
        changes.execute("delete from notice where run = ?", old.id());
        changes.execute("delete from run where id = ?", old.id());
        changes.execute(
                "update due set removed = max(coalesce(removed, 0), ?) where recipe = ? and trigger_kind = ?",
                old.id(),
                old.recipe(),
                old.trigger());
        if (old.started()) {
            changes.execute("insert into removal (run) values (?)", old.id());
            changes.execute(
                    "update recipe set runs = runs - 1, bytes = bytes - ? where name = ?", old.bytes(), old.recipe());
        }
    }

    @Override
    public List<Long> leftovers(int most) {
        writer.requireInPlace("the removal of files"); // the files are removed by their paths
        return readers.read(handle -> handle.createQuery("select run from removal order by run limit :most")
                .bind("most", most)
                .mapTo(Long.class)
                .list());
    }

    @Override
    public CompletableFuture<?> cleaned(List<Long> runs) {
        return writer.<@Nullable Void>change("the removal of files", changes -> {
            runs.forEach(run -> changes.execute("delete from removal where run = ?", run));
            return null;
        });
    }

    @Override
    public CompletableFuture<Shrunk> shrink() {
        return writer.aside("the shrinking of the store", handle -> {
            long spare = Reserve.freePages(handle) - Reserve.PAGES;
            if (spare < PAGES) { // a small rest is kept: the next runs need it
                return Reserve.checkpoint(handle) ? Shrunk.ALL : Shrunk.HELD; // only this makes the file itself shorter
            }
            vacuum(handle);
            return Shrunk.SOME;
        });
    }

    /**
     * Gives pages back. Bypasses JDBI, which runs only one step of a statement without rows; this one gives back a page
     * in each.
     */
    private static void vacuum(Handle handle) {
        try (var statement = handle.getConnection().createStatement()) {
            statement.executeUpdate("pragma incremental_vacuum(" + PAGES + ")");
        } catch (SQLException e) {
            throw new StoreException(String.valueOf(e.getMessage()), e);
        }
    }

    @Override
    public Set<String> bodies() {
        writer.requireInPlace("the removal of bodies");
        return readers.read(BodyRows::names);
    }

    @Override
    public Size size() {
        long free = readers.read(Reserve::freeBytes);
        return new Size(length(file), length(file.resolveSibling(file.getFileName() + "-wal")), free);
    }

    private static long length(Path path) {
        try {
            return Files.exists(path) ? Files.size(path) : 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
