package io.leprechaun.daemon.desk;

import io.leprechaun.api.Arguments;
import io.leprechaun.api.Call;
import io.leprechaun.api.ExitCode;
import io.leprechaun.api.Problem;
import io.leprechaun.api.ProblemException;
import io.leprechaun.api.Reply;
import io.leprechaun.daemon.body.Body;
import io.leprechaun.daemon.history.StoreException;
import io.leprechaun.daemon.recipe.Recipe;
import io.leprechaun.daemon.run.Cause;
import io.leprechaun.daemon.run.Input;
import io.leprechaun.daemon.run.RunState;
import io.leprechaun.daemon.settings.AgentName;
import io.leprechaun.daemon.worker.AdmissionResult;
import io.leprechaun.daemon.worker.Dispatcher;
import io.leprechaun.daemon.worker.RunRequest;
import java.util.concurrent.CompletionException;

/** The start of recipes by users; it answers with the run or its end. */
public record RunStarter(Dispatcher dispatcher, Agents agents, RunWait waiting) {
    /**
     * Starts a run, and with {@code --wait} waits for its end.
     *
     * @param arguments the arguments, including {@code --force}, {@code --wait} and {@code --timeout}
     * @throws ProblemException when it is refused; its body is discarded then
     */
    public Reply start(Call call, Recipe recipe, Cause cause, Input input, Arguments arguments) {
        AgentName agent = agents.workers(recipe);
        AdmissionResult admitted;
        try {
            admitted = dispatcher
                    .submit(new RunRequest(recipe, agent, cause, input, arguments.has("--force")))
                    .join();
        } catch (CompletionException e) {
            if (!(e.getCause() instanceof StoreException refused)
                    || refused.fault().mayPass()) {
                input.body().ifPresent(Body::discard); // else the next start may find the run
            }
            throw e;
        }
        return switch (admitted) {
            case AdmissionResult.Accepted accepted ->
                arguments.has("--wait")
                        ? waiting.reply(call, accepted.run(), accepted.over(), arguments.value("--timeout"))
                        : waiting.documents().one(accepted.run());
            case AdmissionResult.NotStarted refused -> {
                input.body().ifPresent(Body::discard);
                throw new ProblemException(new Problem(
                        refused.state() == RunState.REJECTED ? 429 : 409,
                        "Refused",
                        recipe.name() + " was " + refused.state().word() + ": " + refused.reason()
                                + wayPast(recipe, agent, refused),
                        ExitCode.REFUSED));
            }
        };
    }

    /** Returns the hint at `--force`; empty if the agent is not open or the run was rejected. */
    private String wayPast(Recipe recipe, AgentName agent, AdmissionResult.NotStarted refused) {
        boolean open = agents.status(agent).isOpen();
        return open && refused.state() != RunState.REJECTED
                ? "; use `leprechaun run " + recipe.name() + " --force` to run it anyway"
                : "";
    }
}
