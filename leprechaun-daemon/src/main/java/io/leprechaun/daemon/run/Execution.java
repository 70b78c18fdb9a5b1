package io.leprechaun.daemon.run;

import io.leprechaun.daemon.config.Durations;
import io.leprechaun.daemon.lifecycle.Alarms;
import io.leprechaun.daemon.lifecycle.Threads;
import io.leprechaun.daemon.process.Child;
import io.leprechaun.daemon.process.Ended;
import io.leprechaun.daemon.process.Exit;
import io.leprechaun.daemon.process.Part;
import io.leprechaun.daemon.process.SpawnException;
import io.leprechaun.daemon.recipe.Recipe;
import io.leprechaun.daemon.recipe.Step;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/** One attempt at the steps of a recipe. One thread calls {@link #run}; any thread may look and may stop it. */
public final class Execution {
    /** How long processes that were killed may take to be gone before the run ends without them, in seconds. */
    private static final long LAST_WAIT = 5;

    private final Workshop workshop;
    private final Run run;
    private final Recipe recipe;
    private final Supplier<Input> given;
    private final Progress progress;
    private final CompletableFuture<Stop> stop = new CompletableFuture<>();
    private final ConcurrentLinkedQueue<Child> children = new ConcurrentLinkedQueue<>();
    private final Set<Step> timedOut = ConcurrentHashMap.newKeySet();

    /**
     * An attempt that has not begun.
     *
     * @param given what the run was given, asked for once when it begins
     */
    public Execution(Workshop workshop, Run run, Recipe recipe, Supplier<Input> given) {
        this.workshop = workshop;
        this.run = run;
        this.recipe = recipe;
        this.given = given;
        this.progress = new Progress(recipe);
    }

    /** What is known of the steps now. */
    public List<StepResult> steps() {
        return progress.snapshot();
    }

    /** Tells the run to end, and returns. Only the first reason counts; a run that is over stays as it is. */
    public void stop(Stop why) {
        stop.complete(why);
    }

    /**
     * Runs the steps to their end, blocking. What a step does is never thrown but told in the outcome.
     *
     * @throws InterruptedException when the thread is told to give up; its processes go on
     */
    public Outcome run() throws InterruptedException {
        Input input;
        try {
            input = given.get();
            workshop.outputs().make(run.id());
            if (input.body().isPresent()) {
                workshop.outputs().writeBody(run.id(), input.body().get());
                input = input.withoutContent(); // the run may be long, and many
            }
        } catch (IOException | UncheckedIOException | StoreException e) {
            progress.close();
            return new Outcome(RunState.FAILED, Optional.of(reason(e)), Optional.empty(), steps());
        }
        var alarm = recipe.policy()
                .timeout()
                .map(limit -> workshop.alarms()
                        .in(
                                limit,
                                () -> stop(
                                        new Stop(RunState.TIMED_OUT, "timed out after " + Durations.format(limit)))));
        try {
            return runSteps(input);
        } finally {
            alarm.ifPresent(Alarms.Alarm::cancel);
        }
    }

    private Outcome runSteps(Input input) throws InterruptedException {
        var ends = new ArrayList<CompletableFuture<Void>>();
        boolean cut = false;
        for (Chain chain : Chain.of(recipe.steps())) {
            if (stop.isDone()) {
                cut = true;
                break;
            }
            var end = start(chain, input);
            ends.add(end);
            if (!chain.detached()) {
                waitFor(end);
                if (end.isDone() && chain.must() && failed(chain)) {
                    break;
                }
            }
        }
        var all = CompletableFuture.allOf(ends.toArray(CompletableFuture[]::new));
        waitFor(all);
        return all.isDone() && !cut ? outcome() : stopped(stop.join(), all);
    }

    private Outcome stopped(Stop why, CompletableFuture<Void> all) throws InterruptedException {
        var interrupted = progress.running();
        String mark = workshop.mark(run.id(), run.attempt());
        Ended ended = workshop.processes().end(children, mark, recipe.policy().grace());
        try {
            all.get(LAST_WAIT, TimeUnit.SECONDS);
        } catch (TimeoutException | ExecutionException e) {
            // a process that does not end is named among the survivors
        }
        progress.interrupted(interrupted, why.state() == RunState.TIMED_OUT ? StepState.TIMED_OUT : StepState.KILLED);
        progress.close();
        return new Outcome(why.state(), Optional.of(why.reason() + told(ended)), exitCode(), steps());
    }

    /** Starts the processes of a chain. The future completes when all are gone and their results are known. */
    private CompletableFuture<Void> start(Chain chain, Input input) {
        Instant now = workshop.clock().instant();
        var parts = new ArrayList<Part>();
        for (Step step : chain.steps()) {
            progress.started(step, now);
            parts.add(part(chain, step, input));
        }
        List<Child> started;
        try {
            started = workshop.processes().start(parts);
        } catch (SpawnException e) {
            notStarted(chain, e);
            return CompletableFuture.completedFuture(null);
        }
        children.addAll(started);
        var ends = new ArrayList<CompletableFuture<Instant>>();
        for (Child child : started) {
            ends.add(child.exit().thenApply(exit -> workshop.clock().instant()));
        }
        var end = CompletableFuture.allOf(ends.toArray(CompletableFuture[]::new))
                .thenRun(() -> ended(chain, started, ends));
        chain.timeout().ifPresent(limit -> {
            var alarm = workshop.alarms().in(limit, () -> timeOut(chain, started));
            var unused = end.thenRun(alarm::cancel);
        });
        return end;
    }

    private Part part(Chain chain, Step step, Input input) {
        var argv = new ArrayList<String>();
        switch (step.action()) {
            case Step.Action.Shell shell -> {
                argv.addAll(recipe.surroundings().shell());
                argv.add(shell.text());
            }
            case Step.Action.Program program -> argv.addAll(program.argv());
        }
        return new Part(
                argv,
                StepEnvironment.of(workshop, run, recipe, input, step, mark(chain)),
                StepEnvironment.directory(workshop, recipe, step),
                recipe.surroundings().umask(),
                workshop.outputs().file(run.id(), run.attempt(), step.number()));
    }

    private String mark(Chain chain) {
        return workshop.mark(run.id(), run.attempt(), chain.number());
    }

    private void notStarted(Chain chain, SpawnException e) {
        Instant now = workshop.clock().instant();
        for (Step step : chain.steps()) {
            progress.ended(step, StepState.FAILED, new Exit(e.code(), Duration.ZERO, 0), Optional.of(reason(e)), now);
        }
        try { // where a person looks first
            workshop.outputs().append(run.id(), run.attempt(), chain.number(), "leprechaun: " + reason(e) + "\n");
        } catch (IOException unwritable) {
            // the sentence stands in the run as well
        }
    }

    private void timeOut(Chain chain, List<Child> started) {
        for (int i = 0; i < started.size(); i++) {
            if (!started.get(i).exit().isDone()) {
                timedOut.add(chain.steps().get(i));
            }
        }
        Threads.virtual(
                        "run-" + run.id() + "-timeout",
                        () -> workshop.processes()
                                .end(started, mark(chain), recipe.policy().grace()))
                .start();
    }

    private void ended(Chain chain, List<Child> started, List<CompletableFuture<Instant>> ends) {
        boolean laterSucceeded = true;
        for (int i = chain.steps().size() - 1; i >= 0; i--) {
            Step step = chain.steps().get(i);
            Exit exit = started.get(i).exit().join();
            boolean last = i == chain.steps().size() - 1;
            boolean overdue = timedOut.contains(step); // also when it ended well once it was asked to
            boolean success =
                    !overdue && (exit.success() || !last && laterSucceeded && exit.code() == ExitStatus.SIGPIPE);
            laterSucceeded &= success;
            Instant at = ends.get(i).join();
            if (success) {
                progress.ended(step, StepState.SUCCEEDED, exit, Optional.empty(), at);
            } else if (overdue) {
                String detail =
                        "timed out after " + Durations.format(chain.timeout().orElseThrow());
                progress.ended(step, StepState.TIMED_OUT, exit, Optional.of(detail), at);
            } else {
                progress.ended(step, StepState.FAILED, exit, Optional.empty(), at);
            }
        }
    }

    /** Waits until something is over or the run is told to stop. */
    private void waitFor(CompletableFuture<Void> end) throws InterruptedException {
        try {
            CompletableFuture.anyOf(end, stop).get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("the end of a step could not be noted", e.getCause());
        }
    }

    private boolean failed(Chain chain) {
        var results = progress.snapshot();
        return chain.steps().stream().anyMatch(step -> isFailure(results.get(step.number() - 1)));
    }

    private static boolean isFailure(StepResult result) {
        return result.state() == StepState.FAILED || result.state() == StepState.TIMED_OUT;
    }

    private Optional<StepResult> firstFailure() {
        return steps().stream().filter(Execution::isFailure).findFirst();
    }

    private Optional<Integer> exitCode() {
        return steps().stream()
                .filter(step -> step.state() != StepState.SUCCEEDED)
                .flatMap(step -> step.exitCode().stream())
                .findFirst();
    }

    private Outcome outcome() {
        progress.close();
        var failure = firstFailure();
        if (failure.isEmpty()) {
            return new Outcome(RunState.SUCCEEDED, Optional.empty(), Optional.of(0), steps());
        }
        var step = failure.get();
        var state = step.state() == StepState.TIMED_OUT ? RunState.TIMED_OUT : RunState.FAILED;
        return new Outcome(
                state, Optional.of("step " + step.number() + ": " + step.outcome()), step.exitCode(), steps());
    }

    private static String reason(Exception e) {
        return Objects.requireNonNullElse(e.getMessage(), e.toString());
    }

    private static String told(Ended ended) {
        var told = new StringBuilder();
        if (!ended.killed().isEmpty()) {
            told.append("; did not end when asked and was killed: ").append(String.join(", ", ended.killed()));
        }
        if (!ended.survivors().isEmpty()) {
            told.append("; still there: ").append(String.join(", ", ended.survivors()));
        }
        return told.toString();
    }
}
