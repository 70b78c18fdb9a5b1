package io.leprechaun.daemon.store;

import io.leprechaun.daemon.history.Anchor;
import io.leprechaun.daemon.history.Ledger;
import io.leprechaun.daemon.recipe.RecipeName;
import io.leprechaun.daemon.recipe.TriggerKind;
import io.leprechaun.daemon.run.Run;
import io.leprechaun.daemon.run.RunSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** The ledger in the store's table `due`. */
final class SqliteLedger implements Ledger {
    private final Writer writer;
    private final Readers readers;

    private final AtomicLong lastEnd;

    SqliteLedger(Writer writer, Readers readers) {
        this.writer = writer;
        this.readers = readers;
        this.lastEnd = new AtomicLong(readers.read(handle -> handle.createQuery("""
            select max(coalesce(max(well), 0), coalesce(max(badly), 0),
                       (select coalesce(max(accounted), 0) from due where trigger_kind = :after)) from recipe\
            """)
                .bind("after", TriggerKind.AFTER.word())
                .mapTo(Long.class)
                .one()));
    }

    /** Returns a number for an end, in the order of the changes. */
    long nextEnd() {
        return lastEnd.incrementAndGet();
    }

    /** Returns the number of the last end of a recipe; a new one, if it has none. */
    long lastEnd(Transaction changes, RecipeName recipe) {
        return changes.find(
                        "select max(coalesce(well, 0), coalesce(badly, 0)) as last from recipe where name = ?",
                        row -> row.getLong("last"),
                        recipe.value())
                .filter(last -> last > 0)
                .orElseGet(this::nextEnd);
    }

    @Override
    public long lastEnd() {
        return lastEnd.get();
    }

    @Override
    public Ends ends(RecipeName recipe) {
        return readers.read(handle -> handle.createQuery(
                        "select coalesce(well, 0) as well, coalesce(badly, 0) as badly from recipe where name = :name")
                .bind("name", recipe.value())
                .map((row, context) -> new Ends(row.getLong("well"), row.getLong("badly")))
                .findOne()
                .orElse(new Ends(0, 0)));
    }

    @Override
    public OptionalLong followed(RecipeName recipe) {
        return readers.read(handle -> handle.createQuery(
                        "select accounted from due where recipe = :recipe and trigger_kind = :after and accounted is"
                                + " not null")
                .bind("recipe", recipe.value())
                .bind("after", TriggerKind.AFTER.word())
                .mapTo(Long.class)
                .findOne()
                .map(OptionalLong::of)
                .orElse(OptionalLong.empty()));
    }

    @Override
    public void follow(RecipeName recipe, long end) {
        writer.soon(
                "the last run that " + recipe + " follows",
                changes -> account(changes, recipe, TriggerKind.AFTER, end));
    }

    @Override
    public Map<RecipeName, Anchor> anchors() {
        return readers.read(handle -> RunMapper.byRecipe(
                handle.createQuery("select recipe, period, anchor from due where anchor is not null"),
                row -> new Anchor(
                        Duration.ofSeconds(row.getLong("period")), RunMapper.instant(row.getLong("anchor")))));
    }

    @Override
    public void anchor(RecipeName recipe, Anchor anchor) {
        writer.soon("where the intervals of " + recipe + " begin", changes -> {
            changes.execute(
                    """
                    insert into due (recipe, trigger_kind, period, anchor) values (?, ?, ?, ?)
                    on conflict do update set period = excluded.period, anchor = excluded.anchor\
                    """,
                    recipe.value(),
                    TriggerKind.SCHEDULE.word(),
                    anchor.every().toSeconds(),
                    RunMapper.micros(anchor.at()));
        });
    }

    @Override
    public CompletableFuture<Void> shift(Duration by) {
        return writer.<@Nullable Void>change("the change of the clock", changes -> {
            long micros = by.toNanos() / 1000;
            changes.execute(
                    "update due set anchor = anchor + ?, accounted = accounted + ? where trigger_kind = ?",
                    micros,
                    micros,
                    TriggerKind.SCHEDULE.word());
            return null;
        });
    }

    @Override
    public Map<RecipeName, Instant> lastDue(TriggerKind trigger) {
        return readers.read(handle -> RunMapper.byRecipe(
                handle.createQuery(
                                "select recipe, accounted from due where trigger_kind = :trigger and accounted is not"
                                        + " null and trigger_kind <> :after") // its value is the number of an end
                        .bind("after", TriggerKind.AFTER.word())
                        .bind("trigger", trigger.word()),
                row -> RunMapper.instant(row.getLong("accounted"))));
    }

    @Override
    public Optional<Instant> shown(TriggerKind trigger, Duration most, Instant until) {
        return readers.read(handle -> handle.createQuery(
                        "select max(shown) from watched where trigger_kind = :trigger and shown - since <= :most and"
                                + " shown < :until")
                .bind("trigger", trigger.word())
                .bind("most", most.toNanos() / 1000)
                .bind("until", RunMapper.micros(until))
                .mapTo(Long.class)
                .findOne()
                .map(RunMapper::instant));
    }

    @Override
    public void accounted(List<RecipeName> recipes, TriggerKind trigger, Instant until) {
        writer.soon(
                "the time up to which " + trigger.word() + " has records",
                changes -> recipes.forEach(recipe -> account(changes, recipe, trigger, RunMapper.micros(until))));
    }

    @Override
    public void watched(RecipeName recipe, TriggerKind trigger, Instant since, Optional<Instant> shown) {
        writer.soon("the first time at which " + recipe + " can be due", changes -> {
            account(changes, recipe, trigger, RunMapper.micros(since));
            if (shown.isPresent()) { // else instants due from now on would seem to be accounted for
                changes.execute(
                        "update due set accounted = ? where recipe = ? and trigger_kind = ?",
                        RunMapper.micros(since),
                        recipe.value(),
                        trigger.word());
            }
            changes.execute(
                    "insert or replace into watched (recipe, trigger_kind, since, shown, run) values (?, ?, ?, ?, "
                            + RunMapper.LAST_RUN + ")",
                    recipe.value(),
                    trigger.word(),
                    free(changes, recipe, trigger, RunMapper.micros(since)),
                    shown.map(RunMapper::micros).orElse(null));
        });
    }

    /**
     * Returns an instant in microseconds, or the latest one before it that no other row has. A clock that is set back
     * and forth reaches the same instant again, and each time is a row. Nothing is due within microseconds.
     */
    private static long free(Transaction changes, RecipeName recipe, TriggerKind trigger, long since) {
        long free = since;
        while (changes.handle()
                .createQuery("select exists (select 1 from watched where recipe = :recipe and trigger_kind = :trigger"
                        + " and since = :since and run < " + RunMapper.LAST_RUN + ")")
                .bind("recipe", recipe.value())
                .bind("trigger", trigger.word())
                .bind("since", free)
                .mapTo(Boolean.class)
                .one()) {
            free--;
        }
        return free;
    }

    @Override
    public Optional<String> lastBoot(RecipeName recipe) {
        return readers.read(
                handle -> handle.createQuery("select boot from due where recipe = :recipe and boot is not null")
                        .bind("recipe", recipe.value())
                        .mapTo(String.class)
                        .findOne());
    }

    @Override
    public void booted(RecipeName recipe, String boot) {
        writer.soon(
                "the boot at which " + recipe + " was due",
                changes -> changes.execute("""
                    insert into due (recipe, trigger_kind, boot) values (?, ?, ?)
                    on conflict do update set boot = excluded.boot\
                    """, recipe.value(), TriggerKind.CRON.word(), boot));
    }

    /** Returns the newest record of a run's recipe and trigger, if it started nothing. */
    static Optional<Long> lastRefused(Transaction changes, Run run) {
        changes.finish(); // an acceptance may be the newest record
        return changes.find(
                "select refused from due where recipe = ? and trigger_kind = ? and refused is not null",
                row -> row.getLong("refused"),
                run.order().recipe().value(),
                run.order().series().word());
    }

    /**
     * Records that an accepted run is the newest record of its recipe and trigger, and that all earlier due instants
     * are accounted for.
     */
    static void account(Transaction changes, Run run) {
        var order = run.order();
        var until = until(order, order.cause().dueAt());
        if (until.isPresent()) {
            account(changes, order.recipe(), order.series(), until.get());
        }
        changes.executeLast(
                "accepted " + order.recipe() + " " + order.series(),
                "update due set refused = null where recipe = ? and trigger_kind = ? and refused is not null",
                order.recipe().value(),
                order.series().word());
    }

    /** Records the same of a due instant that started nothing; it has the number of its record. */
    static void accountRefused(Transaction changes, Run record) {
        var order = record.order();
        until(order, record.repeat().lastDue().or(() -> order.cause().dueAt()))
                .ifPresent(due -> account(changes, order.recipe(), order.series(), due));
        changes.execute(
                "insert into due (recipe, trigger_kind, refused) values (?, ?, ?) on conflict do update set refused ="
                        + " excluded.refused",
                order.recipe().value(),
                order.series().word(),
                record.id());
    }

    /** Returns the instant, or the number of the end, until which a record accounts for all. */
    private static Optional<Long> until(RunSpec order, Optional<Instant> due) {
        return order.series().equals(TriggerKind.AFTER) ? order.cause().end() : due.map(RunMapper::micros);
    }

    /** @param until the time in microseconds, or the number of an end */
    private static void account(Transaction changes, RecipeName recipe, TriggerKind trigger, long until) {
        changes.execute("""
            insert into due (recipe, trigger_kind, accounted) values (?, ?, ?)
            on conflict do update set accounted = max(coalesce(accounted, 0), excluded.accounted)\
            """, recipe.value(), trigger.word(), until);
    }
}
