package io.leprechaun.daemon.store;

import io.leprechaun.daemon.history.RunStore.RecipeVersion;
import io.leprechaun.daemon.recipe.Recipe;
import io.leprechaun.daemon.recipe.RecipeName;
import io.leprechaun.daemon.recipe.Trigger;
import io.leprechaun.daemon.run.TriggerKind;
import io.leprechaun.daemon.schedule.Delayed;
import io.leprechaun.daemon.schedule.IntervalSchedule;
import io.leprechaun.daemon.schedule.Schedule;
import io.leprechaun.daemon.store.Verification.Finding;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.BiFunction;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Compares the records of what was due with when it was due, as the recipe's own text says: between two records of one text there must be no due instant, and no instant in two of them.
 * Where a text was watched for anew in between, or old records were removed, nothing is known of what lies between. Where the clock was set back, the same instants may come once more after
 * that. What came before and what after such a change is told by the numbers of the runs. For one check.
 */
final class DueRecords {
    private final Handle handle;
    private final BiFunction<String, RecipeVersion, Optional<Recipe>> recipes;
    private final String identity;
    private final Map<String, Optional<Recipe>> versions = new HashMap<>();
    private Series series = new Series("", TriggerKind.CRON, 0, new TreeSet<>());
    private @Nullable Span before;

    /** @param recipes reads a text that a recipe had, with the hash it is known by */
    DueRecords(Handle handle, BiFunction<String, RecipeVersion, Optional<Recipe>> recipes) {
        this.handle = handle;
        this.recipes = recipes;
        this.identity = SqliteStore.identity(handle);
    }

    /**
     * What is due by one kind of trigger of a recipe.
     *
     * @param removed the number of the last run that was removed
     * @param backs the numbers of the runs after which the clock was set back
     */
    private record Series(String recipe, TriggerKind trigger, long removed, NavigableSet<Long> backs) {
        /** Whether the clock was set back between two runs. */
        boolean wasSetBack(Span last, Span next) {
            return !backs.subSet(last.run(), true, next.run(), false).isEmpty();
        }
    }

    /**
     * The due instants that one record stands for.
     *
     * @param first in microseconds
     * @param last in microseconds
     * @param epoch how often the recipe had been watched for anew before
     */
    private record Span(long run, String version, long first, long last, long epoch) {}

    void check(List<Finding> findings) {
        handle.createQuery("""
            select id, recipe, iif(trigger_kind = 'catch-up', iif(agent = 'cron', 'cron', 'schedule'), trigger_kind) as trigger_kind,
                   version, due_at, coalesce(due_until, due_at) as last,
                   (select count(*) from watched where watched.recipe = run.recipe and watched.run < run.id and watched.trigger_kind =
                       iif(run.trigger_kind = 'catch-up', iif(agent = 'cron', 'cron', 'schedule'), run.trigger_kind)) as epoch
            from run where due_at is not null and trigger_kind in ('schedule', 'cron', 'catch-up') order by recipe, 3, epoch, due_at, id\
            """).map((row, context) -> next(row)).forEach(found -> found.ifPresent(findings::add));
    }

    private Optional<Finding> next(ResultSet row) throws SQLException {
        String recipe = row.getString("recipe");
        var trigger = TriggerKind.of(row.getString("trigger_kind"));
        var span = new Span(
                row.getLong("id"),
                row.getString("version"),
                row.getLong("due_at"),
                row.getLong("last"),
                row.getLong("epoch"));
        if (!series.recipe().equals(recipe) || series.trigger() != trigger) {
            series = series(recipe, trigger);
            before = null;
        }
        Span last = before;
        before = span;
        return last == null ? Optional.empty() : between(last, span);
    }

    private Optional<Finding> between(Span last, Span next) {
        boolean sameEpoch = last.epoch() == next.epoch();
        if (next.first() <= last.last() && (sameEpoch || !series.wasSetBack(last, next))) {
            return Optional.of(found("runs %d and %d stand for the same instant %s of %s"
                    .formatted(last.run(), next.run(), RunMapper.instant(next.first()), series.recipe())));
        }
        if (!sameEpoch || !last.version().equals(next.version()) || last.run() < series.removed()) {
            return Optional.empty();
        }
        Instant before = RunMapper.instant(last.last());
        return schedule(next.version(), before)
                .flatMap(schedule -> schedule.next(before))
                .filter(due -> due.isBefore(RunMapper.instant(next.first())))
                .map(due -> found("%s was due at %s, between runs %d and %d, and there is no record of it"
                        .formatted(series.recipe(), due, last.run(), next.run())));
    }

    private static Finding found(String what) {
        return new Finding("due", what);
    }

    /** @param due one of its due instants: from there intervals are counted as well as from their anchor, which the clock may have moved since */
    private Optional<Schedule> schedule(String version, Instant due) {
        return versions.computeIfAbsent(version, this::recipe).flatMap(recipe -> switch (series.trigger()) {
            case CRON ->
                recipe.trigger(Trigger.Cron.class)
                        .map(cron -> Delayed.by(
                                recipe.policy().timing().delay(new RecipeName(series.recipe()), identity),
                                cron.schedule()));
            default ->
                recipe.trigger(Trigger.Interval.class)
                        .filter(interval -> !interval.every().isZero())
                        .map(interval -> new IntervalSchedule(due, interval.every()));
        });
    }

    private Optional<Recipe> recipe(String version) {
        return handle.createQuery("select file, text from recipe_version where hash = :hash")
                .bind("hash", version)
                .map((row, context) -> new RecipeVersion(row.getString("file"), row.getString("text")))
                .findOne()
                .flatMap(text -> recipes.apply(version, text));
    }

    private Series series(String recipe, TriggerKind trigger) {
        var backs = new TreeSet<>(handle.createQuery(
                        "select run from watched where recipe = :recipe and trigger_kind = :trigger and shown is not"
                                + " null")
                .bind("recipe", recipe)
                .bind("trigger", trigger.word())
                .mapTo(Long.class)
                .list());
        long removed = handle.createQuery(
                        "select coalesce(removed, 0) from due where recipe = :recipe and trigger_kind = :trigger")
                .bind("recipe", recipe)
                .bind("trigger", trigger.word())
                .mapTo(Long.class)
                .findOne()
                .orElse(0L);
        return new Series(recipe, trigger, removed, backs);
    }
}
