package io.leprechaun.daemon;

import io.leprechaun.api.Access;
import io.leprechaun.api.ExitCode;
import io.leprechaun.api.Handler;
import io.leprechaun.api.Problem;
import io.leprechaun.api.ProblemException;
import io.leprechaun.api.Registrator;
import io.leprechaun.api.Verbs;
import io.leprechaun.daemon.Daemon.StartOptions;
import io.leprechaun.daemon.access.ConsoleDoor;
import io.leprechaun.daemon.access.Doors;
import io.leprechaun.daemon.access.OwnDoor;
import io.leprechaun.daemon.agent.AfterTrigger;
import io.leprechaun.daemon.command.Commands;
import io.leprechaun.daemon.desk.AgentServices;
import io.leprechaun.daemon.desk.CommandParts;
import io.leprechaun.daemon.desk.NoticeTarget;
import io.leprechaun.daemon.desk.NoticeTargets;
import io.leprechaun.daemon.event.Events;
import io.leprechaun.daemon.event.Topic;
import io.leprechaun.daemon.history.Notice;
import io.leprechaun.daemon.history.StoreException;
import io.leprechaun.daemon.http.Router;
import io.leprechaun.daemon.lifecycle.Parts;
import io.leprechaun.daemon.lifecycle.SelfWatch;
import io.leprechaun.daemon.log.Log;
import io.leprechaun.daemon.recipe.folder.RecipeBook;
import io.leprechaun.daemon.session.OneTimeLinks;
import io.leprechaun.daemon.settings.notify.NoticeEvent;
import io.leprechaun.daemon.startup.StartException;
import io.leprechaun.daemon.zone.HostZone;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The fourth assembly: the servers of the daemon, and its self-watch. Opened and closed by the {@link Daemon}.
 *
 * @param router the routes at the socket
 * @param remoteRouter the routes over TCP
 * @param console the port of the API over TCP
 * @param own the socket of ordinary users, if the settings let them have recipes
 * @param events the events for callers of the API
 */
record EdgeAssembly(
        StoreAssembly store,
        WorkAssembly work,
        AgentAssembly agents,
        ClockKeeper keeper,
        MetricsService metrics,
        Router router,
        Supplier<Router> remoteRouter,
        ConsoleDoor console,
        Optional<OwnDoor> own,
        Events events) {
    private static final Logger LOG = LoggerFactory.getLogger(EdgeAssembly.class);
    /**
     * The time for runs that may finish when the daemon stops: with the time for ending the others, less than the 90
     * seconds that systemd allows.
     */
    private static final Duration STOP_LIMIT = Duration.ofSeconds(60);

    private static final Duration WARM_UP = Duration.ofSeconds(2);

    /** Makes the servers, which are not reachable yet. */
    static EdgeAssembly open(Parts parts, AgentAssembly agents, CompletableFuture<ExitCode> end) {
        var store = agents.store();
        var work = agents.work();
        var launch = store.launch();
        var events = new Events(launch.clock(), launch.version());
        var links = new OneTimeLinks(System::nanoTime);
        var settings = launch.settings().console();
        var console = parts.own(new ConsoleDoor(
                settings,
                work.alarms(),
                new ConsoleDoor.DoorParts(
                        store.tokens(),
                        store.sessions(),
                        links,
                        store.changes(),
                        work.traffic(),
                        Host.name(),
                        launch.version()),
                System::nanoTime));
        var commands = new CommandParts(
                store.store(),
                store.store().archive(),
                store.recipes()::book,
                work.dispatcher(),
                work.executions(),
                agents.documents(),
                agents.known(),
                new AgentServices(agents.services(), true),
                new NoticeTargets(work.targets().all().stream()
                        .<NoticeTarget>map(NotifyTarget::new)
                        .toList()),
                store.tokens(),
                new CommandParts.ConsoleParts(console, links, store.sessions()),
                store.changes(),
                events,
                launch.recipes()::resolved);
        var registrators = new ArrayList<Registrator>(agents.services());
        registrators.addAll(new Commands(commands.all()).all());
        var health = health(agents, console);
        var selfWatch =
                parts.own(SelfWatch.open(watched(agents), work.alarms(), new FaultNotices(store, work, health, end)));
        health.watch(selfWatch::faults);
        new EventSources(events, agents, () -> health.look().trouble()).begin();
        registrators.add(new DaemonService(
                identity(launch),
                launch.clock(),
                health,
                agents::services,
                agents::confirmed,
                launch.now(),
                () -> end.complete(ExitCode.OK)));
        var keeper = new ClockKeeper(
                store.guard(),
                launch.clock(),
                store.store().clock(),
                agents.timed(),
                by -> {
                    work.dispatcher().clockSet(by);
                    events.publish(Topic.CLOCK, Optional.empty(), Map.of("set", by.toMillis() / 1000.0));
                },
                agents.documents());
        registrators.add(keeper);
        var metrics = new MetricsService(agents, health, keeper);
        health.add(Health.METRICS, metrics::fault);
        registrators.add(metrics);
        var own = store.users()
                .map(kept -> new OwnDoor(
                        launch.settings().users(),
                        kept,
                        safe(registrators),
                        user -> safe(new Commands(commands.of(user)).forOwners()),
                        user -> commands.recipesOf(user).last().count(),
                        () -> store.rescan(false)));
        return new EdgeAssembly(
                store,
                work,
                agents,
                keeper,
                metrics,
                Router.of(safe(registrators)),
                () -> Router.of(safe(remote(registrators))),
                console,
                own,
                events);
    }

    /** Starts the agents, and opens the sockets. */
    void begin(Doors doors, Parts parts) throws IOException, InterruptedException, StartException {
        try {
            console.check(); // before any run is started
            agents.services()
                    .reversed()
                    .forEach(
                            service -> { // the server first: no agent has begun if its port is in use
                                parts.own(service::end);
                                service.begin("the daemon was not running");
                            });
            doors.open(router, own, store.changes(), work.traffic(), parts);
            console.begin(new ConsoleDoor.Authorized(doors.roles(), remoteRouter));
            parts.own(events); // closed before the servers, which wait for their readers
        } catch (IOException | RuntimeException e) {
            work.dispatcher().shutDown("the daemon could not start", Duration.ZERO);
            throw e;
        }
        keepClock();
        metrics.begin(work, parts);
        parts.own(() -> work.dispatcher().shutDown("the daemon was stopped", STOP_LIMIT));
        follow(parts);
        boolean mails = store.launch().settings().notices().mail().isPresent();
        work.alarms().in(WARM_UP, () -> WarmUp.begin(mails));
        HostZone.here().doubt().ifPresent(LOG::warn);
    }

    private void keepClock() {
        keeper.begin();
        Runnable look = () -> {
            var unused =
                    keeper.look().thenRun(() -> store.state().keep(store.guard().known()));
        };
        work.alarms().every(ClockKeeper.PERIOD, look);
        agents.timed().forEach(agent -> agent.whenClockIsSet(() -> work.alarms().in(Duration.ZERO, look)));
    }

    /** Starts the trigger by which ends of runs make other recipes due. */
    private void follow(Parts parts) {
        var following = parts.own(new AfterTrigger(
                work.dispatcher(), store.store(), store.launch().clock(), agents.known()::workers));
        work.ends().add(following::ended);
        agents.changes().add(changed -> following.update(changed.recipes()));
        following.update(store.recipes().book().recipes());
    }

    /** The listener that sends the findings of the self-watch as notices. */
    private record FaultNotices(StoreAssembly store, WorkAssembly work, Health health, CompletableFuture<ExitCode> end)
            implements SelfWatch.Hearer {
        @Override
        public void alarm(String sentence) {
            var about = new Notice.About.Alert(sentence, store.launch().clock().instant());
            work.targets()
                    .report(
                            NoticeEvent.ALARM,
                            about,
                            store.launch().settings().notices().telling().targets());
        }

        @Override
        public void looked() {
            health.look();
        }

        @Override
        public void lost(String sentence) {
            end.complete(ExitCode.DEFECT);
        }
    }

    /** Returns the checks of the daemon, without those that the self-watch makes. */
    private static Health health(AgentAssembly agents, ConsoleDoor console) {
        var store = agents.store();
        var health = new Health(store.launch().clock(), agents.documents());
        health.add(SelfWatch.STORE, () -> trouble(store, false));
        health.add(Health.DISK, () -> trouble(store, true));
        health.add(Health.CLOCK, store.guard()::doubt);
        health.add(
                SelfWatch.WATCHER,
                () -> agents.expected() ? noRecipes(store.recipes().book()) : Optional.empty());
        health.addAll(() -> agents.agents().stream()
                .map(agent -> new SelfWatch.Part(SelfWatch.LISTENERS, agent::broken))
                .toList());
        health.add(SelfWatch.LISTENERS, console::fault);
        agents.work().targets().all().forEach(target -> health.add(SelfWatch.NOTICES, target.notifier()::fault));
        return health;
    }

    private static Optional<String> trouble(StoreAssembly store, boolean full) {
        return store.store()
                .trouble()
                .filter(why -> full == (why.fault() == StoreException.StoreFault.FULL))
                .map(why -> String.valueOf(why.getMessage()));
    }

    private static List<SelfWatch.Part> watched(AgentAssembly agents) {
        var watched = new ArrayList<SelfWatch.Part>();
        watched.add(new SelfWatch.Part(Health.CLOCK, agents.store().guard()::doubt));
        watched.add(new SelfWatch.Part(SelfWatch.WATCHER, agents.store().recipes()::fault));
        watched.add(new SelfWatch.Part(Health.DISK, agents.store().outputs()::fault));
        agents.timed().forEach(agent -> watched.add(new SelfWatch.Part(SelfWatch.TIMERS, agent::fault)));
        agents.work()
                .channels()
                .forEach(channel -> watched.add(new SelfWatch.Part(SelfWatch.CHANNELS, channel::fault)));
        watched.add(new SelfWatch.Part(Health.LOG, Log::fault));
        return watched;
    }

    /**
     * Returns the reason why a daemon that knew recipes has none; empty: it has some, or there is no warning about the
     * folder.
     */
    private static Optional<String> noRecipes(RecipeBook book) {
        return book.recipes().isEmpty() ? book.warning() : Optional.empty();
    }

    /** A service over TCP. */
    private record RemoteService(String name, List<Handler> handlers) implements Registrator {}

    /**
     * Returns the services over TCP. A token or session must not make others that outlive it. The environment of steps
     * may hold more than a reader of runs should see.
     */
    private static List<Registrator> remote(List<Registrator> services) {
        return services.stream()
                .<Registrator>map(service -> new RemoteService(
                        service.name(),
                        service.handlers().stream()
                                .map(handler -> remote(service.name(), handler))
                                .toList()))
                .toList();
    }

    private static Handler remote(String service, Handler handler) {
        if (service.equals(Verbs.TOKEN)) {
            return new Handler(handler.command(), handler.access(), call -> {
                throw new ProblemException(Problem.notPermitted(
                        "tokens are managed at the daemon's socket only: use `leprechaun token` on its host"));
            });
        }
        if (service.equals(Verbs.CONSOLE) && handler.command().equals("open")) {
            return new Handler(handler.command(), handler.access(), call -> {
                throw new ProblemException(Problem.notPermitted(
                        "links are made at the daemon's socket only: use `leprechaun console` on its host"));
            });
        }
        if (handler.command().equals("env")) {
            return new Handler(handler.command(), handler.access(), call -> {
                if (!call.caller().may(Access.CHANGE)) {
                    throw new ProblemException(Problem.notPermitted(
                            "permission denied: `env` requires a token or session with the scope operate"));
                }
                return handler.answer().apply(call);
            });
        }
        return handler;
    }

    /** Returns services that report faults of the store to their callers. */
    private static List<Registrator> safe(List<? extends Registrator> services) {
        return services.stream()
                .map(StoreProblems::new)
                .map(Registrator.class::cast)
                .toList();
    }

    private static DaemonService.DaemonFacts identity(StartOptions launch) {
        return new DaemonService.DaemonFacts(
                launch.version(),
                launch.settings().file(),
                launch.state(),
                launch.socket(),
                launch.folder(),
                launch.settings().zone().getId());
    }
}
