package io.leprechaun.daemon.agent;

import io.leprechaun.api.AgentCommands;
import io.leprechaun.api.Arguments;
import io.leprechaun.api.Call;
import io.leprechaun.api.Handler;
import io.leprechaun.api.Problem;
import io.leprechaun.api.ProblemException;
import io.leprechaun.api.Registrator;
import io.leprechaun.api.Reply;
import io.leprechaun.api.text.Facts;
import io.leprechaun.api.text.Table;
import io.leprechaun.api.text.Table.Cell;
import io.leprechaun.api.text.Table.Column;
import io.leprechaun.api.text.Text;
import io.leprechaun.daemon.history.RunStore;
import io.leprechaun.daemon.lifecycle.Alarms;
import io.leprechaun.daemon.recipe.Recipe;
import io.leprechaun.daemon.run.Pause;
import io.leprechaun.daemon.run.Run;
import io.leprechaun.daemon.view.Lazy;
import io.leprechaun.daemon.view.RunDocument;
import io.leprechaun.daemon.worker.Dispatcher;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The service around an agent: it owns the agent's life cycle and handles the commands for its workers. Thread-safe.
 */
public final class Service implements Registrator {
    /** The longest time between two looks at the clock during a pause, as the clock may be set meanwhile. */
    private static final Duration LONGEST_SLEEP = Duration.ofSeconds(10);
    /** The number of waiting runs that are read at once. */
    private static final int AT_ONCE = 1000;

    private final Agent agent;
    private final Dispatcher dispatcher;
    private final Supplier<List<Recipe>> recipes;
    private final Runnable reread;
    private final RunDocument documents;
    private final ServiceContext around;
    /** Guarded by this. */
    private Status status = Status.STOPPED;
    /** Guarded by this. Present while it is paused. */
    private Optional<Pause> paused = Optional.empty();

    /**
     * The environment of a service.
     *
     * @param store the store that keeps its pause
     */
    public record ServiceContext(RunStore store, InstantSource clock, Alarms alarms) {}

    /**
     * Creates a service that is stopped.
     *
     * @param recipes a supplier of all recipes in force
     * @param reread the action that reads the recipes again
     */
    public Service(
            Agent agent,
            Dispatcher dispatcher,
            Supplier<List<Recipe>> recipes,
            Runnable reread,
            RunDocument documents,
            ServiceContext around) {
        this.agent = agent;
        this.dispatcher = dispatcher;
        this.recipes = recipes;
        this.reread = reread;
        this.documents = documents;
        this.around = around;
    }

    @Override
    public String name() {
        return agent.name().value();
    }

    /** Returns its status. */
    public synchronized Status status() {
        return status == Status.STARTED && agent.broken().isPresent() ? Status.BROKEN : status;
    }

    @Override
    public List<Handler> handlers() {
        var handlers = new ArrayList<>(List.of(
                Handler.of(AgentCommands.ofAgents("info"), this::info),
                Handler.of(AgentCommands.ofAgents("start"), (_, _) -> start()),
                Handler.of(AgentCommands.ofAgents("stop"), this::stop),
                Handler.of(AgentCommands.ofAgents("pause"), this::pause),
                Handler.of(AgentCommands.ofAgents("recipes"), this::recipes),
                Handler.of(AgentCommands.ofAgents("workers:list"), this::workers),
                Handler.of(AgentCommands.ofAgents("workers:kill"), this::kill),
                Handler.of(AgentCommands.ofAgents("queue:list"), this::queue),
                Handler.of(AgentCommands.ofAgents("queue:drop"), this::drop)));
        handlers.addAll(agent.handlers());
        return handlers;
    }

    /**
     * Starts together with the daemon.
     *
     * @param why the reason for not running until now
     */
    public synchronized void begin(String why) {
        Instant now = around.clock().instant();
        startAgent(why, around.store().agentPause(agent.name()).filter(pause -> pause.holds(now)));
    }

    /** Opens the workers before the agent: recipes due at its very start would be held otherwise, as during a pause. */
    private void startAgent(String why, Optional<Pause> pause) {
        pause.ifPresentOrElse(this::hold, this::letGo);
        try {
            agent.start(recipes.get(), why);
        } catch (RuntimeException e) {
            dispatcher.close(agent.name(), name() + " could not be started");
            status = Status.STOPPED;
            throw e;
        }
    }

    private void hold(Pause pause) {
        paused = Optional.of(pause);
        status = Status.PAUSED;
        dispatcher.close(agent.name(), name() + " is " + pause.sentence(documents.zone()));
        pause.until().ifPresent(until -> {
            Duration left = Duration.between(around.clock().instant(), until);
            around.alarms().in(left.compareTo(LONGEST_SLEEP) > 0 ? LONGEST_SLEEP : left, () -> look(pause));
        });
    }

    /** Resumes when its pause is over by itself. */
    private synchronized void look(Pause pause) {
        if (paused.equals(Optional.of(pause)) && status == Status.PAUSED) {
            if (pause.holds(around.clock().instant())) {
                hold(pause);
            } else {
                letGo();
            }
        }
    }

    private void letGo() {
        paused = Optional.empty();
        status = Status.STARTED;
        dispatcher.open(agent.name());
    }

    /** Returns whether this agent makes a recipe due. */
    public boolean serves(Recipe recipe) {
        return agent.serves(recipe);
    }

    /** Returns the reason why a recipe due at an instant would be held in the present state; empty: it would not. */
    public synchronized Optional<String> closed(Instant at) {
        return switch (status) {
            case STARTED, BROKEN -> Optional.empty();
            case STOPPED -> Optional.of(name() + " is stopped");
            case PAUSED ->
                paused.filter(pause -> pause.holds(at))
                        .map(pause -> name() + " is " + pause.sentence(documents.zone()));
        };
    }

    /** Passes the current recipes to the agent, unless stopped. */
    public synchronized void update() {
        if (status != Status.STOPPED) {
            agent.update(recipes.get());
        }
    }

    /** Stops together with the daemon. */
    public synchronized void end() {
        agent.stop();
        status = Status.STOPPED;
        paused = Optional.empty();
    }

    private synchronized Optional<Pause> pause() {
        return paused;
    }

    private Reply info(Arguments arguments, Call call) {
        var bounds = dispatcher.bounds(agent.name());
        Status now = status();
        int running = dispatcher.occupied(agent.name()).max();
        int queued = dispatcher.occupied(agent.name()).queue();
        int served = served().size();
        var data = new LinkedHashMap<String, @Nullable Object>();
        data.put("agent", name());
        data.put("status", now.word());
        agent.broken().ifPresent(why -> data.put("problem", why));
        data.put("paused", pause().map(documents::data).orElse(null));
        data.put("running", running);
        data.put("queued", queued);
        data.put("recipes", served);
        data.put("max", bounds.max());
        data.put("queue", bounds.queue());
        var status = now == Status.BROKEN
                ? now.word() + ": " + agent.broken().orElse("")
                : pause().map(pause -> pause.sentence(documents.zone())).orElse(now.word());
        return Reply.of(
                data,
                Facts.none()
                        .and("agent", name())
                        .and("status", status, now.style())
                        .and("running", running + " of " + bounds.max())
                        .and("queued", queued + " of " + bounds.queue())
                        .and("recipes", served));
    }

    /** Resumes after a pause, or starts after a stop, with the recipes as they are then. */
    public Reply.Document start() {
        if (status() == Status.STOPPED) {
            reread.run();
        }
        synchronized (this) {
            switch (status) {
                case STARTED, BROKEN -> {
                    return said("is already started");
                }
                case PAUSED -> {
                    around.store().pauseAgent(agent.name(), Optional.empty()).join();
                    letGo();
                }
                case STOPPED -> {
                    around.store().pauseAgent(agent.name(), Optional.empty()).join();
                    startAgent(name() + " was stopped", Optional.empty());
                }
            }
            return said("started");
        }
    }

    private Reply pause(Arguments arguments, Call call) {
        return pause(call.caller().user(), Optional.empty(), Optional.empty());
    }

    /**
     * Holds recipes that become due, also after a restart of the daemon. A second pause replaces the end and the reason
     * of the first.
     *
     * @param until the instant at which the pause ends by itself; empty: when the service is started
     * @throws ProblemException (refused) when it is stopped
     */
    public synchronized Reply.Document pause(String by, Optional<Instant> until, Optional<String> reason) {
        if (status == Status.STOPPED) {
            throw new ProblemException(Problem.refused(name() + " is stopped: start it before you pause it"));
        }
        String done = paused.isPresent() ? "paused again" : "paused";
        var pause = new Pause(paused.map(Pause::at).orElseGet(around.clock()::instant), until, by, reason);
        around.store().pauseAgent(agent.name(), Optional.of(pause)).join();
        hold(pause);
        return said(done + ": due runs are held until "
                + until.map(documents::local).orElse("`leprechaun " + name() + " start`"));
    }

    private Reply stop(Arguments arguments, Call call) {
        String by = "stopped by " + call.caller().user();
        synchronized (this) {
            if (status != Status.STOPPED) {
                agent.stop();
                dispatcher.close(agent.name(), name() + " is " + by);
                status = Status.STOPPED;
                paused = Optional.empty();
            }
        }
        try {
            dispatcher.drain(agent.name(), arguments.has("--now"), name() + " was " + by);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return said("stopped");
    }

    private Reply recipes(Arguments arguments, Call call) {
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

    private Reply workers(Arguments arguments, Call call) {
        var workers = dispatcher.stack(agent.name());
        var runs =
                workers.stream().map(worker -> Long.toString(worker.run().id())).toList();
        return listed("workers", "started", workers, runs, "no workers are busy");
    }

    private Reply queue(Arguments arguments, Call call) {
        var runs = dispatcher.queued(agent.name());
        var waiting = Lazy.pages(runs, AT_ONCE, some -> dispatcher.waiting(agent.name(), some));
        return listed(
                "queue", "queued", waiting, runs.stream().map(String::valueOf).toList(), "the queue is empty");
    }

    /** @param workers the workers, possibly many, computed while they are listed */
    private Reply listed(
            String key, String since, Iterable<Dispatcher.Worker> workers, List<String> runs, String none) {
        boolean waiting = key.equals("queue");
        return Reply.of(
                Map.of(key, Lazy.map(workers, worker -> item(worker, since, waiting))),
                new Table(
                        List.of(
                                Column.shrinking("name"),
                                Column.right("run"),
                                Column.right("step"),
                                Column.left(since)),
                        Lazy.map(workers, worker -> row(worker, waiting)),
                        none),
                runs);
    }

    private Map<String, Object> item(Dispatcher.Worker worker, String since, boolean waiting) {
        Run run = worker.run();
        var item = new LinkedHashMap<String, Object>();
        item.put("name", worker.name());
        item.put("run", run.id());
        item.put("recipe", run.order().recipe().value());
        item.put("step", documents.step(run));
        item.put(
                since + "_at",
                waiting
                        ? documents.time(run.times().queuedAt())
                        : documents.time(run.times().startedAt()));
        return item;
    }

    private List<Cell> row(Dispatcher.Worker worker, boolean waiting) {
        var step = documents.step(worker.run());
        return List.of(
                Cell.of(worker.name()),
                Cell.of(worker.run().id()),
                step == null ? Cell.NONE : Cell.of(step),
                Cell.of(documents.when(worker.run(), waiting)));
    }

    private Reply kill(Arguments arguments, Call call) {
        String named = arguments.operand(0, "NAME");
        var found = dispatcher.stack(agent.name()).stream()
                .filter(worker -> worker.name().equals(named)
                        || Long.toString(worker.run().id()).equals(named))
                .toList();
        if (found.isEmpty()) {
            throw new ProblemException(Problem.notFound(
                    name() + " has no worker '" + named + "': see `leprechaun " + name() + " workers:list`"));
        }
        var ended = found.stream()
                .flatMap(worker ->
                        dispatcher.kill(worker.run().id(), call.caller().user()).stream())
                .map(over -> over.join())
                .toList();
        return documents.ended(ended);
    }

    private Reply drop(Arguments arguments, Call call) {
        String run = arguments.operand(0, "RUN");
        long id = RunDocument.id(run);
        var dropped = dispatcher.drop(agent.name(), id, call.caller().user());
        if (dropped.isEmpty()) {
            throw new ProblemException(Problem.notFound("run " + id + " is not in the queue of " + name()
                    + ": see `leprechaun " + name() + " queue:list`"));
        }
        return documents.ended(List.of(dropped.get().join()));
    }

    private Reply.Document said(String what) {
        return Reply.of(Map.of("agent", name(), "status", status().word()), Text.line(name() + " " + what));
    }
}
