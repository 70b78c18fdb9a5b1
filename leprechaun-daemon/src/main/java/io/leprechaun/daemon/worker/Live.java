package io.leprechaun.daemon.worker;

import io.leprechaun.daemon.execution.Execution;
import io.leprechaun.daemon.run.Input;
import io.leprechaun.daemon.run.Run;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * The work for a job whose end is not on disk yet, and the futures of its callers. Guarded by the dispatcher's lock.
 */
final class Live {
    /** The future end of the run, completed once that is on disk. */
    final CompletableFuture<Run> over = new CompletableFuture<>();
    /** The future end of its attempt under way, completed once that is on disk. */
    CompletableFuture<Run> attempt = over;
    /** The attempt under way; empty: it waits. */
    Optional<Execution> execution = Optional.empty();
    /** The input, if it is kept in memory. */
    Optional<Input> input = Optional.empty();
    /** The number of the last attempt that a thread has taken, or that was given up for lack of one. */
    int taken;

    /** Returns a run with the results of its steps that are known now. */
    Run snapshot(Run run) {
        return execution.map(working -> run.with(working.steps())).orElse(run);
    }
}
