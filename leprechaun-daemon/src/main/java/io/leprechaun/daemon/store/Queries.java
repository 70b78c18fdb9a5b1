package io.leprechaun.daemon.store;

import io.leprechaun.daemon.history.RunFilter;
import io.leprechaun.daemon.recipe.RecipeName;
import io.leprechaun.daemon.run.Run;
import io.leprechaun.daemon.run.RunSpec;
import io.leprechaun.daemon.run.RunState;
import io.leprechaun.daemon.run.StepResult;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;

/** The queries for runs, always by an index: with a million runs they take as long as with a thousand. */
record Queries(RunMapper rows, Supplier<Shifts> shifts) {
    /** The number of runs that may have been accepted at once, with numbers in another order than their times. */
    private static final int AT_ONCE = 1000;

    private static final Set<RunState> UNFINISHED =
            Stream.of(RunState.values()).filter(state -> !state.isFinal()).collect(Collectors.toUnmodifiableSet());

    private static final Set<RunState> HAVE_RUN =
            Stream.of(RunState.values()).filter(RunState::hasRun).collect(Collectors.toUnmodifiableSet());

    /** Returns the numbers of runs, newest first. */
    List<Long> ids(Handle handle, RunFilter filter) {
        return query(handle, filter, sql(filter, shifts.get()))
                .mapTo(Long.class)
                .list();
    }

    /** Returns the number of runs that a filter selects, up to its limit. */
    int count(Handle handle, RunFilter filter) {
        return query(handle, filter, "select count(*) from (" + sql(filter, shifts.get()) + ")")
                .mapTo(Integer.class)
                .one();
    }

    private Query query(Handle handle, RunFilter filter, String sql) {
        var query = handle.createQuery(sql).bind("limit", filter.limit());
        filter.recipe().ifPresent(recipe -> query.bind("recipe", recipe.value()));
        filter.since()
                .ifPresent(
                        since -> query.bind("since", RunMapper.micros(since)).bind("from", firstSince(handle, since)));
        filter.until()
                .ifPresent(until -> query.bind("until", RunMapper.micros(until)).bind("to", lastUntil(handle, until)));
        filter.trigger().ifPresent(trigger -> query.bind("trigger", trigger.word()));
        if (!filter.numbers().equals(RunFilter.Numbers.ALL)) {
            query.bind("lowest", filter.numbers().from())
                    .bind("below", filter.numbers().below());
        }
        return query;
    }

    /**
     * Returns a number below those of all runs accepted at an instant or later, and above those of most earlier ones.
     * Numbers rise with time, except for some that were given at once.
     */
    private long firstSince(Handle handle, Instant since) {
        return Math.max(0, firstAt(handle, since) - AT_ONCE);
    }

    /** Returns a number above those of all runs accepted before an instant, and below those of most later ones. */
    private long lastUntil(Handle handle, Instant until) {
        return firstAt(handle, until) + AT_ONCE;
    }

    private long firstAt(Handle handle, Instant instant) {
        long low = 0;
        long high = handle.createQuery("select coalesce(max(id), 0) + 1 from run")
                .mapTo(Long.class)
                .one();
        var known = shifts.get();
        while (low < high) {
            long middle = low + (high - low) / 2;
            boolean before = handle.createQuery("select id, queued_at from run where id >= :from order by id limit 1")
                    .bind("from", middle)
                    .map((row, context) -> known.now(row.getLong("id"), RunMapper.instant(row.getLong("queued_at")))
                            .isBefore(instant))
                    .findOne()
                    .orElse(false);
            if (before) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /** Returns runs with their steps, in the order of the given numbers. */
    List<Run> list(Handle handle, List<Long> ids) {
        if (ids.isEmpty()) {
            return List.of();
        }
        var found = handle.createQuery("select * from run where id in (<ids>)")
                .bindList("ids", ids)
                .map((row, context) -> rows.run(row))
                .collectToMap(Run::id, run -> run);
        return withSteps(
                handle, ids.stream().map(found::get).filter(Objects::nonNull).toList());
    }

    /** Returns the newest runs of each recipe that have started and are over, without their steps, newest first. */
    Map<RecipeName, List<Run>> recent(Handle handle, Set<RecipeName> recipes, int most) {
        var names = List.copyOf(recipes);
        var found = new HashMap<RecipeName, List<Run>>();
        for (int first = 0; first < names.size(); first += AT_ONCE) {
            handle.createQuery(recentSql())
                    .bindList(
                            "names",
                            names.subList(first, Math.min(names.size(), first + AT_ONCE)).stream()
                                    .map(RecipeName::value)
                                    .toList())
                    .bind("most", most)
                    .map((row, context) -> rows.run(row))
                    .forEach(run -> found.computeIfAbsent(run.order().recipe(), unused -> new ArrayList<>())
                            .add(run));
        }
        return found;
    }

    static String recentSql() {
        String newest = finished(HAVE_RUN, true)
                .map(source -> "select * from (select id " + source
                        + " and run.recipe = known.name order by id desc limit :most)")
                .collect(Collectors.joining(" union all "));
        return "select run.* from recipe known join run on run.id in (select id from (" + newest
                + ") order by id desc limit :most) where known.name in (<names>) order by run.id desc";
    }

    static String sql(RunFilter filter, Shifts shifts) {
        return filter.trigger().isPresent() && filter.recipe().isEmpty()
                ? searched(filter, shifts)
                : newest(filter, shifts, filter.states().isEmpty() ? List.of(RunState.values()) : filter.states());
    }

    /**
     * Returns a query for the newest runs of each final state and of all other states, and of these the newest: an
     * index has an order only within one state.
     */
    private static String newest(RunFilter filter, Shifts shifts, Collection<RunState> states) {
        String where = where(filter, shifts);
        String order = " order by id desc limit :limit";
        String each = Stream.concat(finished(states, filter.recipe().isPresent()), unfinished(states).stream())
                .map(source -> "select * from (select id " + source + where + order + ")")
                .collect(Collectors.joining(" union all "));
        return "select id from (" + each + ")" + order;
    }

    private static String where(RunFilter filter, Shifts shifts) {
        String accepted = shifts.sql("queued_at", "id");
        return (filter.recipe().isPresent() ? " and recipe = :recipe" : "")
                + (filter.trigger().isPresent() ? " and trigger_kind = :trigger" : "")
                + (filter.numbers().equals(RunFilter.Numbers.ALL) ? "" : " and id >= :lowest and id < :below")
                + (filter.since().isPresent() ? " and id >= :from and " + accepted + " >= :since" : "")
                + (filter.until().isPresent() ? " and id < :to and " + accepted + " < :until" : "");
    }

    /** Returns a query that looks at all runs in a range of numbers. */
    private static String searched(RunFilter filter, Shifts shifts) {
        String states =
                filter.states().stream().map(state -> "'" + state.word() + "'").collect(Collectors.joining(", "));
        return "select id from run where true"
                + (states.isEmpty() ? "" : " and state in (" + states + ")")
                + where(filter, shifts) + " order by id desc limit :limit";
    }

    /** Returns the indexed sources of runs that are over, one for each state. */
    static Stream<String> finished(Collection<RunState> states, boolean ofRecipe) {
        String index = ofRecipe ? "run_by_recipe" : "run_by_state";
        return states.stream()
                .filter(RunState::isFinal)
                .map(state -> "from run indexed by " + index + " where ended_at is not null and state = '"
                        + state.word() + "'");
    }

    /** Returns the indexed source of runs of some states that are not over; empty if every given state is final. */
    static Optional<String> unfinished(Collection<RunState> states) {
        var asked = states.stream()
                .filter(UNFINISHED::contains)
                .map(state -> "'" + state.word() + "'")
                .toList();
        return asked.isEmpty()
                ? Optional.empty()
                : Optional.of("from run indexed by run_unfinished where ended_at is null and state in ("
                        + String.join(", ", asked) + ")");
    }

    /**
     * Returns accepted runs that are not over, in the order in which they were accepted. Runs with equal specs share
     * one object.
     */
    List<Run> unfinished(Handle handle) {
        var orders = new HashMap<RunSpec, RunSpec>();
        return handle.createQuery("select * from run indexed by run_unfinished where ended_at is null order by id")
                .map((row, context) -> rows.run(row))
                .map(run -> run.ordered(orders.computeIfAbsent(run.order(), order -> order)))
                .list();
    }

    /** Returns one run with its steps. */
    Optional<Run> find(Handle handle, long id) {
        return row(handle, id).map(run -> withSteps(handle, run));
    }

    /** Returns the record of the last due instant of a recipe until an instant. */
    Optional<Run> due(Handle handle, RecipeName recipe, Instant until) {
        return handle.createQuery(
                        "select * from run where recipe = :recipe and due_at <= :until order by due_at desc, id desc"
                                + " limit 1")
                .bind("recipe", recipe.value())
                .bind("until", RunMapper.micros(until))
                .map((row, context) -> rows.run(row))
                .findOne()
                .map(run -> withSteps(handle, run));
    }

    /** Returns one run without its steps. */
    Optional<Run> row(Handle handle, long id) {
        return handle.createQuery("select * from run where id = :id")
                .bind("id", id)
                .map((row, context) -> rows.run(row))
                .findOne();
    }

    /** Returns the newest accepted run of each recipe that has any. */
    Map<RecipeName, Run> last(Handle handle) {
        var runs = handle.createQuery("""
            select * from run where id in (
                select max(id) from (select name, last_run as id from recipe
                                     union all select recipe, id from run indexed by run_unfinished where ended_at is null)
                group by name)\
            """).map((row, context) -> rows.run(row)).list();
        return withSteps(handle, runs).stream()
                .collect(Collectors.toMap(run -> run.order().recipe(), run -> run));
    }

    /** Returns a run with its steps. */
    Run withSteps(Handle handle, Run run) {
        return withSteps(handle, List.of(run)).getFirst();
    }

    private List<Run> withSteps(Handle handle, List<Run> runs) {
        if (runs.isEmpty()) {
            return runs;
        }
        long first = runs.stream().mapToLong(Run::id).min().orElseThrow();
        long last = runs.stream().mapToLong(Run::id).max().orElseThrow();
        boolean dense = last - first < 4L * runs.size();
        String which = dense ? "run between :first and :last" : "run in (<ids>)";
        var query = handle.createQuery("select * from step_run where " + which + " order by run, number");
        if (dense) {
            query.bind("first", first).bind("last", last);
        } else {
            query.bindList("ids", runs.stream().map(Run::id).toList());
        }
        var attempts = runs.stream().collect(Collectors.toMap(Run::id, Run::attempt));
        var steps = new HashMap<Long, List<StepResult>>();
        query.map((row, context) -> rows.step(row))
                .filter(step -> Objects.equals(attempts.get(step.run()), step.attempt()))
                .forEach(step -> steps.computeIfAbsent(step.run(), unused -> new ArrayList<>())
                        .add(step.result()));
        return runs.stream()
                .map(run -> run.with(steps.getOrDefault(run.id(), List.of())))
                .toList();
    }
}
