package io.leprechaun.daemon.run;

import io.leprechaun.daemon.units.Durations;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

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
        return new Run(
                0,
                order,
                state,
                Optional.of(reason),
                Optional.empty(),
                1,
                repeat,
                new Times(now, Optional.empty(), Optional.of(now)),
                List.of());
    }

    /** This record with its number. */
    public Run numbered(long number) {
        return new Run(number, order, state, reason, exitCode, attempt, repeat, times, steps);
    }

    /** This run by an equal order, so that many share one. */
    public Run ordered(RunSpec same) {
        return new Run(id, same, state, reason, exitCode, attempt, repeat, times, steps);
    }

    /** This record, which stands for another one of the same kind, too. */
    public Run repeated(Run again) {
        var last = again.repeat().lastDue().or(() -> again.order().cause().dueAt());
        var ended = new Times(times.queuedAt(), times.startedAt(), again.times().endedAt());
        int count = repeat.count() + again.repeat().count();
        return new Run(id, order, state, reason, exitCode, attempt, new Repeat(count, last), ended, steps);
    }

    /** This run, started: for the first time, or for its next attempt. */
    public Run started(Instant at) {
        var started = new Times(times.queuedAt(), times.startedAt().or(() -> Optional.of(at)), Optional.empty());
        int number = state == RunState.WAITING ? attempt + 1 : attempt;
        return new Run(
                id,
                order,
                state.to(RunState.RUNNING),
                Optional.empty(),
                Optional.empty(),
                number,
                repeat,
                started,
                List.of());
    }

    /** This run after an attempt that failed, until the next one. */
    public Run waiting(Outcome outcome, Instant until) {
        var waiting = new Times(times.queuedAt(), times.startedAt(), Optional.empty(), Optional.of(until));
        return new Run(
                id,
                order,
                state.to(RunState.WAITING),
                outcome.reason(),
                outcome.exitCode(),
                attempt,
                repeat,
                waiting,
                outcome.steps());
    }

    /** This run between two attempts, after the clock was set forward by so much: the next one comes after the same time as before. */
    public Run postponed(Duration by) {
        var postponed = new Times(
                times.queuedAt(),
                times.startedAt(),
                times.endedAt(),
                times.retryAt().map(at -> at.plus(by)));
        return new Run(id, order, state, reason, exitCode, attempt, repeat, postponed, steps);
    }

    /** This run as it is seen while it waits, in the queue or between two attempts, for something else than a slot; never kept so. */
    public Run waitingFor(String why) {
        RunState waiting = state == RunState.WAITING ? state : state.to(RunState.WAITING);
        return new Run(id, order, waiting, Optional.of(why), exitCode, attempt, repeat, times, steps);
    }

    /** This run, told to end. */
    public Run stopping(String why) {
        return new Run(
                id, order, state.to(RunState.STOPPING), Optional.of(why), exitCode, attempt, repeat, times, steps);
    }

    /** This run, over. */
    public Run ended(Outcome outcome, Instant at) {
        var ended = new Times(times.queuedAt(), times.startedAt(), Optional.of(at));
        return new Run(
                id,
                order,
                state.to(outcome.state()),
                outcome.reason(),
                outcome.exitCode(),
                attempt,
                repeat,
                ended,
                outcome.steps());
    }

    /** This run with what is known of its steps now. */
    public Run with(List<StepResult> results) {
        return new Run(id, order, state, reason, exitCode, attempt, repeat, times, results);
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
