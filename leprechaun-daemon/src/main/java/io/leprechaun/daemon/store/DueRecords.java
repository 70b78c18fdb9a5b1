package io.leprechaun.daemon.store;

import io.leprechaun.daemon.history.DueSeries;
import io.leprechaun.daemon.history.RunStore.RecipeVersion;
import io.leprechaun.daemon.recipe.Recipe;
import io.leprechaun.daemon.recipe.RecipeName;
import io.leprechaun.daemon.recipe.TriggerKind;
import io.leprechaun.daemon.settings.AgentName;
import io.leprechaun.daemon.store.Verification.Finding;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.BiFunction;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** The records of due instants, which {@link DueSeries} checks. For one check. */
final class DueRecords {
    private final Handle handle;
    private final BiFunction<String, RecipeVersion, Optional<Recipe>> recipes;
    private final String identity;
    private final Map<String, Optional<Recipe>> versions = new HashMap<>();
    private @Nullable DueSeries series;

    /** @param recipes the reader of a recipe's earlier text, given with its hash */
    DueRecords(Handle handle, BiFunction<String, RecipeVersion, Optional<Recipe>> recipes) {
        this.handle = handle;
        this.recipes = recipes;
        this.identity = SqliteStore.identity(handle);
    }

    /** Checks all series. Instants that are made up for are accounted for by the kind of their agent. */
    void check(List<Finding> findings) {
        handle.createQuery("""
            select *, (select count(*) from watched where watched.recipe = due.recipe and watched.run < id and trigger_kind = kind) as epoch
            from (select id, recipe, version, due_at, coalesce(due_until, due_at) as last,
                         iif(trigger_kind = :catchUp, iif(agent = :scheduler, :schedule, agent), trigger_kind) as kind
                  from run where due_at is not null and trigger_kind <> :after) as due
            order by recipe, kind, epoch, due_at, id\
            """)
                .bind("catchUp", TriggerKind.CATCH_UP.word())
                .bind("scheduler", AgentName.SCHEDULER.value())
                .bind("schedule", TriggerKind.SCHEDULE.word())
                .bind("after", TriggerKind.AFTER.word())
                .map((row, context) -> next(row))
                .forEach(found -> found.ifPresent(what -> findings.add(new Finding("due", what))));
    }

    private Optional<String> next(ResultSet row) throws SQLException {
        var recipe = new RecipeName(row.getString("recipe"));
        var kind = new TriggerKind(row.getString("kind"));
        if (series == null || !series.isOf(recipe, kind)) {
            series = new DueSeries(
                    recipe, kind, facts(recipe, kind), version -> versions.computeIfAbsent(version, this::recipe));
        }
        return series.add(new DueSeries.Span(
                row.getLong("id"),
                row.getString("version"),
                RunMapper.instant(row.getLong("due_at")),
                RunMapper.instant(row.getLong("last")),
                row.getLong("epoch")));
    }

    private Optional<Recipe> recipe(String version) {
        return handle.createQuery("select file, text from recipe_version where hash = :hash")
                .bind("hash", version)
                .map((row, context) -> new RecipeVersion(row.getString("file"), row.getString("text")))
                .findOne()
                .flatMap(text -> recipes.apply(version, text));
    }

    private DueSeries.StoreFacts facts(RecipeName recipe, TriggerKind trigger) {
        var backs = new TreeSet<>(handle.createQuery(
                        "select run from watched where recipe = :recipe and trigger_kind = :trigger and shown is not"
                                + " null")
                .bind("recipe", recipe.value())
                .bind("trigger", trigger.word())
                .mapTo(Long.class)
                .list());
        long removed = handle.createQuery(
                        "select coalesce(removed, 0) from due where recipe = :recipe and trigger_kind = :trigger")
                .bind("recipe", recipe.value())
                .bind("trigger", trigger.word())
                .mapTo(Long.class)
                .findOne()
                .orElse(0L);
        return new DueSeries.StoreFacts(removed, backs, identity);
    }
}
