package io.leprechaun.daemon;

import io.leprechaun.daemon.Daemon.StartOptions;
import io.leprechaun.daemon.count.Traffic;
import io.leprechaun.daemon.execution.Accounts;
import io.leprechaun.daemon.execution.Executions;
import io.leprechaun.daemon.lifecycle.Alarms;
import io.leprechaun.daemon.lifecycle.Parts;
import io.leprechaun.daemon.notify.MessageWriter;
import io.leprechaun.daemon.notify.RunContextFinder;
import io.leprechaun.daemon.notify.delivery.CommandRun;
import io.leprechaun.daemon.notify.delivery.Targets;
import io.leprechaun.daemon.output.OutputPump;
import io.leprechaun.daemon.process.Processes;
import io.leprechaun.daemon.run.Run;
import io.leprechaun.daemon.run.RunState;
import io.leprechaun.daemon.settings.AgentName;
import io.leprechaun.daemon.settings.Settings;
import io.leprechaun.daemon.view.RunDocument;
import io.leprechaun.daemon.worker.Channel;
import io.leprechaun.daemon.worker.Dispatcher;
import io.leprechaun.daemon.worker.End;
import io.leprechaun.daemon.worker.Pauses;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The second assembly: the parts that execute runs, and send notices of them. Opened and closed by the {@link Daemon}.
 *
 * @param channels the channels of all agents
 * @param ends the listeners for each end of a run
 * @param traffic the counts of the requests to all listeners
 */
record WorkAssembly(
        Processes processes,
        Alarms alarms,
        Executions executions,
        Dispatcher dispatcher,
        Targets targets,
        List<Channel<?>> channels,
        List<Consumer<End>> ends,
        Traffic traffic) {
    private static final Logger LOG = LoggerFactory.getLogger(WorkAssembly.class);
    private static final int ERRORS_KEPT = 1024;

    /** Makes all parts, without any work yet. */
    static WorkAssembly open(
            StartOptions launch, Parts parts, StoreAssembly storage, Accounts accounts, RunDocument documents)
            throws IOException {
        var processes = parts.own(Processes.open());
        var alarms = parts.own(Alarms.open());
        var pump = parts.own(OutputPump.open(processes, launch.clock()));
        var store = storage.store();
        var environment = System.getenv();
        var executions = new Executions(
                processes,
                storage.outputs(),
                storage.starts(),
                storage.state().files(),
                pump,
                accounts,
                store.identity(),
                storage.boot(),
                launch.clock(),
                alarms,
                environment);
        var dispatcher = new Dispatcher(store, executions, Pauses.of(store, documents.zone()), storage::rules);
        var past = new RunContextFinder(store, documents, launch.settings().file());
        var means = new Targets.Means(
                store.outbox(),
                new MessageWriter(Host.name(), storage.outputs(), documents, past),
                alarms,
                new CommandRun.CommandContext(
                        processes, pump, store.identity(), storage.state().notifyOutput(), environment),
                storage::rules,
                launch.clock(),
                launch.settings().zone());
        var targets = parts.own(Targets.open(launch.settings().notices(), means));
        var work = new WorkAssembly(
                processes,
                alarms,
                executions,
                dispatcher,
                targets,
                new ArrayList<>(),
                new CopyOnWriteArrayList<>(),
                new Traffic());
        launch.settings().agents().keySet().forEach(agent -> work.register(agent, launch.settings(), parts));
        dispatcher.onBegin(targets::begun);
        work.ends().add(end -> executions.followers().changed(end.run().id()));
        return work;
    }

    private void register(AgentName agent, Settings settings, Parts parts) {
        var workers = settings.agent(agent).workers();
        var done = parts.own(Channel.<End>lossless(agent + "-done", end -> {
            LOG.info("{}", end.run().line());
            ends.forEach(listener -> listener.accept(end));
            if (end.run().state() == RunState.SUCCEEDED) {
                targets.wake(end.run()); // a recovery may need a notice
            }
        }));
        var errors = parts.own(Channel.<Run>bounded(agent + "-errors", ERRORS_KEPT, targets::wake));
        channels.addAll(List.of(done, errors));
        dispatcher.register(agent, workers.max(), workers.queue(), done, errors);
    }
}
