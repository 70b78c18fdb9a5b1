package io.leprechaun.daemon.worker;

import io.leprechaun.daemon.run.Run;
import io.leprechaun.daemon.run.RunState;
import java.util.concurrent.CompletableFuture;

/** The result of a request, which is on disk. */
public sealed interface AdmissionResult {
    /**
     * An accepted request, which runs or will run.
     *
     * @param run the run as it was accepted: running or queued
     * @param over the future end of the run, completed once that is on disk
     */
    record Accepted(Run run, CompletableFuture<Run> over) implements AdmissionResult {}

    /**
     * A request that starts nothing.
     *
     * @param record the number of its record
     * @param state the state of its record: HELD, SKIPPED or REJECTED
     * @param reason one sentence
     */
    record NotStarted(long record, RunState state, String reason) implements AdmissionResult {}
}
