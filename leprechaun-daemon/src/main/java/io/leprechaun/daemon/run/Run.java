package io.leprechaun.daemon.run;

import io.leprechaun.daemon.units.Durations;
import io.leprechaun.daemon.units.LogValue;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * One execution of a recipe, or the record of the reason that there was none. Immutable.
 *
 * @param id the run's number from 1, never used again; 0 for a record that is not stored yet
 * @param reason one sentence where the state does not say everything
 * @param exitCode the exit code of the first step that failed, 0 when none did; empty when no step has ended
 * @param attempt the number of the attempt, from 1
 * @param repeat the number of equal outcomes in a row that this record stands for
 * @param steps the known results of the steps of the last attempt
 */
public record Run(
        long id,
        RunSpec order,
        RunState state,
        Optional<String> reason,
        Optional<Integer> exitCode,
        int attempt,
        Repeat repeat,
        Times times,
        List<StepResult> steps) {
    public Run {
        steps = List.copyOf(steps);
    }

    /** Returns a run that was just accepted. */
    public static Run accepted(long id, RunSpec order, Instant now) {
        return new Run(
                id,
                order,
                RunState.QUEUED,
                Optional.empty(),
                Optional.empty(),
                1,
                Repeat.ONCE,
                new Times(now, Optional.empty(), Optional.empty()),
                List.of());
    }

    /** Returns a record for a due instant or a request that starts nothing; the store numbers it. */
    public static Run refused(RunSpec order, RunState state, String reason, Repeat repeat, Instant now) {
        return accepted(0, order, now).with(next -> {
            next.state = state;
            next.reason = Optional.of(reason);
            next.repeat = repeat;
            next.times = new Times(now, Optional.empty(), Optional.of(now));
        });
    }

    /** Returns this record with its number. */
    public Run numbered(long number) {
        return with(next -> next.id = number);
    }

    /** Returns this run with an equal order, so that many runs share one. */
    public Run ordered(RunSpec same) {
        return with(next -> next.order = same);
    }

    /** Returns this record, extended so that it also stands for another one of the same kind. */
    public Run repeated(Run again) {
        var last = again.repeat().lastDue().or(() -> again.order().cause().dueAt());
        return with(next -> {
            next.repeat = new Repeat(repeat.count() + again.repeat().count(), last);
            next.times =
                    new Times(times.queuedAt(), times.startedAt(), again.times().endedAt());
        });
    }

    /** Returns this run as started: for the first time, or for its next attempt. */
    public Run started(Instant at) {
        return with(next -> {
            next.state = state.to(RunState.RUNNING);
            next.reason = Optional.empty();
            next.exitCode = Optional.empty();
            next.attempt = state == RunState.WAITING ? attempt + 1 : attempt;
            next.times = new Times(times.queuedAt(), times.startedAt().or(() -> Optional.of(at)), Optional.empty());
            next.steps = List.of();
        });
    }

    /** Returns this run as it waits after an attempt that failed, until the next one. */
    public Run waiting(Outcome outcome, Instant until) {
        return with(next -> {
            next.state = state.to(RunState.WAITING);
            next.take(outcome);
            next.times = new Times(times.queuedAt(), times.startedAt(), Optional.empty(), Optional.of(until));
        });
    }

    /**
     * Returns this run between two attempts after the clock was set forward by this duration: the next attempt follows
     * after the same elapsed time as before.
     */
    public Run postponed(Duration by) {
        return with(next -> next.times = new Times(
                times.queuedAt(),
                times.startedAt(),
                times.endedAt(),
                times.retryAt().map(at -> at.plus(by))));
    }

    /**
     * Returns this run as it is shown while it waits for something other than a slot, in the queue or between two
     * attempts. It is never stored like this.
     */
    public Run waitingFor(String why) {
        return with(next -> {
            next.state = state == RunState.WAITING ? state : state.to(RunState.WAITING);
            next.reason = Optional.of(why);
        });
    }

    /** Returns this run as asked to end. */
    public Run stopping(String why) {
        return with(next -> {
            next.state = state.to(RunState.STOPPING);
            next.reason = Optional.of(why);
        });
    }

    /** Returns this run as ended. */
    public Run ended(Outcome outcome, Instant at) {
        return with(next -> {
            next.state = state.to(outcome.state());
            next.take(outcome);
            next.times = new Times(times.queuedAt(), times.startedAt(), Optional.of(at));
        });
    }

    /** Returns this run with the results of its steps that are known now. */
    public Run with(List<StepResult> results) {
        return with(next -> next.steps = results);
    }

    private Run with(Consumer<RunDraft> change) {
        var next = new RunDraft(this);
        change.accept(next);
        return next.run();
    }

    /** The components of a run while a changed copy is made of it. */
    private static final class RunDraft {
        private long id;
        private RunSpec order;
        private RunState state;
        private Optional<String> reason;
        private Optional<Integer> exitCode;
        private int attempt;
        private Repeat repeat;
        private Times times;
        private List<StepResult> steps;

        RunDraft(Run run) {
            id = run.id;
            order = run.order;
            state = run.state;
            reason = run.reason;
            exitCode = run.exitCode;
            attempt = run.attempt;
            repeat = run.repeat;
            times = run.times;
            steps = run.steps;
        }

        void take(Outcome outcome) {
            reason = outcome.reason();
            exitCode = outcome.exitCode();
            steps = outcome.steps();
        }

        Run run() {
            return new Run(id, order, state, reason, exitCode, attempt, repeat, times, steps);
        }
    }

    /**
     * The number of equal outcomes in a row.
     *
     * @param count the number of times, at least 1; more only for records that started nothing
     * @param lastDue the last due instant, where there were several
     */
    public record Repeat(int count, Optional<Instant> lastDue) {
        /** The repeat of an outcome that happened once. */
        public static final Repeat ONCE = new Repeat(1, Optional.empty());
    }

    /** Returns the run's state as a sentence: {@code run 42 of backup failed after 2.5s: step 3: exit 2}. */
    public String sentence() {
        return "run " + id + " of " + order.recipe() + " " + words();
    }

    /**
     * Returns the run's state as a line of the log: {@code run=42 recipe=backup agent=cron failed after 2.5s: step 3:
     * exit 2}.
     */
    public String line() {
        return "run=" + id + " recipe=" + order.recipe() + " agent=" + order.agent()
                + order.cause()
                        .requestedBy()
                        .map(by -> " by=" + LogValue.of(by))
                        .orElse("")
                + " " + words();
    }

    private String words() {
        var words = new StringBuilder(
                switch (state) {
                    case QUEUED -> "is queued";
                    case WAITING -> times.retryAt().isPresent() ? "waits for its next attempt" : "waits";
                    case RUNNING -> "is running";
                    case STOPPING -> "is being stopped";
                    case SUCCEEDED -> "succeeded";
                    case FAILED -> "failed";
                    case KILLED -> "was killed";
                    case TIMED_OUT -> "timed out";
                    case LOST -> "was lost";
                    case REJECTED -> "was rejected";
                    case SKIPPED -> "was skipped";
                    case MISSED -> "was missed";
                    case HELD -> "was held";
                });
        times.duration().ifPresent(took -> words.append(" after ").append(Durations.brief(took)));
        reason.ifPresent(why -> words.append(": ").append(why));
        return words.toString();
    }
}
