package io.leprechaun.daemon.e2e;

import static java.util.Comparator.comparing;
import static java.util.Comparator.naturalOrder;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toList;

import io.leprechaun.daemon.e2e.Witness.Event;
import io.leprechaun.daemon.run.RunState;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * The comparison of the answers to clients, the lines of the witness, and the daemon's records once it is idle. It
 * reports each contradiction in a sentence.
 *
 * @param acknowledged the runs whose acceptance was confirmed to clients
 * @param seen the lines of the witness
 * @param rows every run that the daemon reports
 * @param periods the periods of recipes that are due at even instants: each instant between the first and the last
 *     reported one must have a record
 * @param limits the numbers of runs that may work at once, by agent
 */
record Checker(
        Collection<Long> acknowledged,
        List<Witness.Line> seen,
        List<Row> rows,
        Map<String, Duration> periods,
        Map<String, Integer> limits) {
    private static final Set<RunState> NEVER_RAN =
            Set.of(RunState.REJECTED, RunState.MISSED, RunState.HELD, RunState.SKIPPED);

    /**
     * A run as the daemon reports it.
     *
     * @param due the due instant; the first of several
     * @param dueUntil the last of several
     * @param count the number of due instants that it covers
     */
    record Row(
            long id,
            String recipe,
            String agent,
            RunState state,
            int attempt,
            Optional<Instant> due,
            Optional<Instant> dueUntil,
            int count,
            Optional<Instant> ended) {
        static Row of(JsonNode run) {
            return new Row(
                    run.get("id").asLong(),
                    run.get("recipe").asString(),
                    run.get("agent").asString(),
                    RunState.of(run.get("state").asString()),
                    run.get("attempt").asInt(),
                    instant(run.get("due_at")),
                    instant(run.get("due_until")),
                    run.get("count").asInt(),
                    instant(run.get("ended_at")));
        }

        static List<Row> all(JsonNode runs) {
            return RunningDaemon.list(runs).stream().map(Row::of).toList();
        }

        private static Optional<Instant> instant(JsonNode time) {
            return time.isNull()
                    ? Optional.empty()
                    : Optional.of(OffsetDateTime.parse(time.asString()).toInstant());
        }

        String named() {
            return "run " + id + " of " + recipe + " (" + state.word() + ")";
        }
    }

    /** Returns all violations; none for a correct daemon. */
    List<String> violations() {
        return Stream.of(unknown(), notOneFinalState(), notOneRecordADueInstant(), notRunAsTold(), tooManyAtOnce())
                .flatMap(List::stream)
                .toList();
    }

    /**
     * Returns all violations except those of due instants, which come more than once or not at all where the clock is
     * set.
     */
    List<String> violationsButOfDueInstants() {
        return Stream.of(unknown(), notOneFinalState(), notRunAsTold(), tooManyAtOnce())
                .flatMap(List::stream)
                .toList();
    }

    private long executions() {
        return seen.stream().filter(line -> line.event() == Event.BEGIN).count();
    }

    /** Returns a summary in figures. */
    String summary() {
        var states = new TreeMap<RunState, Integer>();
        rows.forEach(row -> states.merge(row.state(), row.count(), Integer::sum));
        return "%d acknowledged, %d rows, %d executions; %s"
                .formatted(acknowledged.size(), rows.size(), executions(), states);
    }

    /** Returns the number of rows in a state. */
    long in(RunState state) {
        return rows.stream().filter(row -> row.state() == state).count();
    }

    /** I1: each acknowledged run has a row. */
    private List<String> unknown() {
        var known = new HashSet<Long>();
        rows.forEach(row -> known.add(row.id()));
        return acknowledged.stream()
                .filter(run -> !known.contains(run))
                .sorted()
                .map(run -> "run " + run + " was acknowledged and has no row")
                .toList();
    }

    /** I2: each row exists once, and is final. */
    private List<String> notOneFinalState() {
        var found = new ArrayList<String>();
        byId().forEach((id, same) -> {
            if (same.size() > 1) {
                found.add("run " + id + " has " + same.size() + " rows");
            }
        });
        rows.stream()
                .filter(row -> !row.state().isFinal())
                .forEach(row -> found.add(row.named() + " is not over although the daemon is idle"));
        rows.stream()
                .filter(row -> row.state().isFinal() && row.ended().isEmpty())
                .forEach(row -> found.add(row.named() + " is over and has no end"));
        return found;
    }

    private Map<Long, List<Row>> byId() {
        return rows.stream().collect(groupingBy(Row::id, TreeMap::new, toList()));
    }

    /** I3: of each due instant there is one record, and none is missing in between. */
    private List<String> notOneRecordADueInstant() {
        var found = new ArrayList<String>();
        rows.stream()
                .filter(row -> row.due().isPresent())
                .collect(groupingBy(Row::recipe, TreeMap::new, toList()))
                .forEach((recipe, records) -> {
                    Map<Instant, Row> told = new TreeMap<>();
                    for (Row row : records) {
                        List<Instant> instants = instants(row);
                        if (periods.containsKey(recipe) && instants.size() != row.count()) {
                            found.add("%s tells of %d due instants, and there are %d between its first and its last"
                                    .formatted(row.named(), row.count(), instants.size()));
                        }
                        for (Instant due : instants) {
                            Row other = told.put(due, row);
                            if (other != null) {
                                found.add("%s and %s tell both of what was due at %s"
                                        .formatted(other.named(), row.named(), due));
                            }
                        }
                    }
                    found.addAll(gaps(recipe, List.copyOf(told.keySet())));
                });
        return found;
    }

    /** Returns the due instants of a record, as far as they can be known. */
    private List<Instant> instants(Row row) {
        Instant first = row.due().orElseThrow();
        Duration period = periods.get(row.recipe());
        if (period == null || row.dueUntil().isEmpty()) {
            return Stream.concat(Stream.of(first), row.dueUntil().stream()).toList();
        }
        return Stream.iterate(first, due -> !due.isAfter(row.dueUntil().get()), due -> due.plus(period))
                .toList();
    }

    private List<String> gaps(String recipe, List<Instant> told) {
        var found = new ArrayList<String>();
        Duration period = periods.get(recipe);
        for (int i = 1; period != null && i < told.size(); i++) {
            Instant expected = told.get(i - 1).plus(period);
            if (expected.isBefore(told.get(i))) {
                found.add("nothing tells of what was due of " + recipe + " from " + expected + " until "
                        + told.get(i).minus(period));
            } else if (expected.isAfter(told.get(i))) {
                found.add(recipe + " was due at " + told.get(i) + ", too early after " + told.get(i - 1));
            }
        }
        return found;
    }

    /** I4: each attempt was executed once at most, wholly if it succeeded, and never if nothing was started. */
    private List<String> notRunAsTold() {
        var found = new ArrayList<String>();
        var executions = executionsByRun();
        var byId = byId();
        executions.forEach((run, attempts) -> {
            if (!byId.containsKey(run)) {
                found.add("run " + run + " was executed and has no row");
            }
            attempts.forEach((attempt, lines) -> found.addAll(notOnce(run, attempt, lines)));
        });
        for (Row row : rows) {
            var attempts = executions.getOrDefault(row.id(), Map.of());
            found.addAll(notAs(row, attempts));
        }
        return found;
    }

    private static List<String> notOnce(long run, int attempt, List<Witness.Line> lines) {
        var found = new ArrayList<String>();
        for (Event event : Event.values()) {
            long times = lines.stream().filter(line -> line.event() == event).count();
            if (times > 1) {
                found.add("attempt %d of run %d has %d times the line %s".formatted(attempt, run, times, event));
            }
        }
        if (lines.getFirst().event() == Event.END) {
            found.add("attempt " + attempt + " of run " + run + " ended before it began");
        }
        return found;
    }

    private static List<String> notAs(Row row, Map<Integer, List<Witness.Line>> attempts) {
        var found = new ArrayList<String>();
        if (NEVER_RAN.contains(row.state()) && !attempts.isEmpty()) {
            found.add(row.named() + " was executed");
        }
        if (row.state() == RunState.SUCCEEDED
                && attempts.getOrDefault(row.attempt(), List.of()).size() != 2) {
            found.add(row.named() + " was not executed from its begin to its end");
        }
        attempts.keySet().stream()
                .filter(attempt -> attempt > row.attempt())
                .forEach(attempt -> found.add(row.named() + " was executed in attempt " + attempt + ", and "
                        + row.attempt() + " is told as its last"));
        attempts.values().stream()
                .flatMap(List::stream)
                .filter(line -> !line.recipe().equals(row.recipe())
                        || !line.due()
                                .map(due -> due.truncatedTo(ChronoUnit.MILLIS))
                                .equals(row.due()))
                .findFirst()
                .ifPresent(line -> found.add(row.named() + " was due at " + row.due() + ", and its step was told that "
                        + line.recipe() + " was due at " + line.due()));
        return found;
    }

    private Map<Long, Map<Integer, List<Witness.Line>>> executionsByRun() {
        var all = new TreeMap<Long, Map<Integer, List<Witness.Line>>>();
        for (Witness.Line line : seen) {
            all.computeIfAbsent(line.run(), run -> new TreeMap<>())
                    .computeIfAbsent(line.attempt(), attempt -> new ArrayList<>())
                    .add(line);
        }
        return all;
    }

    /** The time in which a step was seen at work. */
    private record Span(Instant from, Instant until) {}

    private record Change(Instant at, int by) {}

    /**
     * I5: no agent had more at work at once than it may. A step without a recorded end worked until its run was over.
     */
    private List<String> tooManyAtOnce() {
        var found = new ArrayList<String>();
        Map<String, List<Span>> spans = spans();
        limits.forEach((agent, limit) -> {
            var changes = new ArrayList<Change>();
            for (Span span : spans.getOrDefault(agent, List.of())) {
                changes.add(new Change(span.from(), 1));
                changes.add(new Change(span.until(), -1));
            }
            changes.sort(comparing(Change::at).thenComparing(Change::by, naturalOrder()));
            int working = 0;
            for (Change change : changes) {
                working += change.by();
                if (change.by() > 0 && working == limit + 1) {
                    found.add(working + " worked for " + agent + " at " + change.at() + ", and " + limit + " may");
                }
            }
        });
        return found;
    }

    private Map<String, List<Span>> spans() {
        var byId = byId();
        var spans = new HashMap<String, List<Span>>();
        executionsByRun()
                .forEach((run, attempts) -> attempts.forEach((attempt, lines) -> {
                    Optional<Row> row =
                            byId.getOrDefault(run, List.of()).stream().findFirst();
                    Instant begin = lines.getFirst().at();
                    Instant end = lines.stream()
                            .filter(line -> line.event() == Event.END)
                            .map(Witness.Line::at)
                            .findFirst()
                            .or(() -> row.filter(told -> told.attempt() == attempt)
                                    .flatMap(Row::ended))
                            .orElse(begin);
                    if (row.isPresent() && end.isAfter(begin)) {
                        spans.computeIfAbsent(row.get().agent(), agent -> new ArrayList<>())
                                .add(new Span(begin, end));
                    }
                }));
        return spans;
    }

    /**
     * I6: each run that is reported as running has a process.
     *
     * @param before the runs that were reported before
     * @param alive the runs of the processes that were alive then, by pid
     * @param after the runs that were reported afterwards
     */
    static List<String> withoutProcess(List<Row> before, Map<Long, Long> alive, List<Row> after) {
        var still = new HashSet<List<Long>>();
        after.stream().filter(Checker::isAtWork).forEach(row -> still.add(List.of(row.id(), (long) row.attempt())));
        return before.stream()
                .filter(Checker::isAtWork)
                .filter(row -> still.contains(List.of(row.id(), (long) row.attempt())))
                .filter(row -> !alive.containsValue(row.id()))
                .map(row -> row.named() + " has no process")
                .toList();
    }

    private static boolean isAtWork(Row row) {
        return row.state() == RunState.RUNNING || row.state() == RunState.STOPPING;
    }

    /**
     * I7: a run that is over has no process.
     *
     * @param before the runs of the processes that were alive, by pid
     * @param told the runs that were reported then
     * @param after the runs of the processes that were alive afterwards
     */
    static List<String> outlived(Map<Long, Long> before, List<Row> told, Map<Long, Long> after) {
        var over = new HashMap<Long, Row>();
        told.stream().filter(row -> row.state().isFinal()).forEach(row -> over.put(row.id(), row));
        return before.entrySet().stream()
                .filter(process -> over.containsKey(process.getValue())
                        && process.getValue().equals(after.get(process.getKey())))
                .map(process -> "process " + process.getKey() + " has outlived "
                        + over.get(process.getValue()).named())
                .toList();
    }
}
