package io.leprechaun.daemon;

import io.leprechaun.api.ExitCode;
import io.leprechaun.daemon.access.Doors;
import io.leprechaun.daemon.execution.Accounts;
import io.leprechaun.daemon.history.StoreException;
import io.leprechaun.daemon.http.port.UnusableFileException;
import io.leprechaun.daemon.lifecycle.HostClock;
import io.leprechaun.daemon.lifecycle.Parts;
import io.leprechaun.daemon.posix.Self;
import io.leprechaun.daemon.posix.User;
import io.leprechaun.daemon.recipe.reader.RecipeReader;
import io.leprechaun.daemon.settings.Settings;
import io.leprechaun.daemon.startup.Reasons;
import io.leprechaun.daemon.startup.SettingsNow;
import io.leprechaun.daemon.startup.StartException;
import io.leprechaun.daemon.trust.UntrustedException;
import io.leprechaun.daemon.view.RunDocument;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The composition root: makes every part, ties them together, starts and stops them. The only class that depends on all
 * of them.
 */
final class Daemon implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Daemon.class);

    private final StartOptions launch;
    private final Parts parts = new Parts();
    private final CompletableFuture<ExitCode> end;
    private volatile Optional<AgentAssembly> agents = Optional.empty();

    /**
     * The options of a daemon's start.
     *
     * @param kinds the kinds of agents, which the settings name
     * @param recipes the reader of the recipes
     * @param folder the folder of the recipes
     * @param now the present state of the settings
     */
    record StartOptions(
            Settings settings,
            SettingsNow now,
            List<AgentKind> kinds,
            RecipeReader recipes,
            Path folder,
            Path state,
            Path socket,
            String version,
            HostClock clock) {}

    private Daemon(StartOptions launch, CompletableFuture<ExitCode> end) {
        this.launch = launch;
        this.end = end;
    }

    /**
     * Starts a daemon. When this returns, due recipes are run, unless the daemon is to end already.
     *
     * @param end the future that completes when the daemon is to end; also by the daemon itself, with
     *     {@link ExitCode#DEFECT}, when an irreplaceable thread has ended
     * @throws StartException if it cannot start; nothing of it is left then
     */
    static Daemon start(StartOptions launch, CompletableFuture<ExitCode> end) throws StartException {
        var daemon = new Daemon(launch, end);
        try {
            daemon.open();
            return daemon;
        } catch (StoreException e) {
            daemon.close();
            boolean mayPass = e.fault().mayPass() || e.fault() == StoreException.StoreFault.FAILED;
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

    /**
     * Returns the exception for a failed start. Unusable files remain so until a user changes them; ports, sockets and
     * disks may become free.
     */
    private static StartException refused(@Nullable IOException e) {
        boolean stays = e instanceof UntrustedException || e instanceof UnusableFileException;
        return stays ? new StartException(Reasons.of(e)) : StartException.notNow(Reasons.of(e));
    }

    private void open() throws StartException, IOException, InterruptedException {
        var settings = launch.settings();
        var accounts = Accounts.ofHost();
        checkUsers(settings);
        var doors = Doors.of(settings.access(), launch.socket());
        var documents = new RunDocument(settings.zone());
        var store = StoreAssembly.open(launch, parts);
        var work = WorkAssembly.open(launch, parts, store, accounts, documents);
        var made = AgentAssembly.open(launch, parts, store, work, documents);
        agents = Optional.of(made);
        var edges = EdgeAssembly.open(parts, made, end);
        if (end.isDone()) {
            return; // before any run is taken: waiting runs stay in the store
        }
        edges.begin(doors, parts);
        LOG.info(
                "leprechaun {} is ready: pid {}, socket {}, {} recipes in {}",
                launch.version(),
                ProcessHandle.current().pid(),
                launch.socket(),
                store.recipes().book().recipes().size(),
                launch.folder());
    }

    /** Checks that the users of the settings exist: a missing one would fail every run, so the start is refused. */
    private static void checkUsers(Settings settings) throws StartException {
        if (Self.uid() != 0 && settings.users().isOn()) {
            throw new StartException(
                    "users: only a daemon run by root can run recipes as their owners: remove the section, or start a"
                            + " daemon for each user");
        }
        if (Self.uid() != 0) {
            return;
        }
        var named = Stream.concat(
                settings.runAs().stream(),
                settings.agents().values().stream().flatMap(agent -> agent.runAs().stream()));
        for (String user : named.distinct().toList()) {
            if (User.named(user).isEmpty()) {
                throw new StartException("run_as: unknown user '" + user
                        + "' on this host; create it with useradd --system, or use another");
            }
        }
    }

    /** Reads the recipes again. */
    void reload() {
        agents.flatMap(made -> AgentAssembly.orLog(made::confirmed))
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
