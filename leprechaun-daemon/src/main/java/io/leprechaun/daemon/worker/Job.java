package io.leprechaun.daemon.worker;

import io.leprechaun.daemon.execution.Execution;
import io.leprechaun.daemon.lifecycle.HostClock;
import io.leprechaun.daemon.recipe.Lock;
import io.leprechaun.daemon.recipe.Overlap;
import io.leprechaun.daemon.recipe.Recipe;
import io.leprechaun.daemon.recipe.folder.RecipeBook;
import io.leprechaun.daemon.run.Input;
import io.leprechaun.daemon.run.Outcome;
import io.leprechaun.daemon.run.Run;
import io.leprechaun.daemon.run.RunState;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** An accepted run whose end is not on disk, as the dispatcher holds it. Guarded by the dispatcher's lock. */
final class Job {
    /** The order in which jobs start: the higher priority first, then the first accepted. */
    static final Comparator<Job> IN_LINE =
            Comparator.<Job>comparingInt(job -> -job.run.order().priority()).thenComparingLong(job -> job.run.id());

    final Recipe recipe;
    final CompletableFuture<Run> over = new CompletableFuture<>();
    /** The end of its attempt under way; completed once that is on disk. Guarded by the dispatcher's lock. */
    CompletableFuture<Run> attempt = over;

    Run run;
    Optional<Execution> execution = Optional.empty();
    /** What it was given, if that is at hand. */
    Optional<Input> input = Optional.empty();
    /** What it has in common with those of its recipe of which only the newest is to wait. */
    Optional<String> coalesce = Optional.empty();
    /** Whether an attempt of it has been made or is being made: nobody else of its recipe may work then, also between two attempts. */
    boolean begun;
    /** The last attempt that a thread has taken, or that was given up for lack of one. Guarded by the dispatcher's lock. */
    int taken;
    /** Why its recipe is not in force: then it does not start; empty: it is. */
    Optional<RecipeBook.Missing> missing = Optional.empty();
    /** Whether its recipe was removed, and stays so: then it makes no further attempt. */
    boolean removed;
    /** Whether somebody wants it to run whatever its recipe's policies say. Not kept: after a restart what still waits is as all others. */
    boolean forced;
    /** Whether it has ended and given its slot or its place away; only the record of that is to come. */
    boolean left;

    /** How far {@link HostClock#steady} was ahead of the host's clock when it was accepted. */
    private final Duration ahead;

    /** @param ahead how far {@link HostClock#steady} was ahead of the host's clock when it was accepted */
    Job(Run run, Recipe recipe, Duration ahead) {
        this.run = run;
        this.recipe = recipe;
        this.ahead = ahead;
        this.begun = run.state() == RunState.WAITING;
    }

    long id() {
        return run.id();
    }

    boolean isWorking() {
        return execution.isPresent();
    }

    /** What it holds while it works. */
    List<Lock> locks() {
        return forced
                ? recipe.policy().locks().stream().filter(Lock::isStrict).toList()
                : recipe.policy().locks();
    }

    /** Whether it has not started and must not any more: its deadline goes by elapsed time, and windows by what clocks show; empty: it may. */
    Optional<Outcome> expired(Instant now, Instant steady) {
        var cause = run.order().cause();
        Instant accepted = run.times().queuedAt();
        return begun || forced
                ? Optional.empty()
                : Admission.tooLate(recipe, cause, accepted, steady.minus(ahead))
                        .or(() -> Admission.outside(recipe, cause, accepted, now))
                        .or(() -> Admission.closed(recipe, now).map(why -> "it waited too long: " + why))
                        .map(why -> Outcome.of(RunState.SKIPPED, why));
    }

    /** How it ends when its recipe is removed before it works, or between two attempts. */
    Outcome removal() {
        return run.state() == RunState.WAITING
                ? new Outcome(
                        RunState.FAILED,
                        Optional.of(run.reason().map(why -> why + "; ").orElse("") + "the recipe was removed"),
                        run.exitCode(),
                        run.steps())
                : Outcome.of(RunState.REJECTED, "recipe removed");
    }

    /** Until when it has to start, if it has to, by {@link HostClock#steady}. */
    Optional<Instant> deadline() {
        return begun || forced
                ? Optional.empty()
                : recipe.policy()
                        .timing()
                        .latest(run.order().cause().dueAt().orElse(run.times().queuedAt()))
                        .map(latest -> latest.plus(ahead));
    }

    /** Whether it may run beside another run of its recipe. */
    boolean isParallel() {
        return forced || Admission.overlap(recipe, run.order().cause().trigger()) == Overlap.PARALLEL;
    }

    /** What its worker is called: the recipe's name, with the run's number where several may work at once. */
    String worker() {
        return isParallel() ? recipe.name() + "#" + id() : recipe.name().value();
    }

    /** The run with what is known of its steps now. */
    Run snapshot() {
        return execution.map(working -> run.with(working.steps())).orElse(run);
    }
}
