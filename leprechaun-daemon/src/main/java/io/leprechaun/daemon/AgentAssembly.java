package io.leprechaun.daemon;

import io.leprechaun.api.ProblemException;
import io.leprechaun.daemon.Daemon.StartOptions;
import io.leprechaun.daemon.agent.Agent;
import io.leprechaun.daemon.agent.AgentContext;
import io.leprechaun.daemon.agent.DowntimeSummary;
import io.leprechaun.daemon.agent.NextTable;
import io.leprechaun.daemon.agent.Service;
import io.leprechaun.daemon.agent.TimedAgent;
import io.leprechaun.daemon.agent.server.Server;
import io.leprechaun.daemon.desk.HoldForecast;
import io.leprechaun.daemon.desk.RunningAgents;
import io.leprechaun.daemon.history.Notice;
import io.leprechaun.daemon.history.Retention;
import io.leprechaun.daemon.hook.Gate;
import io.leprechaun.daemon.hook.Keyring;
import io.leprechaun.daemon.http.hook.HookServer;
import io.leprechaun.daemon.lifecycle.Parts;
import io.leprechaun.daemon.lifecycle.Threads;
import io.leprechaun.daemon.recipe.folder.RecipeBook;
import io.leprechaun.daemon.settings.AgentName;
import io.leprechaun.daemon.settings.HookSettings;
import io.leprechaun.daemon.settings.notify.NoticeEvent;
import io.leprechaun.daemon.settings.notify.NotifyRules;
import io.leprechaun.daemon.units.Durations;
import io.leprechaun.daemon.view.RunDocument;
import io.leprechaun.daemon.worker.Recovery;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The third assembly: the recipes in force, and the agents that make them due. Opened and closed by the {@link Daemon}.
 *
 * @param parts the parts that end with the daemon
 * @param agents the agents that the settings enable, in their order
 * @param changes the listeners for each change of the recipes
 * @param expected whether there were recipes before this start
 */
record AgentAssembly(
        StoreAssembly store,
        WorkAssembly work,
        RunDocument documents,
        Parts parts,
        List<Agent> agents,
        List<Service> services,
        List<Consumer<RecipeBook>> changes,
        boolean expected) {
    private static final Logger LOG = LoggerFactory.getLogger(AgentAssembly.class);
    private static final Duration PORT_RETRY = Duration.ofSeconds(5);

    /**
     * Reads the recipes, handles the runs that an earlier daemon left, and makes the agents, which are still stopped.
     */
    static AgentAssembly open(
            StartOptions launch, Parts parts, StoreAssembly store, WorkAssembly work, RunDocument documents)
            throws IOException, InterruptedException {
        var unfinished = store.store().unfinished();
        boolean expected =
                !unfinished.isEmpty() || !store.store().archive().kept().isEmpty();
        var assembly = new AgentAssembly(
                store,
                work,
                documents,
                parts,
                new CopyOnWriteArrayList<>(),
                new CopyOnWriteArrayList<>(),
                new CopyOnWriteArrayList<>(),
                expected);
        var recipes = store.recipes();
        assembly.changes.add(work.dispatcher()::update);
        assembly.changes.add(_ -> assembly.services.forEach(Service::update));
        var book = recipes.start(expected, changed -> assembly.changes.forEach(listener -> listener.accept(changed)));
        parts.own(recipes::close); // closed before its listeners
        assembly.addAgents();
        store.state().lastLife().ifPresent(life -> assembly.sumUp(book, life));
        announce(book);
        Duration set = store.guard().setBeforeStart();
        new Recovery(store.store(), work.dispatcher(), launch.recipes(), work.executions(), store::rules, set)
                .run(unfinished);
        work.targets().wake();
        assembly.keepHistory(parts);
        assembly.addServices();
        return assembly;
    }

    /** Returns the agents as commands see them. */
    RunningAgents known() {
        return new RunningAgents(agents, services);
    }

    private void addAgents() {
        var launch = store.launch();
        launch.kinds().stream()
                .map(kind -> kind.maker().make(this))
                .filter(agent -> launch.settings().agent(agent.name()).enabled())
                .forEach(agents::add);
    }

    /** Returns the parts of the daemon for agents driven by the clock. */
    AgentContext context() {
        var forecast = new HoldForecast(
                store::recipe, known()::closed, work.dispatcher().pauses(), documents);
        var next = NextTable.ofRecipes(documents, forecast::against);
        return new AgentContext(
                work.dispatcher(),
                store.store(),
                store.launch().clock(),
                store.guard(),
                next,
                store.recipes()::book,
                store.boot());
    }

    /** Makes the agent that takes hooks. */
    Server server() {
        var hooks = store.launch().settings().agent(AgentName.SERVER).hooks().orElse(HookSettings.DEFAULTS);
        return new Server(
                work.dispatcher(),
                store.store(),
                parts.own(new HookServer(hooks, store.outputs().bodies(), work.traffic())),
                documents,
                new Gate(new Keyring(System.getenv())),
                store.launch().clock(),
                store.guard()::steady,
                hooks.bytesAMinute(),
                task -> work.alarms()
                        .in(PORT_RETRY, () -> Threads.virtual("hook-port", task).start()));
    }

    private void keepHistory(Parts parts) {
        var retention = parts.own(Retention.open(
                store.store().archive(),
                store.outputs(),
                store.guard()::steady,
                store::limits,
                store.launch().settings().total(),
                () -> store.guard().doubt().isPresent()));
        work.ends().add(_ -> retention.runEnded());
    }

    private void addServices() {
        var around = new Service.ServiceContext(store.store(), store.launch().clock(), work.alarms());
        agents.forEach(agent -> services.add(new Service(
                agent,
                work.dispatcher(),
                () -> store.recipes().book().recipes(),
                () -> orLog(() -> store.rescan(false)),
                documents,
                around)));
    }

    /** Returns the agents that make recipes due by the clock. */
    List<TimedAgent> timed() {
        return agents.stream()
                .filter(TimedAgent.class::isInstance)
                .map(TimedAgent.class::cast)
                .toList();
    }

    /**
     * Reports the instants that were due while no daemon ran, before any other event: in one line of the log, and in
     * one notice for all that were missed.
     */
    private void sumUp(RecipeBook book, Instant life) {
        Instant now = store.launch().clock().instant();
        NotifyRules telling = store.launch().settings().notices().telling();
        List<DowntimeSummary> absences =
                timed().stream().flatMap(agent -> agent.absences(book).stream()).toList();
        String down =
                life.isBefore(now) ? Durations.brief(Duration.between(life, now)) : "since the clock was set back";
        String sentence = "down " + down + ": " + DowntimeSummary.sentence(absences);
        if (absences.isEmpty()) {
            LOG.info(sentence);
        } else {
            LOG.warn(sentence);
        }
        if (DowntimeSummary.lost(absences) > 0 && telling.on().contains(NoticeEvent.MISSED)) {
            work.targets().report(NoticeEvent.MISSED, new Notice.About.Alert(sentence, now), telling.targets());
        }
    }

    private static void announce(RecipeBook book) {
        book.warning().ifPresent(LOG::warn);
        book.broken().forEach(entry -> entry.problems().forEach(problem -> LOG.warn("{}", problem)));
    }

    /**
     * Reads the recipes again. A recipe that is missing from a readable folder is removed for good.
     *
     * @throws ProblemException when the recipes cannot be read
     */
    RecipeBook confirmed() {
        RecipeBook book = store.rescan(true);
        work.dispatcher().confirmRemoved();
        return book;
    }

    static Optional<RecipeBook> orLog(Supplier<RecipeBook> reading) {
        try {
            return Optional.of(reading.get());
        } catch (ProblemException e) {
            LOG.error("cannot reload the recipes: {}", e.getMessage());
            return Optional.empty();
        }
    }
}
