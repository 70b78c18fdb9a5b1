package io.leprechaun.daemon;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.OutputStreamAppender;
import io.leprechaun.api.ExitCode;
import io.leprechaun.daemon.agent.Agent;
import io.leprechaun.daemon.agent.AgentContext;
import io.leprechaun.daemon.lifecycle.HostClock;
import io.leprechaun.daemon.lifecycle.SystemClock;
import io.leprechaun.daemon.log.LogLines;
import io.leprechaun.daemon.offline.Offline;
import io.leprechaun.daemon.recipe.reader.Definition;
import io.leprechaun.daemon.startup.Loaded;
import io.leprechaun.daemon.startup.SettingsNow;
import io.leprechaun.daemon.startup.StartException;
import io.leprechaun.daemon.trust.Trust;
import io.leprechaun.daemon.yaml.Problems;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.stream.Stream;
import org.slf4j.LoggerFactory;

/**
 * A daemon in the JVM of the test, with all parts of {@code leprechaund} except the process, the log's stream and
 * signals. One at a time in a JVM: it learns of the ends of all children, so that the test starts none by itself.
 */
public final class DaemonHere {
    private final Daemon daemon;
    private final CompletableFuture<ExitCode> end;
    private final CompletableFuture<Integer> closed = new CompletableFuture<>();

    /**
     * An agent that this version does not have.
     *
     * @param definition the reader of its trigger
     * @param agent the maker of the agent
     */
    public record Plug(Definition definition, Function<AgentContext, Agent> agent) {}

    private DaemonHere(Daemon daemon, CompletableFuture<ExitCode> end) {
        this.daemon = daemon;
        this.end = end;
    }

    /**
     * Starts a daemon, which runs due recipes when this returns.
     *
     * @throws StartException as {@link Daemon#start} does, and where the settings are invalid
     */
    public static DaemonHere start(Path settings, Path recipes, Path state, Path socket) throws StartException {
        return start(settings, recipes, state, socket, List.of());
    }

    /** Starts a daemon with more agents than this version has. */
    public static DaemonHere start(Path settings, Path recipes, Path state, Path socket, List<Plug> plugs)
            throws StartException {
        List<AgentKind> kinds = kinds(plugs);
        var problems = new Problems();
        Loaded loaded = Loaded.read(settings, recipes, AgentKind.definitions(kinds), Trust.strict(), problems);
        if (problems.hasErrors()) {
            throw new StartException(problems.errors().toString());
        }
        var end = new CompletableFuture<ExitCode>();
        var launch = new Daemon.StartOptions(
                loaded.settings(),
                new SettingsNow(loaded, settings, recipes),
                kinds,
                loaded.recipes(),
                loaded.settings().recipes(),
                state,
                socket,
                Build.version(),
                clock());
        var here = new DaemonHere(Daemon.start(launch, end), end);
        var unused = end.thenRunAsync(
                here::close, task -> Thread.ofPlatform().name("end-here").start(task));
        return here;
    }

    private static List<AgentKind> kinds(List<Plug> plugs) {
        return Stream.concat(
                        AgentKind.SHIPPED.stream(),
                        plugs.stream().map(plug -> AgentKind.timed(plug.definition(), plug.agent())))
                .toList();
    }

    private static HostClock clock() {
        return new SystemClock(InstantSource.system());
    }

    private void close() {
        try {
            daemon.close();
            closed.complete(ExitCode.OK.number());
        } catch (RuntimeException | Error e) {
            LoggerFactory.getLogger(DaemonHere.class).error("the daemon did not stop cleanly", e);
            closed.complete(ExitCode.DEFECT.number());
        }
    }

    /** Ends it as SIGTERM does. */
    public void end() {
        end.complete(ExitCode.OK);
    }

    /** Returns whether it has not ended. */
    public boolean isAlive() {
        return !closed.isDone();
    }

    /** Waits for its end and returns the exit code of a process. */
    public int awaitEnd(Duration patience) throws InterruptedException {
        try {
            return closed.get(patience.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new AssertionError("the daemon did not end", e);
        }
    }

    /** Writes the log of daemons in this JVM from now on as the program does, until it is closed. */
    public static AutoCloseable logTo(OutputStream out) {
        var root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        Level before = root.getLevel();
        var lines = new LogLines(false);
        lines.setContext(root.getLoggerContext());
        lines.start();
        var appender = new OutputStreamAppender<ILoggingEvent>();
        appender.setContext(root.getLoggerContext());
        appender.setEncoder(lines);
        appender.setOutputStream(out);
        appender.start();
        var others = new ArrayList<Appender<ILoggingEvent>>();
        root.iteratorForAppenders().forEachRemaining(others::add);
        others.forEach(root::detachAppender);
        root.setLevel(Level.INFO);
        root.addAppender(appender);
        return () -> {
            root.detachAppender(appender);
            appender.stop();
            root.setLevel(before);
            others.forEach(root::addAppender);
        };
    }

    /** Runs {@code leprechaund offline} with these words, and returns the exit code. */
    public static int offline(List<String> words, OutputStream out, OutputStream err) {
        return offline(words, out, err, List.of());
    }

    /** Runs {@code leprechaund offline} with more agents than this version has, and returns the exit code. */
    public static int offline(List<String> words, OutputStream out, OutputStream err, List<Plug> plugs) {
        return new Offline(
                        AgentKind.definitions(kinds(plugs)),
                        clock(),
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8))
                .run(words);
    }
}
