package io.leprechaun.daemon.execution;

import io.leprechaun.daemon.output.OutputSize;
import io.leprechaun.daemon.posix.Usage;
import io.leprechaun.daemon.recipe.Recipe;
import io.leprechaun.daemon.recipe.Step;
import io.leprechaun.daemon.run.StepResult;
import io.leprechaun.daemon.run.StepState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * The known results of the steps of a running attempt. Thread-safe: written by the run's threads, read by any thread.
 */
final class Progress {
    /** Guarded by this. */
    private final List<StepResult> results = new ArrayList<>();

    private final Consumer<List<StepResult>> changed;

    /** @param changed called after each change, with the steps that begin or end by it */
    Progress(Recipe recipe, Consumer<List<StepResult>> changed) {
        this.changed = changed;
        for (Step step : recipe.steps()) {
            results.add(StepResult.pending(step.number(), step.action().text()));
        }
    }

    synchronized List<StepResult> snapshot() {
        return List.copyOf(results);
    }

    void started(Step step, Instant at) {
        StepResult begun;
        synchronized (this) {
            begun = results.get(index(step)).started(at);
            results.set(index(step), begun);
        }
        changed.accept(List.of(begun));
    }

    /** The end of a step, without its number, command and start, which are known already. */
    record StepEnd(
            StepState state,
            Optional<Integer> exitCode,
            Optional<String> detail,
            Optional<String> note,
            Instant at,
            Usage usage,
            OutputSize printed) {}

    void ended(Step step, StepEnd end) {
        StepResult ended;
        synchronized (this) {
            var begun = results.get(index(step));
            ended = new StepResult(
                    begun.number(),
                    begun.command(),
                    end.state(),
                    end.exitCode(),
                    end.detail(),
                    end.note(),
                    begun.startedAt(),
                    Optional.of(end.at()),
                    end.usage(),
                    end.printed());
            results.set(index(step), ended);
        }
        changed.accept(List.of(ended));
    }

    /** Returns whether any step has failed or timed out. */
    synchronized boolean hasFailed() {
        return results.stream().anyMatch(StepResult::isFailure);
    }

    /** Returns the numbers of the steps whose processes run now. */
    synchronized Set<Integer> running() {
        return results.stream()
                .filter(result -> result.state() == StepState.RUNNING)
                .map(StepResult::number)
                .collect(Collectors.toSet());
    }

    /** Records that the run is over: steps that have not begun never will. */
    void close() {
        synchronized (this) {
            results.replaceAll(result -> result.state() == StepState.PENDING ? result.in(StepState.NOT_RUN) : result);
        }
        changed.accept(List.of());
    }

    /**
     * Records that these steps did not end by themselves. Steps that succeeded all the same, and those that could not
     * be ended, stay as they are.
     */
    synchronized void interrupted(Set<Integer> steps, StepState end) {
        results.replaceAll(result -> steps.contains(result.number()) && isOver(result) ? result.in(end) : result);
    }

    private static boolean isOver(StepResult result) {
        boolean isStillThere =
                result.state() == StepState.FAILED && result.exitCode().isEmpty();
        return result.state() != StepState.SUCCEEDED && !isStillThere;
    }

    private static int index(Step step) {
        return step.number() - 1;
    }
}
