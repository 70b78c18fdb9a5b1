package io.leprechaun.daemon.agent;

import io.leprechaun.api.Arguments;
import io.leprechaun.api.Call;
import io.leprechaun.api.Facts;
import io.leprechaun.api.Handler;
import io.leprechaun.api.Problem;
import io.leprechaun.api.ProblemException;
import io.leprechaun.api.Registrator;
import io.leprechaun.api.Reply;
import io.leprechaun.api.Style;
import io.leprechaun.api.Table;
import io.leprechaun.api.Table.Cell;
import io.leprechaun.api.Table.Column;
import io.leprechaun.api.Text;
import io.leprechaun.daemon.recipe.Recipe;
import io.leprechaun.daemon.run.Run;
import io.leprechaun.daemon.run.RunDocument;
import io.leprechaun.daemon.worker.Dispatcher;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/** An agent that the daemon knows: owns its life and answers for its workers. Thread-safe. */
public final class Service implements Registrator {
    private final Agent agent;
    private final Dispatcher dispatcher;
    private final Supplier<List<Recipe>> recipes;
    private final Runnable reread;
    private final RunDocument documents;
    /** Guarded by this. */
    private Status status = Status.STOPPED;

    /**
     * A service that is stopped.
     *
     * @param recipes all that are in force
     * @param reread reads the recipes anew
     */
    public Service(
            Agent agent,
            Dispatcher dispatcher,
            Supplier<List<Recipe>> recipes,
            Runnable reread,
            RunDocument documents) {
        this.agent = agent;
        this.dispatcher = dispatcher;
        this.recipes = recipes;
        this.reread = reread;
        this.documents = documents;
    }

    @Override
    public String name() {
        return agent.name();
    }

    /** Where it is in its life. */
    public synchronized Status status() {
        return status;
    }

    @Override
    public List<Handler> handlers() {
        var handlers = new ArrayList<>(List.of(
                Handler.reads("info", this::info),
                Handler.changes("start", this::start),
                Handler.changes("stop", this::stop),
                Handler.changes("pause", this::pause),
                Handler.reads("recipes", this::recipes),
                Handler.reads("workers:list", this::workers),
                Handler.changes("workers:kill", this::kill),
                Handler.reads("queue:list", this::queue),
                Handler.changes("queue:drop", this::drop)));
        handlers.addAll(agent.handlers());
        return handlers;
    }

    /**
     * Begins, with the daemon.
     *
     * @param why what kept it from running until now
     */
    public synchronized void begin(String why) {
        startAgent(why);
    }

    /** Opens the workers first: what the agent makes due at its very start would be held otherwise. */
    private void startAgent(String why) {
        dispatcher.open(name());
        try {
            agent.start(recipes.get(), why);
        } catch (RuntimeException e) {
            dispatcher.close(name(), name() + " could not be started");
            throw e;
        }
        status = Status.STARTED;
    }

    /** Takes another set of recipes. */
    public synchronized void update() {
        if (status != Status.STOPPED) {
            agent.update(recipes.get());
        }
    }

    /** Ends, with the daemon. */
    public synchronized void end() {
        agent.stop();
        status = Status.STOPPED;
    }

    private Reply info(Call call) {
        Arguments.parse(call.arguments(), 0);
        var bounds = dispatcher.bounds(name());
        Status now = status();
        int running = dispatcher.stack(name()).size();
        int queued = dispatcher.queue(name()).size();
        int served = served().size();
        var data = new LinkedHashMap<String, Object>();
        data.put("agent", name());
        data.put("status", now.word());
        data.put("running", running);
        data.put("queued", queued);
        data.put("recipes", served);
        data.put("max", bounds.max());
        data.put("queue", bounds.queue());
        return Reply.of(
                data,
                Facts.none()
                        .and("agent", name())
                        .and("status", now.word(), now == Status.STARTED ? Style.GOOD : Style.WARN)
                        .and("running", running + " of " + bounds.max())
                        .and("queued", queued + " of " + bounds.queue())
                        .and("recipes", served));
    }

    private Reply start(Call call) {
        Arguments.parse(call.arguments(), 0);
        if (status() == Status.STOPPED) {
            reread.run();
        }
        synchronized (this) {
            switch (status) {
                case STARTED -> {
                    return said("was started already");
                }
                case PAUSED -> {
                    dispatcher.open(name());
                    status = Status.STARTED;
                }
                case STOPPED -> startAgent(name() + " was stopped");
            }
            return said("started");
        }
    }

    private synchronized Reply pause(Call call) {
        Arguments.parse(call.arguments(), 0);
        return switch (status) {
            case PAUSED -> said("was paused already");
            case STOPPED ->
                throw new ProblemException(Problem.refused(name() + " is stopped: start it before you pause it"));
            case STARTED -> {
                dispatcher.close(
                        name(), name() + " is paused by " + call.caller().user());
                status = Status.PAUSED;
                yield said("paused: what becomes due is held until `leprechaun " + name() + " start`");
            }
        };
    }

    private Reply stop(Call call) {
        var arguments = Arguments.parse(call.arguments(), Set.of("--now"), Set.of(), 0);
        String by = "stopped by " + call.caller().user();
        synchronized (this) {
            if (status != Status.STOPPED) {
                agent.stop();
                dispatcher.close(name(), name() + " is " + by);
                status = Status.STOPPED;
            }
        }
        try {
            dispatcher.drain(name(), arguments.has("--now"), name() + " was " + by);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return said("stopped");
    }

    private Reply recipes(Call call) {
        Arguments.parse(call.arguments(), 0);
        var names =
                served().stream().map(recipe -> recipe.name().value()).sorted().toList();
        return Reply.of(
                Map.of("recipes", names),
                new Table(
                        List.of(Column.left("recipe")),
                        names.stream().map(name -> List.of(Cell.of(name))).toList(),
                        "no recipes"),
                names);
    }

    private List<Recipe> served() {
        return recipes.get().stream().filter(agent::serves).toList();
    }

    private Reply workers(Call call) {
        Arguments.parse(call.arguments(), 0);
        return listed("workers", "started", dispatcher.stack(name()), "nobody works");
    }

    private Reply queue(Call call) {
        Arguments.parse(call.arguments(), 0);
        return listed("queue", "queued", dispatcher.queue(name()), "nothing waits");
    }

    private Reply listed(String key, String since, List<Dispatcher.Worker> workers, String none) {
        var data = new ArrayList<Map<String, Object>>();
        var rows = new ArrayList<List<Cell>>();
        for (var worker : workers) {
            Run run = worker.run();
            var step = documents.step(run);
            var when = key.equals("queue")
                    ? documents.time(run.times().queuedAt())
                    : documents.time(run.times().startedAt());
            var item = new LinkedHashMap<String, Object>();
            item.put("name", worker.name());
            item.put("run", run.id());
            item.put("recipe", run.order().recipe().value());
            item.put("step", step);
            item.put(since + "_at", when);
            data.add(item);
            rows.add(List.of(
                    Cell.of(worker.name()),
                    Cell.of(run.id()),
                    step == null ? Cell.NONE : Cell.of(step),
                    Cell.of(documents.when(run, key.equals("queue")))));
        }
        return Reply.of(
                Map.of(key, data),
                new Table(
                        List.of(
                                Column.shrinking("name"),
                                Column.right("run"),
                                Column.right("step"),
                                Column.left(since)),
                        rows,
                        none),
                workers.stream().map(worker -> Long.toString(worker.run().id())).toList());
    }

    private Reply kill(Call call) {
        String named = Arguments.parse(call.arguments(), 1).operand(0, "NAME");
        var found = dispatcher.stack(name()).stream()
                .filter(worker -> worker.name().equals(named)
                        || Long.toString(worker.run().id()).equals(named))
                .toList();
        if (found.isEmpty()) {
            throw new ProblemException(Problem.notFound("no worker of " + name() + " is called '" + named
                    + "': see `leprechaun " + name() + " workers:list`"));
        }
        var ended = found.stream()
                .flatMap(worker ->
                        dispatcher.kill(worker.run().id(), call.caller().user()).stream())
                .map(over -> over.join())
                .toList();
        return documents.ended(ended);
    }

    private Reply drop(Call call) {
        String run = Arguments.parse(call.arguments(), 1).operand(0, "RUN");
        long id = RunDocument.id(run);
        var dropped = dispatcher.drop(name(), id, call.caller().user());
        if (dropped.isEmpty()) {
            throw new ProblemException(Problem.notFound(
                    "run " + id + " does not wait for " + name() + ": see `leprechaun " + name() + " queue:list`"));
        }
        return documents.ended(List.of(dropped.get().join()));
    }

    private Reply said(String what) {
        return Reply.of(Map.of("agent", name(), "status", status().word()), Text.line(name() + " " + what));
    }
}
