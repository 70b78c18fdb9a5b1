package io.leprechaun.daemon.desk;

import io.leprechaun.api.Call;
import io.leprechaun.api.Caller;
import io.leprechaun.api.Problem;
import io.leprechaun.api.ProblemException;
import io.leprechaun.api.Reply;
import io.leprechaun.api.Text;
import io.leprechaun.api.Verbs;
import io.leprechaun.daemon.agent.Service;
import io.leprechaun.daemon.agent.Status;
import io.leprechaun.daemon.recipe.RecipeName;
import io.leprechaun.daemon.run.Pause;
import io.leprechaun.daemon.worker.Pauses;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Holds back one recipe, an agent or all of them, and lets them go on: {@code pause} and {@code resume}. */
public final class Pausing {
    private static final String WHAT = "RECIPE, AGENT or all";
    private static final String ALL = "all";

    private final Desk desk;
    private final RecipeLookup names;
    private final List<Service> services;

    /** @param services the agents: a name of theirs is never taken for a recipe's */
    public Pausing(Desk desk, List<Service> services) {
        this.desk = desk;
        this.names = new RecipeLookup(desk);
        this.services = services;
    }

    Reply pause(Call call) {
        var arguments = Verbs.answeredBy("book", "pause").parse(call.arguments());
        String named = arguments.operand(0, WHAT);
        Instant now = desk.clock().instant();
        var until = arguments
                .value("--until")
                .map(text -> TimeParser.ahead(text, now, desk.documents().zone()));
        var reason = arguments.sentence("--reason");
        String by = call.caller().user();
        if (isAll(named)) {
            return all(service -> service.pause(by, until, reason));
        }
        return service(named)
                .<Reply>map(service -> service.pause(by, until, reason))
                .orElseGet(() -> pause(names.recipe(named).name(), now, new Pause(now, until, by, reason)));
    }

    private Reply pause(RecipeName recipe, Instant now, Pause wanted) {
        var before = pauses().find(recipe, now);
        var pause = new Pause(before.map(Pause::at).orElse(now), wanted.until(), wanted.by(), wanted.reason());
        pauses().pause(recipe, pause).join();
        String end = pause.until().map(desk.documents()::local).orElse("`leprechaun resume " + recipe + "`");
        return said(
                recipe,
                Optional.of(pause),
                (before.isPresent() ? "paused anew" : "paused") + ": what becomes due is held until " + end);
    }

    Reply resume(Call call) {
        String named =
                Verbs.answeredBy("book", "resume").parse(call.arguments()).operand(0, WHAT);
        if (isAll(named)) {
            return all(service -> start(service, call.caller()));
        }
        return service(named)
                .<Reply>map(service -> resume(service, call.caller()))
                .orElseGet(() -> resume(named));
    }

    private Reply resume(String named) {
        Instant now = desk.clock().instant();
        RecipeName recipe = held(named, now).orElseGet(() -> names.recipe(named).name());
        boolean paused = pauses().find(recipe, now).isPresent();
        pauses().resume(recipe).join();
        return said(recipe, Optional.empty(), paused ? "resumed" : "was not paused");
    }

    /** A recipe that is held back may be resumed although its file is gone or broken. */
    private Optional<RecipeName> held(String named, Instant now) {
        return RecipeName.find(desk.whole(named))
                .filter(recipe -> pauses().find(recipe, now).isPresent());
    }

    /** What was stopped is not paused: to start it is another thing to do. */
    private Reply resume(Service service, Caller caller) {
        if (service.status() == Status.STOPPED) {
            throw new ProblemException(Problem.refused(service.name() + " is stopped and not paused: start it with"
                    + " `leprechaun " + service.name() + " start`"));
        }
        return start(service, caller);
    }

    /** Tells all agents but those that are stopped. */
    private Reply all(Function<Service, Reply.Document> command) {
        var told = services.stream()
                .map(service -> service.status() == Status.STOPPED
                        ? Reply.of(
                                Map.of("agent", service.name(), "status", Status.STOPPED.word()),
                                Text.line(service.name() + " is stopped"))
                        : command.apply(service))
                .toList();
        return Reply.of(
                Map.of("agents", told.stream().map(Reply.Document::data).toList()),
                screen -> told.stream().map(one -> one.text().render(screen)).collect(Collectors.joining()));
    }

    /** One user holds back only his own recipes, one by one. */
    private boolean isAll(String named) {
        return named.equals(ALL) && desk.owner().isEmpty();
    }

    private Optional<Service> service(String name) {
        return services.stream().filter(service -> service.name().equals(name)).findFirst();
    }

    /** As `leprechaun AGENT start` does. */
    private static Reply.Document start(Service service, Caller caller) {
        return service.handlers().stream()
                .filter(handler -> handler.command().equals("start"))
                .map(handler -> (Reply.Document) handler.answer().apply(new Call(List.of(), caller)))
                .findFirst()
                .orElseThrow();
    }

    private Pauses pauses() {
        return desk.dispatcher().pauses();
    }

    private Reply said(RecipeName recipe, Optional<Pause> pause, String what) {
        var data = new LinkedHashMap<String, @Nullable Object>();
        data.put("recipe", recipe.value());
        data.put("paused", pause.map(desk.documents()::data).orElse(null));
        return Reply.of(data, Text.line(recipe + " " + what), List.of(recipe.value()));
    }
}
