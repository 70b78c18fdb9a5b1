package io.leprechaun.daemon;

import io.leprechaun.api.Arguments;
import io.leprechaun.api.Commit;
import io.leprechaun.api.ExitCode;
import io.leprechaun.api.Places;
import io.leprechaun.api.text.Printable;
import io.leprechaun.daemon.lifecycle.SystemClock;
import io.leprechaun.daemon.lifecycle.Threads;
import io.leprechaun.daemon.log.Log;
import io.leprechaun.daemon.offline.Check;
import io.leprechaun.daemon.offline.Failures;
import io.leprechaun.daemon.offline.Offline;
import io.leprechaun.daemon.offline.Printer;
import io.leprechaun.daemon.posix.Glibc;
import io.leprechaun.daemon.posix.Limits;
import io.leprechaun.daemon.posix.Notify;
import io.leprechaun.daemon.posix.PosixException;
import io.leprechaun.daemon.posix.Self;
import io.leprechaun.daemon.posix.SignalHandlers;
import io.leprechaun.daemon.posix.Signals;
import io.leprechaun.daemon.startup.Loaded;
import io.leprechaun.daemon.startup.SettingsNow;
import io.leprechaun.daemon.startup.StartException;
import io.leprechaun.daemon.trust.Trust;
import io.leprechaun.daemon.yaml.Problems;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.LoggerFactory;

/** The program {@code leprechaund}: reads the command line, and starts the daemon or works without one. */
public final class Main {
    /** The end of the daemon, during its start too: by a signal, {@code daemon kill}, or a defect. */
    private static final CompletableFuture<ExitCode> END = new CompletableFuture<>();

    private static final AtomicReference<Daemon> DAEMON = new AtomicReference<>();
    private static volatile boolean reloadAsked;

    /** The exit code of a program whose reader has gone: 128 and SIGPIPE. */
    private static final int READER_GONE = 141;

    private Main() {}

    /** Runs the daemon until it is stopped. */
    public static void main(String[] args) {
        if (StandardStreams.guard()) {
            Runtime.getRuntime().addShutdownHook(Threads.platform("terminal", StandardStreams::finish));
        }
        var words = List.of(args);
        boolean offline = !words.isEmpty() && words.getFirst().equals(Offline.WORD);
        if (!offline) {
            SignalHandlers.handle(Map.of(
                    "TERM",
                    () -> END.complete(ExitCode.OK),
                    "INT",
                    () -> END.complete(ExitCode.OK),
                    "HUP",
                    Main::reload));
        }
        int code = offline
                ? new Offline(
                                AgentKind.definitions(AgentKind.SHIPPED),
                                new SystemClock(InstantSource.system()),
                                System.out,
                                System.err)
                        .run(words.subList(1, words.size()))
                : Flags.parse(args, Main::call);
        Log.awaitWritten();
        System.exit(StandardStreams.unwritten().map(Main::unwritten).orElse(code));
    }

    /** Returns the exit code for output that could not be written, as the client does. */
    private static int unwritten(IOException why) {
        String reason = String.valueOf(why.getMessage());
        if (reason.contains("Broken pipe")) {
            return READER_GONE;
        }
        complain("cannot write the output: " + reason);
        return ExitCode.DEFECT.number();
    }

    /** Reloads the recipes; during the start of the daemon, the request is noted. */
    private static void reload() {
        reloadAsked = true;
        Daemon running = DAEMON.get();
        if (running != null) {
            running.reload();
        }
    }

    private static int call(Flags flags) {
        if (flags.version()) {
            System.out.println(Commit.sentence("leprechaund", Build.version(), Build.commit(), Build.java()));
            return ExitCode.OK.number();
        }
        if (!flags.check()) {
            System.setErr(Log.stderr()); // a daemon waits for no reader, whatever code writes there
        }
        var problems = new Problems();
        Loaded loaded;
        try {
            loaded = Loaded.read(
                    flags.config(),
                    flags.recipes(),
                    AgentKind.definitions(AgentKind.SHIPPED),
                    Trust.strict(),
                    problems);
        } catch (StartException e) {
            complain(String.valueOf(e.getMessage()));
            return ExitCode.USAGE.number();
        }
        if (flags.check()) {
            var unused = END.thenRun(() -> Runtime.getRuntime().halt(128 + Signals.TERM));
            int found = Failures.report(
                    "check",
                    Optional.empty(),
                    System.err,
                    () -> Check.run(
                            Arguments.parse(List.of(), List.of(), 0),
                            Trust.strict(),
                            loaded,
                            problems,
                            Printer.plain(System.out, System.err)));
            return problems.hasErrors() ? ExitCode.USAGE.number() : found;
        }
        if (problems.hasErrors()) {
            problems.errors().forEach(problem -> complain(problem.toString()));
            return ExitCode.USAGE.number();
        }
        problems.all().stream().filter(problem -> !problem.isError()).forEach(problem -> complain(problem.toString()));
        Path stateFolder = absolute(
                loaded.places().state(flags.state(), loaded.settings().state().orElse(null)));
        Path listen = absolute(loaded.places()
                .socket(flags.socket(), loaded.settings().socket().orElse(null), stateFolder));
        return run(new Daemon.StartOptions(
                loaded.settings(),
                new SettingsNow(loaded, flags.config(), flags.recipes()),
                AgentKind.SHIPPED,
                loaded.recipes(),
                loaded.settings().recipes(),
                stateFolder,
                listen,
                Build.version(),
                new SystemClock(InstantSource.system())));
    }

    private static int run(Daemon.StartOptions launch) {
        Daemon daemon;
        try {
            if (!Places.fitsSocket(launch.socket())) {
                throw new StartException("the socket's path " + launch.socket() + " is longer than "
                        + Places.SOCKET_PATH_LIMIT + " bytes, the limit of Linux: use a shorter one with --socket");
            }
            Glibc.require();
            Limits.raiseOpenFiles();
            Self.close();
            Self.umask(0022); // the umask of steps; the daemon's own files get explicit permissions
            daemon = Daemon.start(launch, END);
        } catch (StartException e) {
            complain(String.valueOf(e.getMessage()));
            return e.code().number();
        } catch (UnsupportedOperationException e) {
            complain(String.valueOf(e.getMessage()));
            return ExitCode.USAGE.number();
        }
        DAEMON.set(daemon);
        if (!END.isDone()) {
            tell("READY=1");
        }
        if (reloadAsked && !END.isDone()) {
            daemon.reload();
        }
        ExitCode end = END.join();
        if (end == ExitCode.DEFECT) { // the next start ends and records current runs
            tell("STOPPING=1");
            Log.awaitWritten();
            Runtime.getRuntime().halt(end.number());
        }
        stop(daemon);
        return end.number();
    }

    /** Stops the daemon and ends the JVM. */
    private static void stop(Daemon daemon) {
        tell("STOPPING=1");
        try {
            daemon.close();
            LoggerFactory.getLogger(Main.class).info("stopped");
            Log.awaitWritten();
            Runtime.getRuntime().halt(ExitCode.OK.number());
        } catch (RuntimeException | Error e) { // the process ends in any case, and logs the failure
            LoggerFactory.getLogger(Main.class).error("the daemon did not stop cleanly", e);
            Log.awaitWritten();
            Runtime.getRuntime().halt(ExitCode.DEFECT.number());
        }
    }

    private static void tell(String state) {
        try {
            Notify.fromEnvironment().send(state);
        } catch (PosixException e) {
            complain("cannot notify the service manager of " + state + ": " + e.getMessage());
        }
    }

    private static void complain(String sentence) {
        System.err.println(Log.error("leprechaund: " + Printable.of(sentence)));
    }

    private static Path absolute(Path path) {
        return path.toAbsolutePath().normalize();
    }
}
