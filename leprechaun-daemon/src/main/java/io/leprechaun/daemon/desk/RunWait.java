package io.leprechaun.daemon.desk;

import io.leprechaun.api.Call;
import io.leprechaun.api.ExitCode;
import io.leprechaun.api.Problem;
import io.leprechaun.api.ProblemException;
import io.leprechaun.api.Reply;
import io.leprechaun.daemon.run.Run;
import io.leprechaun.daemon.view.RunDocument;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The wait for the end of runs, as long as the caller waits. */
public record RunWait(RunDocument documents) {
    /**
     * Waits for the end of a run and answers with it.
     *
     * @param timeout the longest wait, as typed; empty: unlimited
     * @throws ProblemException (timed out) when the run is not over by then
     */
    public Reply reply(Call call, Run run, CompletableFuture<Run> over, Optional<String> timeout) {
        long millis = timeout.map(text -> TimeParser.duration(text).toMillis()).orElse(Long.MAX_VALUE);
        await(call, over, millis);
        if (!over.isDone()) {
            throw new ProblemException(new Problem(
                    504,
                    "Timed out",
                    "run " + run.id() + " has not ended after " + timeout.orElse("this time")
                            + ": see `leprechaun logs -f " + run.id() + "`",
                    ExitCode.TIMED_OUT));
        }
        return documents.one(over.join());
    }

    /** Waits for the end of a run. */
    public void await(Call call, CompletableFuture<Run> over) {
        await(call, over, Long.MAX_VALUE);
    }

    private static void await(Call call, CompletableFuture<Run> over, long millis) {
        try {
            call.patience().during(() -> {
                try {
                    var unused = over.get(millis, TimeUnit.MILLISECONDS);
                } catch (ExecutionException | TimeoutException e) {
                    // the caller sees it when it reads the outcome
                }
            });
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ProblemException(Problem.refused("the caller has disconnected"));
        }
    }
}
