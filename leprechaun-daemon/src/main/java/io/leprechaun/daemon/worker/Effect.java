package io.leprechaun.daemon.worker;

import io.leprechaun.daemon.execution.Stop;
import io.leprechaun.daemon.run.Input;
import io.leprechaun.daemon.run.Run;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** An effect of an event in {@link QueueState}, to carry out in the order given. */
sealed interface Effect {
    /** Store the record of a request that starts nothing. */
    record Refuse(Run record) implements Effect {}

    /**
     * Store an accepted run, then call {@link QueueState#accepted}, or {@link QueueState#abandoned} where that failed.
     *
     * @param run the run as it is stored: running where it has a slot at once, else queued
     * @param older the waiting runs with the same coalesce value, which it replaces
     * @param replaced the unfinished runs that it replaces (overlap: replace)
     */
    record Accept(Job job, Run run, Input input, List<Job> older, List<Job> replaced) implements Effect {}

    /** Store that jobs from the queue have a slot, then launch those that hold no claim. */
    record Start(Next next) implements Effect {}

    /** Launch a job whose start is on disk. */
    record Launch(Job job) implements Effect {}

    /** Launch a job that holds a claim: its start is stored by a later effect. */
    record LaunchClaimed(Job job) implements Effect {}

    /**
     * Store the claims in place of earlier ones, then call {@link QueueState#claimed}.
     *
     * @param jobs the jobs with a new claim
     * @param runs all runs that may have started without a record of that, and those that may start
     */
    record Claims(List<Job> jobs, Set<Long> runs) implements Effect {}

    /**
     * Store a run that waits for its next attempt, then call {@link QueueState#waits}.
     *
     * @param next the jobs that take the free slots
     */
    record Retry(Job job, Run waiting, Next next) implements Effect {}

    /**
     * Store the end of a run, then call {@link QueueState#kept} and report it.
     *
     * @param next the jobs that take the free slots
     */
    record End(Job job, Run ended, Next next) implements Effect {}

    /** Store a change of a run that nothing waits for. */
    record Change(Run run) implements Effect {}

    /** Ask a working job to stop. */
    record Stopping(Job job, Stop why) implements Effect {}

    /**
     * Call {@link QueueState#tick} after this instant by the steady clock, in place of an earlier request. An earlier
     * call does no harm.
     */
    record Wake(Instant after) implements Effect {}

    /** Warn of a job in the log. */
    record Warn(String line) implements Effect {}

    /**
     * The jobs that take free slots. Their starts are stored together.
     *
     * @param waiting the jobs to launch once that is stored
     * @param claimed the jobs that were launched already; once their start is stored, {@link QueueState#recorded} is
     *     called
     */
    record Next(List<Job> waiting, List<Job> claimed) {
        /** No jobs. */
        static final Next NONE = new Next(List.of(), List.of());

        boolean isEmpty() {
            return waiting.isEmpty() && claimed.isEmpty();
        }

        /** Returns the runs as they start. */
        List<Run> runs() {
            return Stream.concat(waiting.stream(), claimed.stream())
                    .map(job -> job.run)
                    .toList();
        }
    }
}
