package io.leprechaun.daemon.view;

import io.leprechaun.api.Reply;
import io.leprechaun.api.text.Facts;
import io.leprechaun.api.text.Table;
import io.leprechaun.api.text.Table.Cell;
import io.leprechaun.api.text.Table.Column;
import io.leprechaun.daemon.run.Run;
import io.leprechaun.daemon.run.StepResult;
import io.leprechaun.daemon.units.Durations;
import io.leprechaun.daemon.units.Sizes;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToLongFunction;

/** The tables of runs and their steps for a terminal. */
public record RunTables(RunDocument documents) {
    private static final List<Column> USED = List.of(
            Column.right("cpu"),
            Column.right("memory"),
            Column.right("read").optional(3),
            Column.right("written").optional(3),
            Column.right("printed"));
    private static final int LEAST_NAME = 14;
    private static final int LEAST_WHY = 16;
    private static final int LEAST_COMMAND = 12;

    /** Returns a table of runs in their order. */
    public Table of(Iterable<Run> runs) {
        return new Table(
                List.of(
                        Column.right("run"),
                        Column.left("recipe").shrinking(2, LEAST_NAME),
                        Column.left("trigger").optional(4),
                        Column.left("state"),
                        Column.left("started"),
                        Column.right("took").optional(3),
                        Column.left("why").shrinking(1, LEAST_WHY).wrapping()),
                Lazy.map(runs, this::row),
                "no runs yet");
    }

    private List<Cell> row(Run run) {
        return List.of(
                Cell.of(run.id()),
                Cell.of(run.order().recipe().value()),
                Cell.of(run.order().cause().trigger().word()),
                RunDocument.state(run),
                Cell.of(documents.local(
                        run.times().startedAt().orElse(run.times().queuedAt()))),
                duration(run.times().duration()),
                Cell.of(why(run)));
    }

    /** Returns a table of runs with their resource usage, in place of their times and causes. */
    public Table withUsage(Iterable<Run> runs) {
        var columns = new ArrayList<>(List.of(
                Column.right("run"),
                Column.left("recipe").shrinking(1, LEAST_NAME),
                Column.left("state"),
                Column.right("took")));
        columns.addAll(USED);
        columns.add(Column.left("why").shrinking(4, LEAST_WHY).optional(4));
        return new Table(columns, Lazy.map(runs, RunTables::rowOfUsage), "no runs yet");
    }

    private static List<Cell> rowOfUsage(Run run) {
        var row = new ArrayList<>(List.of(
                Cell.of(run.id()),
                Cell.of(run.order().recipe().value()),
                RunDocument.state(run),
                duration(run.times().duration())));
        row.addAll(used(run.steps()));
        row.add(Cell.of(why(run)));
        return row;
    }

    /** Returns the answer with all details of one run. */
    public Reply details(Run run) {
        var cause = run.order().cause();
        String trigger = cause.trigger().word()
                + cause.requestedBy().map(who -> " by " + who).orElse("");
        Facts facts = Facts.none()
                .and("run", run.sentence())
                .and("trigger", trigger)
                .and("queued", documents.local(run.times().queuedAt()));
        facts = and(facts, "due", cause.dueAt());
        facts = and(facts, "started", run.times().startedAt());
        facts = and(facts, "ended", run.times().endedAt());
        facts = and(facts, "retry at", run.times().retryAt());
        Facts known = run.attempt() == 1 ? facts : facts.and("attempt", run.attempt());
        Table steps = steps(run.steps());
        return Reply.of(
                Map.of("run", documents.data(run)),
                screen -> known.render(screen) + (run.steps().isEmpty() ? "" : "\n" + steps.render(screen)),
                List.of(Long.toString(run.id())));
    }

    private Facts and(Facts facts, String name, Optional<Instant> at) {
        return at.map(time -> facts.and(name, documents.local(time))).orElse(facts);
    }

    private static Table steps(List<StepResult> steps) {
        var rows = new ArrayList<List<Cell>>();
        for (StepResult step : steps) {
            var row = new ArrayList<>(List.of(
                    Cell.of(step.number()),
                    Cell.of(step.state().word()),
                    duration(step.startedAt()
                            .flatMap(start -> step.endedAt().map(end -> Duration.between(start, end))))));
            row.addAll(used(List.of(step)));
            row.add(Cell.of(step.command().strip().replace("\n", "; ")));
            rows.add(row);
        }
        var columns = new ArrayList<>(List.of(Column.right("step"), Column.left("state"), Column.right("took")));
        columns.addAll(USED);
        columns.add(Column.left("command").shrinking(1, LEAST_COMMAND));
        return new Table(columns, rows, "no steps");
    }

    /** Returns the total usage of steps: the sum of times and amounts, and the maximum of memory. */
    private static List<Cell> used(List<StepResult> steps) {
        var cpu = steps.stream().map(step -> step.usage().cpu()).reduce(Duration.ZERO, Duration::plus);
        var memory = steps.stream()
                .flatMapToLong(step -> step.usage().peakMemory().stream())
                .max();
        return List.of(
                Cell.of(Durations.brief(cpu)),
                memory.isPresent() ? Cell.of(Sizes.brief(memory.getAsLong())) : Cell.NONE,
                size(steps, step -> step.usage().read()),
                size(steps, step -> step.usage().written()),
                size(steps, step -> step.printed().bytes()));
    }

    private static Cell size(List<StepResult> steps, ToLongFunction<StepResult> amount) {
        return Cell.of(Sizes.brief(steps.stream().mapToLong(amount).sum()));
    }

    private static Cell duration(Optional<Duration> took) {
        return took.map(Durations::brief).map(Cell::of).orElse(Cell.NONE);
    }

    private static String why(Run run) {
        String reason = run.reason().orElse("");
        return run.repeat().count() == 1 ? reason : run.repeat().count() + " times: " + reason;
    }
}
