package io.leprechaun.daemon.run;

import io.leprechaun.daemon.units.Durations;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * One execution of a recipe, or the record of why there was none. Immutable.
 *
 * @param id from 1, never used again; 0 for a record that is not kept yet
 * @param reason one sentence where the state does not tell all
 * @param exitCode of the first step that failed, 0 when none did; empty when no step has ended
 * @param attempt from 1
 * @param repeat how many equal outcomes in a row this record stands for
 * @param steps what is known of the steps of the last attempt
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

    /** A run that was just accepted. */
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

    /** A record of something due that starts nothing; the store numbers it. */
    public static Run refused(RunSpec order, RunState state, String reason, Repeat repeat, Instant now) {
        return accepted(0, order, now).with(next -> {
            next.state = state;
            next.reason = Optional.of(reason);
            next.repeat = repeat;
            next.times = new Times(now, Optional.empty(), Optional.of(now));
        });
    }

    /** This record with its number. */
    public Run numbered(long number) {
        return with(next -> next.id = number);
    }

    /** This run by an equal order, so that many share one. */
    public Run ordered(RunSpec same) {
        return with(next -> next.order = same);
    }

    /** This record, which stands for another one of the same kind, too. */
    public Run repeated(Run again) {
        var last = again.repeat().lastDue().or(() -> again.order().cause().dueAt());
        return with(next -> {
            next.repeat = new Repeat(repeat.count() + again.repeat().count(), last);
            next.times =
                    new Times(times.queuedAt(), times.startedAt(), again.times().endedAt());
        });
    }

    /** This run, started: for the first time, or for its next attempt. */
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

    /** This run after an attempt that failed, until the next one. */
    public Run waiting(Outcome outcome, Instant until) {
        return with(next -> {
            next.state = state.to(RunState.WAITING);
            next.take(outcome);
            next.times = new Times(times.queuedAt(), times.startedAt(), Optional.empty(), Optional.of(until));
        });
    }

    /** This run between two attempts, after the clock was set forward by so much: the next one comes after the same time as before. */
    public Run postponed(Duration by) {
        return with(next -> next.times = new Times(
                times.queuedAt(),
                times.startedAt(),
                times.endedAt(),
                times.retryAt().map(at -> at.plus(by))));
    }

    /** This run as it is seen while it waits, in the queue or between two attempts, for something else than a slot; never kept so. */
    public Run waitingFor(String why) {
        return with(next -> {
            next.state = state == RunState.WAITING ? state : state.to(RunState.WAITING);
            next.reason = Optional.of(why);
        });
    }

    /** This run, told to end. */
    public Run stopping(String why) {
        return with(next -> {
            next.state = state.to(RunState.STOPPING);
            next.reason = Optional.of(why);
        });
    }

    /** This run, over. */
    public Run ended(Outcome outcome, Instant at) {
        return with(next -> {
            next.state = state.to(outcome.state());
            next.take(outcome);
            next.times = new Times(times.queuedAt(), times.startedAt(), Optional.of(at));
        });
    }

    /** This run with what is known of its steps now. */
    public Run with(List<StepResult> results) {
        return with(next -> next.steps = results);
    }

    private Run with(Consumer<RunDraft> change) {
        var next = new RunDraft(this);
        change.accept(next);
        return next.run();
    }

    /** The components of a run while the next one is made of it. */
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
     * How often the same happened.
     *
     * @param count at least 1; more only for what started nothing
     * @param lastDue the last due instant where there were several
     */
    public record Repeat(int count, Optional<Instant> lastDue) {
        /** What happened once. */
        public static final Repeat ONCE = new Repeat(1, Optional.empty());
    }

    /** What one run says of itself in a sentence: {@code run 42 of backup failed after 2.5s: step 3: exit 2}. */
    public String sentence() {
        var sentence = new StringBuilder("run ")
                .append(id)
                .append(" of ")
                .append(order.recipe())
                .append(' ')
                .append(
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
        times.duration().ifPresent(took -> sentence.append(" after ").append(Durations.brief(took)));
        reason.ifPresent(why -> sentence.append(": ").append(why));
        return sentence.toString();
    }
}
