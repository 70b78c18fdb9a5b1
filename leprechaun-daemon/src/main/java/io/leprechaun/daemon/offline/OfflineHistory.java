package io.leprechaun.daemon.offline;

import io.leprechaun.api.Access;
import io.leprechaun.api.Call;
import io.leprechaun.api.Caller;
import io.leprechaun.api.ExitCode;
import io.leprechaun.api.Handler;
import io.leprechaun.api.Printable;
import io.leprechaun.api.Problem;
import io.leprechaun.api.ProblemException;
import io.leprechaun.api.Verbs;
import io.leprechaun.daemon.agent.Agent;
import io.leprechaun.daemon.agent.ClockGuard;
import io.leprechaun.daemon.agent.NextTable;
import io.leprechaun.daemon.agent.Status;
import io.leprechaun.daemon.agent.cron.Cron;
import io.leprechaun.daemon.agent.scheduler.Scheduler;
import io.leprechaun.daemon.agent.server.HookListener;
import io.leprechaun.daemon.agent.server.Server;
import io.leprechaun.daemon.desk.Book;
import io.leprechaun.daemon.desk.Desk;
import io.leprechaun.daemon.desk.History;
import io.leprechaun.daemon.desk.Pausing;
import io.leprechaun.daemon.desk.UsageTable;
import io.leprechaun.daemon.execution.Accounts;
import io.leprechaun.daemon.execution.Executions;
import io.leprechaun.daemon.hook.Gate;
import io.leprechaun.daemon.hook.Keyring;
import io.leprechaun.daemon.lifecycle.Alarms;
import io.leprechaun.daemon.lifecycle.HostClock;
import io.leprechaun.daemon.lifecycle.Parts;
import io.leprechaun.daemon.lifecycle.StateFiles;
import io.leprechaun.daemon.output.LeftMasks;
import io.leprechaun.daemon.output.OutputFolder;
import io.leprechaun.daemon.output.OutputWatch;
import io.leprechaun.daemon.process.Processes;
import io.leprechaun.daemon.recipe.folder.RecipeFolder;
import io.leprechaun.daemon.settings.NotifyRules;
import io.leprechaun.daemon.startup.Loaded;
import io.leprechaun.daemon.startup.StateFolder;
import io.leprechaun.daemon.store.SqliteStore;
import io.leprechaun.daemon.trust.Trust;
import io.leprechaun.daemon.view.RunDocument;
import io.leprechaun.daemon.worker.Dispatcher;
import io.leprechaun.daemon.worker.Pauses;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Answers what can be told of the history while no daemon runs, out of its state folder, by the same classes. */
record OfflineHistory(Loaded loaded, Path state, HostClock clock, PrintStream out, PrintStream err) {
    /** Answers a verb that only reads, and gives the exit code. */
    int answer(String verb, OutputOptions form, List<String> arguments) {
        if (!Files.isReadable(StateFolder.store(state))) {
            throw new ProblemException(
                    new Problem(503, "No daemon", "no daemon answers, and " + whyNot(), ExitCode.UNREACHABLE));
        }
        if (!form.quiet()) {
            err.println("leprechaun: no daemon answers; this is what its state folder " + Printable.of(state.toString())
                    + " tells");
        }
        try (var parts = new Parts()) {
            var reply = handler(parts, verb).answer().apply(new Call(arguments, new Caller("", Access.ADMINISTER)));
            return form.print(reply, out, err);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String whyNot() {
        Path store = StateFolder.store(state);
        if (Files.isDirectory(state) && !Files.isExecutable(state)) {
            return "its state folder " + state + " may be read by " + StateFolder.owner(state)
                    + " and root alone: start the daemon, or ask as one of them";
        }
        return Files.exists(store)
                ? store + " may not be read by this user: start the daemon, or ask as its user or root"
                : "there is no history in " + state + ": start the daemon, or name its settings with --config";
    }

    private Handler handler(Parts parts, String verb) throws IOException {
        var command = Verbs.find(verb).orElseThrow().form().route().orElseThrow();
        var documents = new RunDocument(loaded.settings().zone());
        var store = parts.own(SqliteStore.openToRead(StateFolder.store(state)));
        var processes = parts.own(Processes.open());
        var alarms = parts.own(Alarms.open());
        var executions = new Executions(
                processes,
                new OutputFolder(StateFolder.output(state)),
                new StateFiles(),
                parts.own(OutputWatch.open(processes)),
                parts.own(LeftMasks.open(processes, alarms)),
                Accounts.ofHost(),
                store.identity(),
                clock,
                alarms,
                System.getenv());
        var dispatcher =
                new Dispatcher(store, executions, Pauses.of(store, documents.zone()), recipe -> NotifyRules.NOTHING);
        var book = new RecipeFolder(loaded.settings().recipes(), loaded.recipes(), Trust::lenient, clock).read();
        var desk = new Desk(() -> book, store, dispatcher, documents, executions);
        var history = new History(desk, new UsageTable(desk, store.archive())::answer);
        var next = NextTable.ofRecipes(documents, (name, at) -> Optional.empty());
        var guard = new ClockGuard(clock, "", Optional.empty(), () -> true);
        List<Agent> agents = List.of(
                new Scheduler(dispatcher, store, clock, guard, next, () -> book),
                new Cron(dispatcher, store, clock, guard, next, () -> book, ""),
                new Server(
                        dispatcher,
                        store,
                        HookListener.NEVER,
                        documents,
                        new Gate(new Keyring(Map.of())),
                        clock,
                        clock,
                        0,
                        unused -> {}));
        var recipes = new Book(
                desk,
                Book.Agents.of(agents, unused -> Status.STOPPED, (recipe, at) -> List.of()),
                history,
                new Pausing(desk, List.of()),
                loaded.recipes()::resolved);
        return Stream.of(history, recipes)
                .filter(registrator -> registrator.name().equals(command.registrator()))
                .flatMap(registrator -> registrator.handlers().stream())
                .filter(handler -> handler.command().equals(command.command()))
                .findFirst()
                .orElseThrow();
    }
}
