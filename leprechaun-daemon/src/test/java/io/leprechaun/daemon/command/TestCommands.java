package io.leprechaun.daemon.command;

import io.leprechaun.api.Registrator;
import io.leprechaun.daemon.audit.ChangeLog;
import io.leprechaun.daemon.desk.AgentServices;
import io.leprechaun.daemon.desk.Agents;
import io.leprechaun.daemon.desk.CommandParts;
import io.leprechaun.daemon.desk.NoticeTargets;
import io.leprechaun.daemon.event.Events;
import io.leprechaun.daemon.execution.Executions;
import io.leprechaun.daemon.history.Archive;
import io.leprechaun.daemon.history.RunStore;
import io.leprechaun.daemon.recipe.folder.RecipeBook;
import io.leprechaun.daemon.session.OneTimeLinks;
import io.leprechaun.daemon.session.Sessions;
import io.leprechaun.daemon.token.Tokens;
import io.leprechaun.daemon.view.RunDocument;
import io.leprechaun.daemon.worker.Dispatcher;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Supplier;

/** The commands of a store in memory, without targets of notices. */
record TestCommands(RunStore store, Dispatcher dispatcher, Executions executions, RunDocument documents) {
    List<Registrator> of(Supplier<RecipeBook> book, Agents agents, AgentServices services) {
        var parts = new CommandParts(
                store,
                nothingKept(),
                book,
                dispatcher,
                executions,
                documents,
                agents,
                services,
                new NoticeTargets(List.of()),
                noTokens(),
                new CommandParts.ConsoleParts(
                        () -> {
                            throw new AssertionError("a store in memory has no port");
                        },
                        new OneTimeLinks(System::nanoTime),
                        noSessions()),
                new ChangeLog(Path.of("/proc/none/changes.jsonl"), InstantSource.system()),
                new Events(InstantSource.system(), "0"),
                recipe -> List.of());
        return new Commands(parts.all()).all();
    }

    private static Sessions noSessions() {
        try {
            return Sessions.open(Path.of("/proc/none/sessions"), InstantSource.system());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Tokens noTokens() {
        try {
            return Tokens.open(Path.of("/proc/none/tokens"), InstantSource.system());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns an empty archive: a store in memory occupies no disk. */
    private static Archive nothingKept() {
        return (Archive) Proxy.newProxyInstance(
                Archive.class.getClassLoader(), new Class<?>[] {Archive.class}, (proxy, method, arguments) -> {
                    throw new AssertionError("a store in memory occupies nothing");
                });
    }
}
