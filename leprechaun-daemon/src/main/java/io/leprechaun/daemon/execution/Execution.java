package io.leprechaun.daemon.execution;

import io.leprechaun.daemon.history.StoreException;
import io.leprechaun.daemon.lifecycle.Alarms;
import io.leprechaun.daemon.lifecycle.Threads;
import io.leprechaun.daemon.output.Mask;
import io.leprechaun.daemon.output.Outputs;
import io.leprechaun.daemon.process.Child;
import io.leprechaun.daemon.process.Mark;
import io.leprechaun.daemon.process.MarkFilter;
import io.leprechaun.daemon.process.TerminationReport;
import io.leprechaun.daemon.recipe.Recipe;
import io.leprechaun.daemon.run.Input;
import io.leprechaun.daemon.run.Outcome;
import io.leprechaun.daemon.run.Run;
import io.leprechaun.daemon.run.RunState;
import io.leprechaun.daemon.run.StepResult;
import io.leprechaun.daemon.run.StepState;
import io.leprechaun.daemon.units.Durations;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** One attempt at the steps of a recipe. One thread calls {@link #run}; any thread may read its steps and stop it. */
public final class Execution {
    /** The time that killed processes may take to disappear before the run ends without them, in seconds. */
    private static final long LAST_WAIT = 5;

    /** The time between two checks of a run that waits for its output folder. */
    private static final Duration OUTPUT_LOOK = Duration.ofMillis(200);

    private final Executions executions;
    private final Run run;
    private final Recipe recipe;
    private final Supplier<Input> given;
    private final Progress progress;
    private final CompletableFuture<Stop> stop = new CompletableFuture<>();
    private final List<ChainRun> begun = new CopyOnWriteArrayList<>();
    /** The steps that did not end by themselves. */
    private final Set<Integer> interrupted = new HashSet<>();
    /** The report on the end of the run's processes, once the run was asked to end. */
    private Optional<TerminationReport> ended = Optional.empty();
    /** The instant by which the steps that handle an end must be over, by {@code nanoTime}. */
    private long deadline;

    private volatile Mask mask = Mask.NONE;

    /**
     * Creates an attempt that has not begun.
     *
     * @param given the supplier of the run's input, called once when the attempt begins
     */
    public Execution(Executions executions, Run run, Recipe recipe, Supplier<Input> given) {
        this.executions = executions;
        this.run = run;
        this.recipe = recipe;
        this.given = given;
        this.progress = new Progress(recipe, this::changed);
    }

    /** Returns the known results of the steps now, without secrets. */
    public List<StepResult> steps() {
        List<StepResult> steps = progress.snapshot();
        return mask.isEmpty()
                ? steps
                : steps.stream().map(step -> step.hidden(mask)).toList();
    }

    /** Returns the mask that hides the secrets of the steps. */
    public Mask mask() {
        return mask;
    }

    /** Asks the run to end, and returns at once. Only the first reason counts; a run that is over stays as it is. */
    public void stop(Stop why) {
        stop.complete(why);
    }

    /**
     * Runs the steps to their end, blocking. A failure of a step is never thrown, but recorded in the outcome.
     *
     * @throws InterruptedException when the thread is interrupted; its processes are ended
     */
    public Outcome run() throws InterruptedException {
        StepIdentity stepIdentity;
        awaitOutputFolder();
        if (stop.isDone()) {
            progress.close();
            Stop why = stop.join();
            return new Outcome(why.state(), Optional.of(why.reason()), Optional.empty(), steps());
        }
        try {
            executions.starts().mark(run.id());
            stepIdentity = StepIdentity.of(executions, recipe, input());
            if (stepIdentity.account().identity().isPresent()
                    && stepIdentity.input().body().isPresent()) {
                executions
                        .outputs()
                        .giveBody(run.id(), stepIdentity.account().identity().get());
            }
        } catch (RefusedException | IOException | UncheckedIOException | StoreException e) {
            progress.close();
            return new Outcome(RunState.FAILED, Optional.of(reason(e)), Optional.empty(), steps());
        }
        mask = stepIdentity.mask();
        long begin = System.nanoTime();
        var alarm = recipe.bounds().timeout().map(limit -> executions.alarms().in(limit, () -> timeOut(limit)));
        List<Path> earlier =
                run.attempt() == 1 ? List.of() : executions.outputs().files(run.id());
        var outputs = executions.pump().outputs(recipe.bounds().history().output(), earlier, mask, listener());
        boolean over = false;
        try (outputs) {
            runSteps(new Attempt(executions, run, recipe, stepIdentity, progress, outputs));
            over = true;
        } finally {
            alarm.ifPresent(Alarms.Alarm::cancel);
            if (!over) { // by a defect, or because the thread was interrupted: no process continues without it
                executions.processes().end(children(), scope(), Duration.ZERO);
            }
        }
        return outcome(Duration.ofNanos(System.nanoTime() - begin));
    }

    private Outputs.Listener listener() {
        return new Outputs.Listener() {
            @Override
            public void printed() {
                changed();
            }

            @Override
            public void cannot(String why) {
                stop(new Stop(RunState.FAILED, why));
            }
        };
    }

    private void changed() {
        changed(List.of());
    }

    private void changed(List<StepResult> steps) {
        executions.followers().changed(run.id());
        steps.forEach(step -> executions.stepChanged(run, step));
    }

    /** Waits until output can be kept and read, unless the run is asked to stop meanwhile. */
    private void awaitOutputFolder() throws InterruptedException {
        while (executions.files().displacedLately().isPresent()
                && executions.files().isOutputAway()) {
            try {
                stop.get(OUTPUT_LOOK.toMillis(), TimeUnit.MILLISECONDS);
                return;
            } catch (TimeoutException e) {
                continue;
            } catch (ExecutionException e) {
                throw new IllegalStateException("a stop never fails", e);
            }
        }
    }

    private Input input() throws IOException {
        Input input = given.get();
        if (input.body().isEmpty()) {
            return input;
        }
        executions.outputs().placeBody(run.id(), input.body().get());
        return input.withoutContent(); // a run may be long, and there may be many: they do not keep the body in memory
    }

    private void timeOut(Duration limit) {
        stop(new Stop(RunState.TIMED_OUT, "timed out after " + Durations.format(limit)));
    }

    private void runSteps(Attempt attempt) throws InterruptedException {
        var detached = new ArrayList<CompletableFuture<Void>>();
        boolean cut = false;
        for (Chain chain : Chain.of(recipe.steps())) {
            awaitOutputFolder();
            if (stop.isDone()) {
                endAll();
            }
            boolean leftOut =
                    chain.number() < attempt.stepIdentity().input().course().firstStep();
            if (leftOut || !hasTurn(chain, cut)) {
                continue;
            }
            var work = new ChainRun(attempt, chain);
            begun.add(work);
            work.start(chain.when().map(when -> soFar()));
            if (chain.detached()) {
                detached.add(concludeLater(work));
            } else {
                waitFor(work.over());
                awaitOutputFolder();
                work.conclude(stop);
                cut |= chain.must() && failed(chain);
            }
        }
        waitFor(CompletableFuture.allOf(detached.toArray(CompletableFuture[]::new)));
        if (begun.stream().anyMatch(ChainRun::wasCut)) {
            endAll();
        }
        if (ended.isPresent()) {
            TerminationReport rest =
                    executions.processes().end(children(), scope(), Duration.ZERO); // also those of handling steps
            ended = ended.map(first -> first.later(rest));
        }
        progress.interrupted(
                interrupted,
                ended.isPresent() && stop.join().state() == RunState.TIMED_OUT
                        ? StepState.TIMED_OUT
                        : StepState.KILLED);
        progress.close();
    }

    private boolean hasTurn(Chain chain, boolean cut) {
        boolean over = cut || ended.isPresent();
        if (ended.isPresent() && System.nanoTime() - deadline >= 0) {
            return false;
        }
        if (chain.when().isEmpty()) {
            return !over;
        }
        return switch (chain.when().get()) {
            case SUCCESS -> !over && !progress.hasFailed();
            case FAILURE -> over || progress.hasFailed();
            case ALWAYS -> true;
        };
    }

    /** Returns the state of the run so far, for steps whose turn depends on it. */
    private RunState soFar() {
        if (ended.isPresent()) {
            return stop.join().state();
        }
        return progress.hasFailed() ? RunState.FAILED : RunState.SUCCEEDED;
    }

    private CompletableFuture<Void> concludeLater(ChainRun work) {
        var concluded = new CompletableFuture<Void>();
        var unused = work.over().thenRun(() -> concludeInBackground(work, concluded));
        return concluded;
    }

    /**
     * Concludes a detached chain in a new thread. Tries again each second while the system has no room for a thread.
     */
    private void concludeInBackground(ChainRun work, CompletableFuture<Void> concluded) {
        try {
            Threads.virtual("run-" + run.id() + "-detached", () -> {
                        try {
                            awaitOutputFolder();
                            work.conclude(stop);
                        } catch (InterruptedException e) {
                            Thread.currentThread().interrupt();
                        } finally {
                            concluded.complete(null);
                        }
                    })
                    .start();
        } catch (OutOfMemoryError e) {
            executions.alarms().in(Duration.ofSeconds(1), () -> concludeInBackground(work, concluded));
        }
    }

    /**
     * Waits for an end. When the run is asked to stop meanwhile, ends all its processes, and waits a limited time for
     * that.
     */
    private void waitFor(CompletableFuture<Void> end) throws InterruptedException {
        try {
            if (ended.isEmpty()) {
                CompletableFuture.anyOf(end, stop).get();
                if (end.isDone()) {
                    return;
                }
                endAll();
            } else if (awaited(end, deadline - System.nanoTime())) {
                return;
            } else { // the time of the steps that handle an end is over
                interrupted.addAll(progress.running());
                endProcesses(Duration.ZERO);
            }
            awaited(end, TimeUnit.SECONDS.toNanos(LAST_WAIT)); // else the report names the survivors
        } catch (ExecutionException e) {
            throw new IllegalStateException("cannot record the end of a step", e.getCause());
        }
    }

    private static boolean awaited(CompletableFuture<Void> end, long nanos)
            throws InterruptedException, ExecutionException {
        try {
            end.get(Math.max(0, nanos), TimeUnit.NANOSECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        }
    }

    private void endAll() {
        if (ended.isPresent()) {
            return;
        }
        interrupted.addAll(progress.running());
        Duration usual = recipe.bounds().grace();
        Duration grace =
                stop.join().grace().filter(limit -> limit.compareTo(usual) < 0).orElse(usual);
        ended = Optional.of(endProcesses(grace));
        deadline = System.nanoTime() + grace.toNanos();
    }

    /** Ends all processes of the attempt. Chains wait no longer for those that cannot be ended. */
    private TerminationReport endProcesses(Duration grace) {
        TerminationReport what = executions.processes().end(children(), scope(), grace);
        if (!what.survivors().isEmpty()) {
            begun.forEach(work -> work.giveUp(what));
        }
        return what;
    }

    private List<Child> children() {
        return begun.stream().flatMap(work -> work.children().stream()).toList();
    }

    private MarkFilter scope() {
        return MarkFilter.run(new Mark(executions.store(), run.id(), run.attempt(), 0));
    }

    private boolean failed(Chain chain) {
        var results = progress.snapshot();
        return chain.steps().stream()
                .anyMatch(step -> results.get(step.number() - 1).isFailure());
    }

    private Outcome outcome(Duration took) {
        List<StepResult> steps = steps();
        if (ended.isPresent()) {
            Stop why = stop.join();
            boolean isKilled = ended.get().survivors().isEmpty() || why.state() != RunState.KILLED;
            return new Outcome(
                    isKilled
                            ? why.state()
                            : RunState.FAILED, // notices report a failure, and not a run that a user killed
                    reason(why.reason() + ended.get().told(), steps),
                    exitCode(steps),
                    steps);
        }
        Optional<StepResult> failure =
                steps.stream().filter(StepResult::isFailure).findFirst();
        if (failure.isPresent()) {
            StepResult step = failure.get();
            var state = step.state() == StepState.TIMED_OUT ? RunState.TIMED_OUT : RunState.FAILED;
            return new Outcome(
                    state, reason("step " + step.number() + ": " + step.outcome(), steps), step.exitCode(), steps);
        }
        Optional<String> unmet = new Expectation(recipe.bounds().expect(), took).unmet(files());
        if (unmet.isPresent()) {
            return new Outcome(RunState.FAILED, reason(unmet.get(), steps), Optional.of(0), steps);
        }
        return new Outcome(RunState.SUCCEEDED, reason("", steps), Optional.of(0), steps);
    }

    private List<Path> files() {
        return recipe.steps().stream()
                .map(step -> executions.outputs().file(run.id(), run.attempt(), step.number()))
                .toList();
    }

    /** Returns a sentence with the notes on the steps appended, without secrets. */
    private Optional<String> reason(String sentence, List<StepResult> steps) {
        String notes = steps.stream()
                .flatMap(step -> step.note().map(note -> "step " + step.number() + " " + note).stream())
                .collect(Collectors.joining("; "));
        String reason = sentence.isEmpty() || notes.isEmpty() ? sentence + notes : sentence + "; " + notes;
        return Optional.of(reason).filter(text -> !text.isEmpty()).map(mask::hideInSentence);
    }

    private static Optional<Integer> exitCode(List<StepResult> steps) {
        return steps.stream()
                .filter(step -> step.state() != StepState.SUCCEEDED)
                .flatMap(step -> step.exitCode().stream())
                .findFirst();
    }

    private static String reason(Exception e) {
        return Objects.requireNonNullElse(e.getMessage(), e.toString());
    }
}
