package io.leprechaun.daemon;

import io.leprechaun.api.ExitCode;
import io.leprechaun.api.Problem;
import io.leprechaun.api.ProblemException;
import io.leprechaun.api.Registrator;
import io.leprechaun.daemon.access.Doors;
import io.leprechaun.daemon.access.OwnDoor;
import io.leprechaun.daemon.agent.AfterTrigger;
import io.leprechaun.daemon.agent.Agent;
import io.leprechaun.daemon.agent.ClockGuard;
import io.leprechaun.daemon.agent.DowntimeSummary;
import io.leprechaun.daemon.agent.NextTable;
import io.leprechaun.daemon.agent.Service;
import io.leprechaun.daemon.agent.TimedAgent;
import io.leprechaun.daemon.agent.cron.Cron;
import io.leprechaun.daemon.agent.scheduler.Scheduler;
import io.leprechaun.daemon.agent.server.Server;
import io.leprechaun.daemon.body.BodyFolder;
import io.leprechaun.daemon.command.Commands;
import io.leprechaun.daemon.desk.AgentServices;
import io.leprechaun.daemon.desk.CommandParts;
import io.leprechaun.daemon.desk.HoldForecast;
import io.leprechaun.daemon.desk.NoticeTarget;
import io.leprechaun.daemon.desk.NoticeTargets;
import io.leprechaun.daemon.desk.RunningAgents;
import io.leprechaun.daemon.execution.Accounts;
import io.leprechaun.daemon.execution.Executions;
import io.leprechaun.daemon.history.ClockLog;
import io.leprechaun.daemon.history.Notice;
import io.leprechaun.daemon.history.Retention;
import io.leprechaun.daemon.history.RunStore;
import io.leprechaun.daemon.history.StoreException;
import io.leprechaun.daemon.hook.Gate;
import io.leprechaun.daemon.hook.Keyring;
import io.leprechaun.daemon.http.Router;
import io.leprechaun.daemon.http.UnusableFileException;
import io.leprechaun.daemon.http.hook.HookServer;
import io.leprechaun.daemon.lifecycle.Alarms;
import io.leprechaun.daemon.lifecycle.HostClock;
import io.leprechaun.daemon.lifecycle.Parts;
import io.leprechaun.daemon.lifecycle.SelfWatch;
import io.leprechaun.daemon.lifecycle.Threads;
import io.leprechaun.daemon.log.Log;
import io.leprechaun.daemon.notify.MessageWriter;
import io.leprechaun.daemon.notify.RunContextFinder;
import io.leprechaun.daemon.notify.delivery.CommandRun;
import io.leprechaun.daemon.notify.delivery.Targets;
import io.leprechaun.daemon.output.LeftMasks;
import io.leprechaun.daemon.output.OutputFolder;
import io.leprechaun.daemon.output.OutputWatch;
import io.leprechaun.daemon.posix.Boot;
import io.leprechaun.daemon.posix.Self;
import io.leprechaun.daemon.posix.User;
import io.leprechaun.daemon.process.Processes;
import io.leprechaun.daemon.recipe.Recipe;
import io.leprechaun.daemon.recipe.RecipeName;
import io.leprechaun.daemon.recipe.TriggerKind;
import io.leprechaun.daemon.recipe.folder.RecipeBook;
import io.leprechaun.daemon.recipe.folder.RecipeFolder;
import io.leprechaun.daemon.recipe.folder.RecipeWatcher;
import io.leprechaun.daemon.recipe.folder.UserRecipes;
import io.leprechaun.daemon.recipe.reader.RecipeReader;
import io.leprechaun.daemon.run.Run;
import io.leprechaun.daemon.run.RunState;
import io.leprechaun.daemon.settings.AgentName;
import io.leprechaun.daemon.settings.HookSettings;
import io.leprechaun.daemon.settings.NoticeEvent;
import io.leprechaun.daemon.settings.NotifyRules;
import io.leprechaun.daemon.settings.RetentionLimits;
import io.leprechaun.daemon.settings.Settings;
import io.leprechaun.daemon.startup.Reasons;
import io.leprechaun.daemon.startup.SettingsNow;
import io.leprechaun.daemon.startup.StartException;
import io.leprechaun.daemon.startup.StateFolder;
import io.leprechaun.daemon.store.SqliteStore;
import io.leprechaun.daemon.trust.Trust;
import io.leprechaun.daemon.trust.UntrustedException;
import io.leprechaun.daemon.units.Durations;
import io.leprechaun.daemon.view.RunDocument;
import io.leprechaun.daemon.worker.Channel;
import io.leprechaun.daemon.worker.Dispatcher;
import io.leprechaun.daemon.worker.End;
import io.leprechaun.daemon.worker.Pauses;
import io.leprechaun.daemon.worker.Recovery;
import io.leprechaun.daemon.zone.HostZone;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The composition root: makes every part, ties them together, starts and stops them. The only place that knows them all. */
final class Daemon implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Daemon.class);
    /** How long runs that may finish have when the daemon stops: with the time for ending the others less than the 90 seconds that systemd gives. */
    private static final Duration STOP_LIMIT = Duration.ofSeconds(60);

    private static final Duration WARM_UP = Duration.ofSeconds(2);
    private static final Duration PORT_RETRY = Duration.ofSeconds(5);

    private static final int ERRORS_KEPT = 1024;

    private final Launch launch;
    private final Parts parts = new Parts();
    private final CompletableFuture<ExitCode> end;
    private final List<Service> services = new ArrayList<>();
    private final List<Channel<?>> channels = new ArrayList<>();
    private volatile Optional<RecipeWatcher> recipes = Optional.empty();
    private volatile Optional<Dispatcher> dispatcher = Optional.empty();
    private volatile Optional<Retention> retention = Optional.empty();
    private volatile Optional<AfterTrigger> followers = Optional.empty();
    private volatile Optional<ClockGuard> clocks = Optional.empty();

    /**
     * What a daemon is started with.
     *
     * @param recipes how they are read
     * @param folder of the recipes
     * @param now what has become of the settings
     */
    record Launch(
            Settings settings,
            SettingsNow now,
            RecipeReader recipes,
            Path folder,
            Path state,
            Path socket,
            String version,
            HostClock clock) {}

    private Daemon(Launch launch, CompletableFuture<ExitCode> end) {
        this.launch = launch;
        this.end = end;
    }

    /**
     * Starts a daemon; when this returns it takes what is due, unless it is to end already.
     *
     * @param end completed when it is to end, by it too: {@link ExitCode#DEFECT} where a thread has ended that nothing can replace
     * @throws StartException if it cannot start; nothing of it is left then
     */
    static Daemon start(Launch launch, CompletableFuture<ExitCode> end) throws StartException {
        var daemon = new Daemon(launch, end);
        try {
            daemon.open();
            return daemon;
        } catch (StoreException e) {
            daemon.close();
            boolean mayPass = e.fault().mayPass() || e.fault() == StoreException.Fault.FAILED;
            throw mayPass ? StartException.notNow(Reasons.of(e)) : new StartException(Reasons.of(e));
        } catch (IllegalStateException | UnsupportedOperationException e) {
            daemon.close();
            throw new StartException(Reasons.of(e));
        } catch (IOException e) {
            daemon.close();
            throw refused(e);
        } catch (UncheckedIOException e) {
            daemon.close();
            throw refused(e.getCause());
        } catch (OutOfMemoryError e) {
            daemon.close();
            throw StartException.notNow("out of memory or threads (" + e.getMessage()
                    + "): raise the limit of processes (TasksMax=, ulimit -u) or the memory"
                    + " (LEPRECHAUN_JAVA_OPTS=-Xmx256m)");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            daemon.close();
            throw StartException.notNow("the start was interrupted");
        }
    }

    /** Files that cannot be used stay so until somebody changes them; ports, sockets and disks may come free. */
    private static StartException refused(@Nullable IOException e) {
        boolean stays = e instanceof UntrustedException || e instanceof UnusableFileException;
        return stays ? new StartException(Reasons.of(e)) : StartException.notNow(Reasons.of(e));
    }

    private void open() throws StartException, IOException, InterruptedException {
        var settings = launch.settings();
        var clock = launch.clock();
        var accounts = Accounts.ofHost();
        checkUsers(settings);
        var doors = Doors.of(settings.access(), launch.socket());
        var documents = new RunDocument(settings.zone());
        Function<RecipeName, NotifyRules> tell = this::telling;

        var state = parts.own(StateFolder.open(launch.state()));
        var users = Optional.of(new UserRecipes(state.users(), settings.users(), launch.recipes()))
                .filter(_ -> settings.users().isOn());
        var recipes = parts.own(
                RecipeWatcher.open(new RecipeFolder(launch.folder(), launch.recipes(), Trust::strict, clock, users)));
        parts.own(() -> clocks.ifPresent(guard -> state.touch(guard.known())));
        var outputs = new OutputFolder(state.output());
        var store = parts.own(SqliteStore.open(state.store(), state.files()));
        state.files().watch(store::save);
        store.skipIds(outputs.newest());
        var processes = parts.own(Processes.open());
        var alarms = parts.own(Alarms.open());
        String boot = Boot.id();
        var guard = new ClockGuard(clock, boot, state.lastClock(), Boot::isClockSynchronised);
        state.touch(guard.known()); // so that the next daemon knows how long nobody was there
        startClock(guard, store);
        var watch = parts.own(OutputWatch.open(processes));
        var masks = parts.own(LeftMasks.open(processes, alarms));
        var environment = System.getenv();
        var executions = new Executions(
                processes,
                outputs,
                state.files(),
                watch,
                masks,
                accounts,
                store.identity(),
                clock,
                alarms,
                environment);
        var dispatcher = new Dispatcher(store, executions, Pauses.of(store, documents.zone()), tell);
        var command = new CommandRun.Surroundings(processes, store.identity(), state.notifyOutput(), environment);
        var means = new Targets.Means(
                store.outbox(),
                letters(store, outputs, masks, documents),
                alarms,
                command,
                tell,
                clock,
                settings.zone());
        var targets = parts.own(Targets.open(settings.notices(), means));
        Consumer<End> ended = end -> {
            retention.ifPresent(Retention::runEnded);
            followers.ifPresent(following -> following.ended(end));
        };
        register(dispatcher, targets::wake, ended);
        dispatcher.onBegin(run -> {
            if (targets.isPinged(run)) {
                var unused = store.outbox().begun(run).thenRun(() -> targets.wake(run));
            }
        });

        var unfinished = store.unfinished();
        boolean expected = !unfinished.isEmpty() || !store.archive().kept().isEmpty();
        var book = recipes.start(expected, changed -> {
            dispatcher.update(changed);
            services.forEach(Service::update);
            followers.ifPresent(following -> following.update(changed.recipes()));
        });
        parts.own(recipes::close); // before those that it tells
        this.recipes = Optional.of(recipes);
        this.dispatcher = Optional.of(dispatcher);
        var agents = new ArrayList<Agent>();
        var known = new RunningAgents(agents, services);
        Function<String, Optional<Recipe>> named =
                name -> recipes.book().entry(name).flatMap(RecipeBook.Entry::recipe);
        var outlook = new HoldForecast(named, known::closed, dispatcher.pauses(), documents);
        var next = NextTable.ofRecipes(documents, outlook::against);
        agents.add(new Scheduler(dispatcher, store, clock, guard, next, recipes::book));
        agents.add(new Cron(dispatcher, store, clock, guard, next, recipes::book, boot));
        agents.add(
                server(settings, dispatcher, store, documents, outputs.bodies(), guard::steady, environment, alarms));
        agents.removeIf(agent -> !settings.agent(agent.name()).enabled());
        state.lastLife().ifPresent(life -> sumUp(agents, book, life, store));
        announce(book);
        new Recovery(store, dispatcher, launch.recipes(), executions, tell, guard.setBeforeStart()).run(unfinished);
        targets.wake();
        retention = Optional.of(parts.own(Retention.open(
                store.archive(),
                outputs,
                guard::steady,
                name -> keep(recipes.book(), name),
                settings.total(),
                () -> guard.doubt().isPresent())));
        Supplier<List<Recipe>> inForce = () -> recipes.book().recipes();
        Runnable reread = () -> orLog(() -> rescan(recipes, false));
        var around = new Service.Surroundings(store, clock, alarms);
        agents.forEach(agent -> services.add(new Service(agent, dispatcher, inForce, reread, documents, around)));

        var commands = new CommandParts(
                store,
                store.archive(),
                recipes::book,
                dispatcher,
                executions,
                documents,
                known,
                new AgentServices(services, true),
                new NoticeTargets(targets.all().stream()
                        .<NoticeTarget>map(NotifyTarget::new)
                        .toList()),
                launch.recipes()::resolved);
        var registrators = new ArrayList<Registrator>(services);
        registrators.addAll(new Commands(commands.all()).all());
        var selfWatch = parts.own(SelfWatch.open(watched(recipes, outputs, agents), alarms, new SelfWatch.Hearer() {
            @Override
            public void alarm(String sentence) {
                var about = new Notice.About.Found(sentence, clock.instant());
                var unused = store.outbox()
                        .tell(
                                NoticeEvent.ALARM,
                                about,
                                settings.notices().telling().targets());
                targets.wake();
            }

            @Override
            public void lost(String sentence) {
                end.complete(ExitCode.DEFECT);
            }
        }));
        Supplier<Optional<String>> trouble = () -> store.trouble()
                .map(why -> String.valueOf(why.getMessage()))
                .or(guard::doubt)
                .or(() -> expected ? noRecipes(recipes.book()) : Optional.empty())
                .or(() -> agents.stream()
                        .flatMap(agent -> agent.broken().stream())
                        .findFirst())
                .or(selfWatch::alarm);
        registrators.add(new DaemonService(
                identity(),
                clock,
                trouble,
                () -> services,
                this::confirmed,
                launch.now(),
                () -> end.complete(ExitCode.OK)));
        var keeper = new ClockKeeper(guard, clock, store.clock(), timed(agents), dispatcher::clockSet, documents);
        registrators.add(keeper);
        var router = Router.of(safe(registrators));
        var own = users.map(kept -> new OwnDoor(
                settings.users(),
                kept,
                safe(registrators),
                user -> safe(new Commands(commands.of(user)).forOwners()),
                user -> commands.recipesOf(user).last().count(),
                () -> rescan(recipes, false)));

        if (end.isDone()) {
            return; // before anything is taken: what waits stays in the store
        }
        try {
            services.reversed()
                    .forEach(
                            service -> { // the server first: nothing has begun when its port is taken
                                parts.own(service::end);
                                service.begin("the daemon was not running");
                            });
            doors.open(router, own, parts);
        } catch (IOException | RuntimeException e) {
            dispatcher.shutDown("the daemon could not start", Duration.ZERO);
            throw e;
        }
        keeper.begin();
        Runnable look = () -> {
            var unused = keeper.look().thenRun(() -> state.keep(guard.known()));
        };
        alarms.every(ClockKeeper.PERIOD, look);
        timed(agents).forEach(agent -> agent.whenClockIsSet(() -> alarms.in(Duration.ZERO, look)));
        parts.own(() -> dispatcher.shutDown("the daemon was stopped", STOP_LIMIT));
        var following = parts.own(new AfterTrigger(dispatcher, store, clock, known::workers));
        followers = Optional.of(following);
        following.update(recipes.book().recipes());
        alarms.in(WARM_UP, () -> WarmUp.begin(settings.notices().mail().isPresent()));
        HostZone.here().doubt().ifPresent(LOG::warn);
        LOG.info(
                "leprechaun {} is ready: pid {}, socket {}, {} recipes in {}",
                launch.version(),
                ProcessHandle.current().pid(),
                launch.socket(),
                recipes.book().recipes().size(),
                launch.folder());
    }

    /** Services whose callers are told what is wrong with the store. */
    private static List<Registrator> safe(List<? extends Registrator> services) {
        return services.stream()
                .map(StoreProblems::new)
                .map(Registrator.class::cast)
                .toList();
    }

    private MessageWriter letters(RunStore store, OutputFolder outputs, LeftMasks masks, RunDocument documents) {
        var past = new RunContextFinder(store, documents, launch.settings().file());
        return new MessageWriter(Host.name(), outputs, masks::of, documents, past);
    }

    /** A user that is not there would fail every run: better no start than that. */
    private static void checkUsers(Settings settings) throws StartException {
        if (Self.uid() != 0 && settings.users().isOn()) {
            throw new StartException(
                    "users: only a daemon of root's can run recipes as their owners: remove the section,"
                            + " or let each user run a daemon of their own");
        }
        if (Self.uid() != 0) {
            return;
        }
        var named = Stream.concat(
                settings.runAs().stream(),
                settings.agents().values().stream().flatMap(agent -> agent.runAs().stream()));
        for (String user : named.distinct().toList()) {
            if (User.named(user).isEmpty()) {
                throw new StartException("run_as: there is no user '" + user
                        + "' on this host; make it with useradd --system, or name another");
            }
        }
    }

    private List<Supplier<Optional<String>>> watched(RecipeWatcher recipes, OutputFolder outputs, List<Agent> agents) {
        var watched = new ArrayList<Supplier<Optional<String>>>();
        watched.add(() -> clocks.flatMap(ClockGuard::doubt));
        watched.add(recipes::ailment);
        watched.add(outputs::ailment);
        timed(agents).forEach(agent -> watched.add(agent::ailment));
        channels.forEach(channel -> watched.add(channel::ailment));
        watched.add(Log::ailment);
        return watched;
    }

    private static List<TimedAgent> timed(List<Agent> agents) {
        return agents.stream()
                .filter(TimedAgent.class::isInstance)
                .map(TimedAgent.class::cast)
                .toList();
    }

    /** Keeps what the clock did before this start, and lets what goes by elapsed time go on. */
    private void startClock(ClockGuard guard, RunStore store) {
        clocks = Optional.of(guard);
        Duration set = guard.setBeforeStart();
        if (guard.doubt().isPresent()) {
            Instant latest = guard.believed().plus(StateFolder.TOUCHED); // it may have lived on for as long
            Stream.of(TriggerKind.CRON, TriggerKind.SCHEDULE)
                    .flatMap(trigger -> store.ledger().lastDue(trigger).values().stream())
                    .filter(latest::isAfter)
                    .max(Instant::compareTo)
                    .ifPresent(guard::believedAt);
        }
        var unused = store.clock().add(ClockLog.Kind.START, launch.clock().instant(), set);
        if (!set.isZero()) {
            LOG.warn(
                    "the clock was set {} by {} while no daemon ran",
                    set.isNegative() ? "back" : "forward",
                    Durations.format(set.abs()));
            store.ledger().shift(set).join();
        }
    }

    /** Tells what was due while no daemon was there, before anything else is told: in a line, and in one notice for all that was missed. */
    private void sumUp(List<Agent> agents, RecipeBook book, Instant life, RunStore store) {
        Instant now = launch.clock().instant();
        NotifyRules telling = launch.settings().notices().telling();
        List<DowntimeSummary> absences = timed(agents).stream()
                .flatMap(agent -> agent.absences(book).stream())
                .toList();
        String down =
                life.isBefore(now) ? Durations.brief(Duration.between(life, now)) : "since the clock was set back";
        String sentence = "down " + down + ": " + DowntimeSummary.sentence(absences);
        if (absences.isEmpty()) {
            LOG.info(sentence);
        } else {
            LOG.warn(sentence);
        }
        if (DowntimeSummary.lost(absences) > 0 && telling.on().contains(NoticeEvent.MISSED)) {
            var unused =
                    store.outbox().tell(NoticeEvent.MISSED, new Notice.About.Found(sentence, now), telling.targets());
        }
    }

    /** How much is kept of a recipe, which may be gone. Everything while it is broken or its folder is missing: it may ask for more than the settings do. */
    private RetentionLimits keep(RecipeBook book, RecipeName name) {
        return book.recipe(name)
                .map(recipe -> recipe.bounds().history().keep())
                .or(() -> book.mayHold(name) ? Optional.of(RetentionLimits.EVERYTHING) : Optional.empty())
                .orElse(launch.settings().history().keep());
    }

    private void register(Dispatcher dispatcher, Consumer<Run> wake, Consumer<End> ended) {
        for (AgentName agent : Settings.AGENTS) {
            var workers = launch.settings().agent(agent).workers();
            var done = parts.own(Channel.<End>lossless(agent + "-done", end -> {
                LOG.info("{}", end.run().sentence());
                ended.accept(end);
                if (end.run().state() == RunState.SUCCEEDED) {
                    wake.accept(end.run()); // a recovery may be to be told
                }
            }));
            var errors = parts.own(Channel.<Run>bounded(agent + "-errors", ERRORS_KEPT, wake));
            channels.addAll(List.of(done, errors));
            dispatcher.register(agent, workers.max(), workers.queue(), done, errors);
        }
    }

    private Server server(
            Settings settings,
            Dispatcher dispatcher,
            RunStore store,
            RunDocument documents,
            BodyFolder bodies,
            InstantSource steady,
            Map<String, String> environment,
            Alarms alarms) {
        var hooks = settings.agent(AgentName.SERVER).hooks().orElse(HookSettings.DEFAULTS);
        var gate = new Gate(new Keyring(environment));
        return new Server(
                dispatcher,
                store,
                parts.own(new HookServer(hooks, bodies)),
                documents,
                gate,
                launch.clock(),
                steady,
                hooks.bytesAMinute(),
                task -> alarms.in(
                        PORT_RETRY, () -> Threads.virtual("hook-port", task).start()));
    }

    private DaemonService.Identity identity() {
        return new DaemonService.Identity(
                launch.version(),
                launch.settings().file(),
                launch.state(),
                launch.socket(),
                launch.folder(),
                launch.settings().zone().getId());
    }

    /** Why a daemon that knew recipes has none; empty: it has, or the folder says that there are none. */
    private static Optional<String> noRecipes(RecipeBook book) {
        return book.recipes().isEmpty() ? book.warning() : Optional.empty();
    }

    /**
     * Reads the recipes again. What is removed from a folder that can be read is so for good.
     *
     * @throws ProblemException when the recipes cannot be read
     */
    private RecipeBook confirmed() {
        RecipeBook book = rescan(recipes.orElseThrow(), true);
        dispatcher.ifPresent(Dispatcher::confirmRemoved);
        return book;
    }

    /** @throws ProblemException when the recipes cannot be read */
    private static RecipeBook rescan(RecipeWatcher recipes, boolean confirm) {
        try {
            return recipes.rescanNow(confirm);
        } catch (RecipeWatcher.NotReadException e) {
            String why = String.valueOf(e.getMessage());
            throw new ProblemException(
                    e.isLate()
                            ? new Problem(504, "Not reloaded", why, ExitCode.TIMED_OUT)
                            : new Problem(500, "Not reloaded", why, ExitCode.DEFECT));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return recipes.book();
        }
    }

    private static Optional<RecipeBook> orLog(Supplier<RecipeBook> reading) {
        try {
            return Optional.of(reading.get());
        } catch (ProblemException e) {
            LOG.error("not reloaded: {}", e.getMessage());
            return Optional.empty();
        }
    }

    private static void announce(RecipeBook book) {
        book.warning().ifPresent(LOG::warn);
        book.broken().forEach(entry -> entry.problems().forEach(problem -> LOG.warn("{}", problem)));
    }

    /** What people are told of a recipe, which may be gone. */
    private NotifyRules telling(RecipeName name) {
        return recipes.flatMap(watcher -> watcher.book().entry(name.value()))
                .flatMap(RecipeBook.Entry::recipe)
                .map(recipe -> recipe.bounds().telling())
                .orElse(launch.settings().notices().telling());
    }

    /** Reads the recipes anew. */
    void reload() {
        recipes.flatMap(unused -> orLog(this::confirmed))
                .ifPresent(
                        book -> LOG.info("reloaded: {} recipes", book.recipes().size()));
        launch.now().failure().ifPresent(LOG::error);
    }

    /** Stops everything in reverse order. */
    @Override
    public void close() {
        parts.close();
    }
}
