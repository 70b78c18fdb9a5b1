package io.leprechaun.daemon.worker;

import io.leprechaun.daemon.lifecycle.HostClock;
import io.leprechaun.daemon.recipe.Lock;
import io.leprechaun.daemon.recipe.Overlap;
import io.leprechaun.daemon.recipe.Recipe;
import io.leprechaun.daemon.recipe.folder.RecipeBook;
import io.leprechaun.daemon.run.Outcome;
import io.leprechaun.daemon.run.Run;
import io.leprechaun.daemon.run.RunState;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** An accepted run whose end is not on disk yet. */
final class Job {
    /** The order in which jobs start: the higher priority first, then the first accepted. */
    static final Comparator<Job> IN_LINE =
            Comparator.<Job>comparingInt(job -> -job.run.order().priority()).thenComparingLong(job -> job.run.id());

    final Recipe recipe;
    Run run;
    /** The coalesce value: of its recipe's jobs with the same one only the newest waits. */
    Optional<String> coalesce = Optional.empty();
    /**
     * True once its first attempt has begun. No other run of its recipe may work then, even between two attempts,
     * unless runs may overlap.
     */
    boolean begun;
    /** True while it makes an attempt, and so has a slot. */
    boolean working;
    /** The instant at which its last attempt began, by the steady clock. */
    Instant begunAt = Instant.MAX;
    /** The claim by which it may start before that is stored. */
    Claim claim = Claim.NONE;
    /** The reason that its recipe is not in force, so that it does not start; empty: the recipe is in force. */
    Optional<RecipeBook.Missing> missing = Optional.empty();
    /** True if its recipe was removed for good: it makes no further attempt then. */
    boolean removed;
    /**
     * True if it runs against its recipe's policies, on request. Not stored: after a restart a job that still waits is
     * like all others.
     */
    boolean forced;
    /** True once it has ended and given up its slot or place; only the record of that is missing. */
    boolean left;

    /** The lead of {@link HostClock#steady} over the host's clock when it was accepted. */
    private final Duration ahead;

    /** The state of a claim: a record that a run may start from now on. */
    enum Claim {
        /** The start is stored before the run is launched. */
        NONE,
        /** The claim was requested, and is not on disk yet. */
        REQUESTED,
        /** The claim is on disk: the run is launched at once, and the start is stored later. */
        HELD
    }

    /** @param ahead the lead of {@link HostClock#steady} over the host's clock when it was accepted */
    Job(Run run, Recipe recipe, Duration ahead) {
        this.run = run;
        this.recipe = recipe;
        this.ahead = ahead;
        this.begun = run.state() == RunState.WAITING;
    }

    long id() {
        return run.id();
    }

    /** Returns the locks that it holds while it works. */
    List<Lock> locks() {
        return forced
                ? recipe.policy().locks().stream().filter(Lock::isStrict).toList()
                : recipe.policy().locks();
    }

    /**
     * Returns its outcome if it has not started and must not start any more; empty: it may. The deadline is compared
     * with elapsed time, windows with the host's clock.
     */
    Optional<Outcome> expired(Moment at) {
        var cause = run.order().cause();
        Instant accepted = run.times().queuedAt();
        return begun || forced
                ? Optional.empty()
                : Admission.tooLate(recipe, cause, accepted, at.steady().minus(ahead))
                        .or(() -> Admission.outside(recipe, cause, accepted, at.now()))
                        .or(() -> Admission.closed(recipe, at.now()).map(why -> "waited too long: " + why))
                        .map(why -> Outcome.of(RunState.SKIPPED, why));
    }

    /** Returns its outcome when its recipe is removed before it works, or between two attempts. */
    Outcome removal() {
        return run.state() == RunState.WAITING
                ? new Outcome(
                        RunState.FAILED,
                        Optional.of(run.reason().map(why -> why + "; ").orElse("") + "the recipe was removed"),
                        run.exitCode(),
                        run.steps())
                : Outcome.of(RunState.REJECTED, "recipe removed");
    }

    /** Returns the instant by which it has to start, by {@link HostClock#steady}; empty: it has no deadline. */
    Optional<Instant> deadline() {
        return begun || forced
                ? Optional.empty()
                : recipe.policy()
                        .timing()
                        .latest(run.order().cause().dueAt().orElse(run.times().queuedAt()))
                        .map(latest -> latest.plus(ahead));
    }

    /** Returns whether it may run beside another run of its recipe. */
    boolean isParallel() {
        return forced || Admission.overlap(recipe, run.order().cause().trigger()) == Overlap.PARALLEL;
    }

    /** Returns the name of its worker: the recipe's name, with the run's number where several may work at once. */
    String worker() {
        return isParallel() ? recipe.name() + "#" + id() : recipe.name().value();
    }
}
