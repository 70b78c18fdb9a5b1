package io.leprechaun.daemon.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.leprechaun.daemon.history.RunFilter;
import io.leprechaun.daemon.recipe.RecipeName;
import io.leprechaun.daemon.recipe.TriggerKind;
import io.leprechaun.daemon.run.RunState;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Proves by SQLite's query plans that no query scans the whole history, whatever the clock shows. */
class QueriesTest {
    private static final Shifts NO_SHIFTS = new Shifts(List.of());

    @TempDir
    private Path folder;

    /** Returns the lines of a plan about the access to rows of runs. */
    private List<String> plan(String sql) {
        Path file = folder.resolve("leprechaun.db");
        SqliteStore.open(file).close();
        String bound = sql.replaceAll(":(limit|since|from|until|to|recipe|most|lowest|below|trigger)", "1");
        return Jdbi.create("jdbc:sqlite:" + file)
                .withHandle(handle -> handle.createQuery("explain query plan " + bound)
                        .map((row, context) -> row.getString("detail"))
                        .filter(step -> step.contains(" run"))
                        .list());
    }

    private static List<RunFilter> filters() {
        var some = Optional.of(Instant.EPOCH);
        var none = Optional.<Instant>empty();
        var filters = new ArrayList<RunFilter>();
        for (Set<RunState> states : List.of(Set.<RunState>of(), Set.of(RunState.FAILED, RunState.KILLED))) {
            for (var since : List.of(none, some)) {
                for (var until : List.of(none, some)) {
                    RunFilter all = RunFilter.newest(20).in(states).between(since, until);
                    filters.add(all);
                    filters.add(all.of(new RecipeName("backup")));
                }
            }
        }
        return filters;
    }

    @Test
    void every_list_is_found_by_an_index() {
        assertThat(filters())
                .hasSize(16)
                .allSatisfy(filter -> assertThat(plan(Queries.sql(filter, NO_SHIFTS)))
                        .as(filter.toString())
                        .isNotEmpty()
                        .allSatisfy(step ->
                                assertThat(step).matches("SEARCH run USING .*|SCAN run USING INDEX run_unfinished")));
    }

    @Test
    void a_list_by_kind_of_cause_looks_at_a_range_of_numbers_alone() {
        var filter = RunFilter.newest(20).by(TriggerKind.HOOK).among(new RunFilter.Numbers(1, 9));
        assertThat(plan(Queries.sql(filter, NO_SHIFTS)))
                .containsExactly("SEARCH run USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)");
        var ofOne = RunFilter.newest(20).by(TriggerKind.HOOK).of(new RecipeName("backup"));
        assertThat(plan(Queries.sql(ofOne, NO_SHIFTS)))
                .as("the runs of others are not looked at")
                .isNotEmpty()
                .allSatisfy(
                        step -> assertThat(step).matches("SEARCH run USING INDEX (run_by_recipe|run_unfinished) .*"));
    }

    @Test
    void a_list_in_its_order_needs_no_sorting_of_more_than_it_shows() {
        String one = Queries.sql(RunFilter.newest(20).in(Set.of(RunState.FAILED)), NO_SHIFTS);
        assertThat(plan(one)).anySatisfy(step -> assertThat(step).endsWith("USING INDEX run_by_state (state=?)"));
    }

    @Test
    void the_recent_runs_of_many_recipes_are_found_by_an_index() {
        assertThat(plan(Queries.recentSql().replace("<names>", "'a', 'b'")))
                .isNotEmpty()
                .allSatisfy(step -> assertThat(step)
                        .matches("SEARCH run USING (INTEGER PRIMARY KEY|COVERING INDEX run_by_recipe|INDEX"
                                + " run_by_recipe) .*"));
    }

    @Test
    void a_walk_through_all_would_be_seen() {
        assertThat(plan("select * from run where reason = 'x'")).containsExactly("SCAN run");
    }
}
