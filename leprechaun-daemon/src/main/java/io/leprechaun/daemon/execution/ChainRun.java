package io.leprechaun.daemon.execution;

import io.leprechaun.daemon.lifecycle.Alarms;
import io.leprechaun.daemon.lifecycle.Threads;
import io.leprechaun.daemon.output.OutputSize;
import io.leprechaun.daemon.output.OutputText;
import io.leprechaun.daemon.posix.Usage;
import io.leprechaun.daemon.process.Child;
import io.leprechaun.daemon.process.Exit;
import io.leprechaun.daemon.process.MarkFilter;
import io.leprechaun.daemon.process.ProcessSpec;
import io.leprechaun.daemon.process.SpawnException;
import io.leprechaun.daemon.process.TerminationReport;
import io.leprechaun.daemon.recipe.Linger;
import io.leprechaun.daemon.recipe.Step;
import io.leprechaun.daemon.run.ExitStatus;
import io.leprechaun.daemon.run.RunState;
import io.leprechaun.daemon.run.StepState;
import io.leprechaun.daemon.units.Durations;
import io.leprechaun.daemon.units.Sizes;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A chain at work: its processes, their time limit, and the processes that they leave behind. Started and concluded
 * once.
 */
final class ChainRun {
    private final Attempt attempt;
    private final Chain chain;
    private final MarkFilter scope;
    private final Set<Step> timedOut = ConcurrentHashMap.newKeySet();
    /**
     * The steps that were ended because processes left behind by an earlier step would have blocked them for ever, each
     * with a sentence on it.
     */
    private final Map<Step, String> starved = new ConcurrentHashMap<>();

    private final CompletableFuture<TerminationReport> ended = new CompletableFuture<>();
    private final List<ProcessSpec> parts = new ArrayList<>();
    private List<Child> children = List.of();
    private List<CompletableFuture<Instant>> ends = List.of();
    private CompletableFuture<Void> over = CompletableFuture.completedFuture(null);
    private Optional<Alarms.Alarm> alarm = Optional.empty();
    private volatile boolean cut;

    ChainRun(Attempt attempt, Chain chain) {
        this.attempt = attempt;
        this.chain = chain;
        this.scope = MarkFilter.pipeline(attempt.mark(chain));
    }

    /** Returns its processes; none when they could not be started. */
    List<Child> children() {
        return children;
    }

    /**
     * Returns a future that completes when all its processes have ended, or could not be ended. {@link #conclude} must
     * follow.
     */
    CompletableFuture<Void> over() {
        return over;
    }

    /** @param outcome the outcome of the steps before, for steps whose turn depends on it */
    void start(Optional<RunState> outcome) {
        Instant now = attempt.executions().clock().instant();
        for (Step step : chain.steps()) {
            attempt.progress().started(step, now);
            parts.add(attempt.spec(chain, step, outcome));
        }
        Optional<SpawnException> refused = startProcesses();
        attempt.outputs().begun(chain.steps().stream().map(attempt::output).toList());
        if (refused.isPresent()) {
            notStarted(refused.get());
            return;
        }
        ends = children.stream()
                .map(child -> child.exit()
                        .thenApply(exit -> attempt.executions().clock().instant()))
                .toList();
        var exits = CompletableFuture.allOf(ends.toArray(CompletableFuture[]::new));
        var hopeless = ended.thenCompose(what ->
                what.survivors().isEmpty() ? new CompletableFuture<Void>() : CompletableFuture.completedFuture(null));
        over = CompletableFuture.anyOf(exits, hopeless).thenApply(unused -> null);
        alarm = chain.timeout().map(limit -> attempt.executions().alarms().in(limit, this::timeOut));
        if (children.size() > 1) {
            watchPipes();
        }
    }

    private Optional<SpawnException> startProcesses() {
        try {
            children = attempt.executions().processes().start(parts);
            return Optional.empty();
        } catch (SpawnException e) {
            return Optional.of(e);
        }
    }

    private void notStarted(SpawnException e) {
        Instant now = attempt.executions().clock().instant();
        String why = String.valueOf(e.getMessage());
        var end = new Progress.StepEnd(
                StepState.FAILED,
                Optional.of(e.code()),
                Optional.of(why),
                Optional.empty(),
                now,
                Usage.NONE,
                OutputSize.NOTHING);
        // first: the end of the steps is what readers of the output wait for
        attempt.outputs().say(attempt.output(chain.steps().getFirst()), "leprechaun: " + why + "\n");
        for (Step step : chain.steps()) {
            attempt.progress().ended(step, end);
        }
    }

    private void timeOut() {
        List<Step> late = new ArrayList<>();
        for (int i = 0; i < children.size(); i++) {
            if (!children.get(i).exit().isDone()) {
                late.add(chain.steps().get(i));
            }
        }
        timedOut.addAll(
                late.isEmpty() ? List.of(chain.steps().getLast()) : late); // else it waits for processes left behind
        inBackground(
                "timeout", () -> ended.complete(attempt.executions().processes().end(children, scope, grace())));
    }

    /**
     * Watches for processes that a step left behind and that hold the pipe which the next step reads: that step would
     * never end.
     */
    private void watchPipes() {
        Linger linger = attempt.recipe().bounds().linger();
        Duration patience = linger == Linger.KILL ? Duration.ZERO : grace();
        for (int i = 0; i + 1 < children.size() && linger != Linger.WAIT; i++) {
            int reader = i + 1;
            var unused = children.get(i)
                    .exit()
                    .thenRun(() -> attempt.executions().alarms().in(patience, () -> {
                        if (!children.get(reader).exit().isDone()) {
                            inBackground("pipe", () -> freePipe(reader));
                        }
                    }));
        }
    }

    private void freePipe(int reader) {
        var processes = attempt.executions().processes();
        List<String> holders = processes.holdersOfInput(children.get(reader), scope);
        if (holders.isEmpty()) {
            return;
        }
        if (attempt.recipe().bounds().linger() == Linger.KILL
                && processes.endLeftBehind(scope, grace()).survivors().isEmpty()) {
            return;
        }
        starved.put(
                chain.steps().get(reader),
                "its input would never end: %s, left behind by an earlier step, holds the pipe open; redirect its output, or use `linger: kill` or `linger: wait`"
                        .formatted(String.join(", ", holders)));
        processes.end(children.subList(reader, children.size()), grace());
    }

    /** Stops waiting for this chain after the end of the whole run left survivors. */
    void giveUp(TerminationReport what) {
        ended.complete(what);
    }

    /**
     * Handles the processes that were left behind, blocking as long as the recipe requires it, and records the end of
     * each step.
     *
     * @param stop the run's stop: once it is complete, nothing is waited for
     */
    void conclude(CompletableFuture<Stop> stop) throws InterruptedException {
        if (children.isEmpty()) {
            return;
        }
        Optional<String> left = timedOut.isEmpty() && !stop.isDone() ? left(stop) : Optional.empty();
        alarm.ifPresent(Alarms.Alarm::cancel);
        String force = timedOut.isEmpty() ? "" : ended.join().told();
        boolean laterSucceeded = false;
        for (int i = chain.steps().size() - 1; i >= 0; i--) {
            boolean last = i == chain.steps().size() - 1;
            Progress.StepEnd end = end(i, laterSucceeded, force, last ? left : Optional.empty());
            attempt.progress().ended(chain.steps().get(i), end);
            laterSucceeded = (last || laterSucceeded) && end.state() == StepState.SUCCEEDED;
        }
    }

    /** Returns whether the run was asked to end while this chain waited for processes that had been left behind. */
    boolean wasCut() {
        return cut;
    }

    private Optional<String> left(CompletableFuture<Stop> stop) throws InterruptedException {
        var processes = attempt.executions().processes();
        List<String> left = processes.leftBehind(scope);
        if (left.isEmpty()) {
            return Optional.empty();
        }
        return switch (attempt.recipe().bounds().linger()) {
            case LEAVE -> Optional.of("left behind: " + String.join(", ", left));
            case KILL -> {
                TerminationReport what = processes.endLeftBehind(scope, grace());
                var gone = new ArrayList<>(left);
                gone.removeAll(what.survivors());
                yield Optional.of((gone.isEmpty()
                                ? "left processes behind"
                                : "ended processes left behind: " + String.join(", ", gone))
                        + what.told());
            }
            case WAIT -> {
                awaitLeft(stop);
                yield Optional.empty();
            }
        };
    }

    private void awaitLeft(CompletableFuture<Stop> stop) throws InterruptedException {
        var processes = attempt.executions().processes();
        while (true) {
            var next = processes.nextEndOfOrphan(); // before the check, so that no end is missed
            if (!timedOut.isEmpty() || processes.leftBehind(scope).isEmpty()) {
                return;
            }
            if (stop.isDone()) {
                cut = true;
                return;
            }
            try {
                CompletableFuture.anyOf(next, stop, ended).get();
            } catch (ExecutionException e) {
                throw new IllegalStateException("cannot end the processes left behind", e.getCause());
            }
        }
    }

    /**
     * @param laterSucceeded whether there are later steps, and all have succeeded: a broken pipe to them is not a
     *     failure then
     */
    private Progress.StepEnd end(int i, boolean laterSucceeded, String force, Optional<String> left) {
        Step step = chain.steps().get(i);
        CompletableFuture<Exit> exit = children.get(i).exit();
        Optional<Exit> known = exit.isDone() ? Optional.of(exit.join()) : Optional.empty();
        Optional<Integer> code = known.map(Exit::code);
        OutputSize printed = attempt.outputs().end(attempt.output(step));
        StepState state;
        Optional<String> detail = Optional.empty();
        if (timedOut.contains(step)) { // also when it ended with success after it was asked to end
            state = StepState.TIMED_OUT;
            detail = chain.timeout().map(limit -> "timed out after " + Durations.format(limit) + force);
        } else if (starved.containsKey(step)) {
            state = StepState.FAILED;
            detail = Optional.ofNullable(starved.get(step));
        } else if (known.filter(Exit::success).isPresent()
                || laterSucceeded && code.filter(c -> c == ExitStatus.SIGPIPE).isPresent()) {
            state = StepState.SUCCEEDED;
        } else {
            state = StepState.FAILED;
            detail = known.isEmpty()
                    ? Optional.of("its process still exists")
                    : code.flatMap(c -> attempt.executions()
                            .processes()
                            .reasonNotRun(parts.get(i), c, () -> OutputText.lastLine(attempt.output(step))));
        }
        Optional<String> dropped = Optional.of(printed)
                .filter(size -> size.dropped() > 0)
                .map(size -> "printed %s, dropped %s in the middle"
                        .formatted(Sizes.format(size.bytes()), Sizes.format(size.dropped())));
        String note = Stream.of(dropped, attempt.outputs().loss(attempt.output(step)), left)
                .flatMap(Optional::stream)
                .collect(Collectors.joining("; "));
        return new Progress.StepEnd(
                state,
                code,
                detail,
                Optional.of(note).filter(text -> !text.isEmpty()),
                exit.isDone()
                        ? ends.get(i).join()
                        : attempt.executions().clock().instant(),
                known.map(Exit::usage).orElse(Usage.NONE),
                printed);
    }

    private Duration grace() {
        return attempt.recipe().bounds().grace();
    }

    /** Runs a task in a new thread. Tries again each second while the system has no room for a thread. */
    private void inBackground(String what, Runnable task) {
        try {
            Threads.virtual("run-" + attempt.run().id() + "-" + what, task).start();
        } catch (OutOfMemoryError e) {
            attempt.executions().alarms().in(Duration.ofSeconds(1), () -> inBackground(what, task));
        }
    }
}
