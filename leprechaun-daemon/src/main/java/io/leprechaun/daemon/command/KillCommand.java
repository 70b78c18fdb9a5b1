package io.leprechaun.daemon.command;

import io.leprechaun.api.Arguments;
import io.leprechaun.api.Call;
import io.leprechaun.api.Handler;
import io.leprechaun.api.Problem;
import io.leprechaun.api.ProblemException;
import io.leprechaun.api.Reply;
import io.leprechaun.daemon.desk.RecipeLookup;
import io.leprechaun.daemon.desk.RunLookup;
import io.leprechaun.daemon.desk.RunWait;
import io.leprechaun.daemon.run.Run;
import io.leprechaun.daemon.worker.Dispatcher;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** The command {@code kill}: ends a run, or the runs of a recipe. */
record KillCommand(RecipeLookup recipes, RunLookup runs, Dispatcher dispatcher, RunWait waiting)
        implements Handler.Answer {
    @Override
    public Reply to(Arguments arguments, Call call) {
        String named = arguments.operand(0, "RUN or RECIPE");
        List<Run> meant = RunLookup.isId(named)
                ? List.of(runs.run(named))
                : dispatcher.unfinished(recipes.exact(named)).stream()
                        .filter(runs.scope()::shows)
                        .toList();
        var ended = meant.stream()
                .flatMap(run -> dispatcher.kill(run.id(), call.caller().user()).stream())
                .toList();
        if (ended.isEmpty()) {
            throw new ProblemException(Problem.refused(
                    meant.isEmpty()
                            ? named + " has no unfinished run"
                            : meant.getFirst().sentence()));
        }
        ended.forEach(over -> waiting.await(call, over));
        return waiting.documents()
                .ended(ended.stream().map(CompletableFuture::join).toList());
    }
}
