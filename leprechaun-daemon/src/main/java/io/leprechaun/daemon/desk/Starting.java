package io.leprechaun.daemon.desk;

import io.leprechaun.api.Arguments;
import io.leprechaun.api.Call;
import io.leprechaun.api.ExitCode;
import io.leprechaun.api.Problem;
import io.leprechaun.api.ProblemException;
import io.leprechaun.api.Reply;
import io.leprechaun.api.Verbs;
import io.leprechaun.daemon.body.Body;
import io.leprechaun.daemon.history.StoreException;
import io.leprechaun.daemon.hook.Parameter;
import io.leprechaun.daemon.recipe.Recipe;
import io.leprechaun.daemon.recipe.Trigger;
import io.leprechaun.daemon.recipe.TriggerKind;
import io.leprechaun.daemon.run.Cause;
import io.leprechaun.daemon.run.Input;
import io.leprechaun.daemon.run.Run;
import io.leprechaun.daemon.run.RunOverrides;
import io.leprechaun.daemon.run.RunState;
import io.leprechaun.daemon.settings.AgentName;
import io.leprechaun.daemon.worker.AdmissionResult;
import io.leprechaun.daemon.worker.RunRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionException;

/** Starts recipes for people: {@code run}, {@code retry}, and {@code hook replay}. */
final class Starting {
    /** What may have come to nothing at once: then nothing of it was kept. */
    private static final Set<RunState> REFUSED =
            Set.of(RunState.SKIPPED, RunState.HELD, RunState.REJECTED, RunState.MISSED);

    private final Desk desk;
    private final Book.Agents agents;
    private final RecipeLookup names;
    private final History history;

    Starting(Desk desk, Book.Agents agents, History history) {
        this.desk = desk;
        this.agents = agents;
        this.names = new RecipeLookup(desk);
        this.history = history;
    }

    Reply run(Call call) {
        var arguments = Verbs.answeredBy("book", "run").parse(call.arguments());
        Recipe recipe = names.recipe(arguments.operand(0, "RECIPE"));
        var given = new HashMap<String, String>();
        for (String option : List.of("-p", "--param")) {
            arguments.values(option).forEach(text -> parameter(text, given));
        }
        var cause = Cause.requested(TriggerKind.MANUAL, call.caller().user());
        RunOverrides course = arguments.has("--as-scheduled") ? asScheduled(recipe) : RunOverrides.USUAL;
        return start(call, recipe, cause, new Input(given, Optional.empty()).on(course), arguments);
    }

    /** What its steps would see if it were due now. */
    private RunOverrides asScheduled(Recipe recipe) {
        TriggerKind kind = recipe.triggers().stream()
                .filter(Trigger::isTimed)
                .map(Trigger::kind)
                .findFirst()
                .orElseThrow(() -> new ProblemException(Problem.usage(recipe.name()
                        + " has no schedule and no pattern: `leprechaun run " + recipe.name() + "` runs it")));
        Instant now = desk.clock().instant().truncatedTo(ChronoUnit.SECONDS);
        return new RunOverrides(1, Optional.of(kind), Optional.of(now));
    }

    /** Does a run that is over once more, with what it was given and the recipe as it is now. */
    Reply retry(Call call) {
        var arguments = Verbs.answeredBy("book", "retry").parse(call.arguments());
        Run run = history.run(arguments.operand(0, "RUN"));
        if (!run.state().isFinal()) {
            throw new ProblemException(
                    Problem.refused(run.sentence() + "; it can be done again when it is over: see `leprechaun kill`"));
        }
        Recipe recipe = names.recipe(run.order().recipe().value());
        int first = arguments.value("--from-step").map(TimeParser::count).orElse(1);
        if (first > recipe.steps().size()) {
            throw new ProblemException(Problem.notFound(recipe.name() + " has no step " + first + ": it has "
                    + recipe.steps().size()));
        }
        if (first > 1 && recipe.steps().get(first - 2).piped()) {
            throw new ProblemException(Problem.usage("step " + first + " of " + recipe.name()
                    + " reads what the step before it prints: begin with the first step of the pipeline"));
        }
        Input then = desk.store().input(run.id());
        if (run.order().cause().trigger().equals(TriggerKind.HOOK)
                && REFUSED.contains(run.state())
                && then.equals(Input.NONE)) {
            throw new ProblemException(Problem.refused("what came with run " + run.id() + " was not kept, for it "
                    + "started nothing; `leprechaun run " + recipe.name() + "` runs the recipe without it"));
        }
        var course =
                new RunOverrides(first, Optional.empty(), run.order().cause().dueAt());
        var cause = Cause.requested(TriggerKind.RETRY, call.caller().user() + " (run " + run.id() + " again)");
        return start(call, recipe, cause, again(run, then).on(course), arguments);
    }

    /** As a hook's {@code params} would set it. */
    private static void parameter(String text, Map<String, String> given) {
        int equals = text.indexOf('=');
        String name = equals < 0 ? text : text.substring(0, equals);
        if (equals < 0 || !Parameter.isName(name)) {
            throw new ProblemException(Problem.usage(
                    "-p " + text + ": write -p NAME=VALUE; a name is letters, digits and _, no digit first"));
        }
        String value = text.substring(equals + 1);
        if (value.indexOf('\0') >= 0 || value.getBytes(StandardCharsets.UTF_8).length > Parameter.LONGEST) {
            throw new ProblemException(Problem.usage("-p " + name
                    + ": no variable can hold this value: it has a NUL, or more than " + Parameter.LONGEST + " bytes"));
        }
        given.put(Parameter.variable(name), value);
    }

    /** Does once more what a hook asked for: with the recipe as it is now, and what the steps got then. */
    Reply replay(Call call) {
        var arguments = Verbs.answeredBy("hook", "replay").parse(call.arguments());
        Run run = history.run(arguments.operand(0, "RUN"));
        Input then = desk.store().input(run.id());
        boolean hook = run.order().cause().trigger().equals(TriggerKind.HOOK);
        if (!hook || REFUSED.contains(run.state()) && then.equals(Input.NONE)) {
            throw new ProblemException(Problem.usage("run " + run.id() + " was not accepted from a hook, so there is"
                    + " nothing to replay; `leprechaun run " + run.order().recipe() + "` runs the recipe"));
        }
        Recipe recipe = names.recipe(run.order().recipe().value());
        var cause = Cause.requested(
                TriggerKind.HOOK,
                "replay of run " + run.id() + " by " + call.caller().user());
        return start(call, recipe, cause, again(run, then), arguments);
    }

    /** What another run was given, with a file of its own where the body is large. */
    private Input again(Run run, Input then) {
        if (!(then.body().orElse(Body.NONE) instanceof Body.Filed filed)) {
            return then;
        }
        var outputs = desk.executions().outputs();
        Path placed = outputs.body(run.id());
        try {
            Body.Filed copy = outputs.bodies().copy(Files.exists(placed) ? placed : filed.file());
            if (!copy.sha256().equals(filed.sha256())) {
                copy.discard();
                throw new ProblemException(Problem.refused("the body of run " + run.id()
                        + " is not what was sent any more, because a step changed it: send the hook again"));
            }
            return new Input(then.parameters(), Optional.of(copy), then.deliveries(), then.course());
        } catch (IOException e) {
            throw new ProblemException(Problem.refused(
                    "the body of run " + run.id() + " cannot be copied (" + e + "): send the hook again"));
        }
    }

    private Reply start(Call call, Recipe recipe, Cause cause, Input input, Arguments arguments) {
        AgentName agent = agents.workers().apply(recipe);
        AdmissionResult admitted;
        try {
            admitted = desk.dispatcher()
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
                        ? history.await(call, accepted.run(), accepted.over(), arguments.value("--timeout"))
                        : desk.documents().one(accepted.run());
            case AdmissionResult.Refused refused -> {
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

    /** What else to type where it is a policy of the recipe's own that is in the way. */
    private String wayPast(Recipe recipe, AgentName agent, AdmissionResult.Refused refused) {
        boolean open = agents.status().apply(agent).isOpen();
        return open && refused.state() != RunState.REJECTED
                ? "; `leprechaun run " + recipe.name() + " --force` runs it all the same"
                : "";
    }
}
