package io.leprechaun.daemon.worker;

import io.leprechaun.daemon.run.Run;
import io.leprechaun.daemon.run.RunState;
import java.util.concurrent.CompletableFuture;

/** What became of a request; it is on disk. */
public sealed interface AdmissionResult {
    /**
     * It runs or will run.
     *
     * @param run as it was accepted: running or queued
     * @param over completes with the run as it ended, once that is on disk
     */
    record Accepted(Run run, CompletableFuture<Run> over) implements AdmissionResult {}

    /**
     * It starts nothing.
     *
     * @param record the number of the record that says so
     * @param state HELD, SKIPPED or REJECTED
     * @param reason one sentence
     */
    record NotStarted(long record, RunState state, String reason) implements AdmissionResult {}
}
