package io.leprechaun.daemon.store;

import io.leprechaun.daemon.recipe.Recipe;
import io.leprechaun.daemon.recipe.RecipeName;
import io.leprechaun.daemon.recipe.Trigger;
import io.leprechaun.daemon.run.RunStore.RecipeVersion;
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
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiFunction;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Compares the records of what was due with when it was due, as the recipe's own text says: between two records of one text there must be no due instant, and no instant in two of them.
 * Where a text was watched for anew in between, or old records were removed, nothing is known of what lies between. For one check.
 */
final class DueRecords {
    private final Handle handle;
    private final BiFunction<String, RecipeVersion, Optional<Recipe>> recipes;
    private final String identity;
    private final Map<String, Optional<Recipe>> versions = new HashMap<>();
    private Series series = new Series("", TriggerKind.CRON, 0, new TreeMap<>(), Optional.empty());
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
     * @param removed until when records were removed
     * @param watched when it was watched for anew, with what the clock had shown if it was set back then, else with something earlier
     * @param anchor where intervals are counted from
     */
    private record Series(
            String recipe, TriggerKind trigger, long removed, TreeMap<Long, Long> watched, Optional<Instant> anchor) {
        boolean isUnbroken(long from, long to) {
            Long again = watched.higherKey(from);
            return from >= removed && (again == null || again > to) && !wasShownTwice(to);
        }

        /** Whether the clock was set back from later than an instant to earlier. */
        boolean wasShownTwice(long instant) {
            return watched.headMap(instant, true).values().stream().anyMatch(shown -> shown >= instant);
        }
    }

    /** The due instants that one record stands for, the first and the last in microseconds. */
    private record Span(long run, String version, long first, long last, int count) {}

    void check(List<Finding> findings) {
        handle.createQuery("""
            select id, recipe, iif(trigger_kind = 'catch-up', iif(agent = 'cron', 'cron', 'schedule'), trigger_kind) as trigger_kind,
                   version, due_at, coalesce(due_until, due_at) as last, repeated from run
            where due_at is not null and trigger_kind in ('schedule', 'cron', 'catch-up') order by recipe, 3, due_at, id\
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
                row.getInt("repeated"));
        if (!series.recipe().equals(recipe) || series.trigger() != trigger) {
            series = series(recipe, trigger);
            before = null;
        }
        Span last = before;
        before = span;
        return last == null ? Optional.empty() : between(last, span);
    }

    private Optional<Finding> between(Span last, Span next) {
        if (next.first() <= last.last() && !series.wasShownTwice(next.first())) {
            return Optional.of(found("runs %d and %d stand for the same instant %s of %s"
                    .formatted(last.run(), next.run(), Rows.instant(next.first()), series.recipe())));
        }
        if (!last.version().equals(next.version()) || !series.isUnbroken(last.last(), next.first())) {
            return Optional.empty();
        }
        return schedule(next.version())
                .flatMap(schedule -> schedule.next(Rows.instant(last.last())))
                .filter(due -> due.isBefore(Rows.instant(next.first())))
                .map(due -> found("%s was due at %s, between runs %d and %d, and there is no record of it"
                        .formatted(series.recipe(), due, last.run(), next.run())));
    }

    private static Finding found(String what) {
        return new Finding("due", what);
    }

    private Optional<Schedule> schedule(String version) {
        return versions.computeIfAbsent(version, this::recipe)
                .flatMap(recipe -> schedule(recipe)
                        .map(schedule -> Delayed.by(
                                recipe.policy().timing().delay(new RecipeName(series.recipe()), identity), schedule)));
    }

    private Optional<Schedule> schedule(Recipe recipe) {
        return switch (series.trigger()) {
            case CRON -> recipe.trigger(Trigger.Cron.class).map(Trigger.Cron::schedule);
            default ->
                recipe.trigger(Trigger.Interval.class)
                        .filter(interval -> !interval.every().isZero())
                        .flatMap(interval ->
                                series.anchor().map(anchor -> new IntervalSchedule(anchor, interval.every())));
        };
    }

    private Optional<Recipe> recipe(String version) {
        return handle.createQuery("select file, text from recipe_version where hash = :hash")
                .bind("hash", version)
                .map((row, context) -> new RecipeVersion(row.getString("file"), row.getString("text")))
                .findOne()
                .flatMap(text -> recipes.apply(version, text));
    }

    private Series series(String recipe, TriggerKind trigger) {
        var watched = new TreeMap<Long, Long>();
        handle.createQuery("select since, coalesce(shown, since - 1) as shown from watched where recipe = :recipe and"
                        + " trigger_kind = :trigger")
                .bind("recipe", recipe)
                .bind("trigger", trigger.word())
                .map((row, context) -> watched.put(row.getLong("since"), row.getLong("shown")))
                .list();
        return handle.createQuery("select coalesce(removed, 0) as removed, anchor from due where recipe = :recipe and"
                        + " trigger_kind = :trigger")
                .bind("recipe", recipe)
                .bind("trigger", trigger.word())
                .map((row, context) -> {
                    long anchor = row.getLong("anchor");
                    return new Series(
                            recipe,
                            trigger,
                            row.getLong("removed"),
                            watched,
                            row.wasNull() ? Optional.empty() : Optional.of(Rows.instant(anchor)));
                })
                .findOne()
                .orElseGet(() -> new Series(recipe, trigger, 0, watched, Optional.empty()));
    }
}
