package io.leprechaun.daemon.access;

import io.leprechaun.api.ExitCode;
import io.leprechaun.api.Problem;
import io.leprechaun.api.ProblemException;
import io.leprechaun.daemon.audit.ChangeLog;
import io.leprechaun.daemon.count.Traffic;
import io.leprechaun.daemon.http.Authority;
import io.leprechaun.daemon.http.Router;
import io.leprechaun.daemon.http.TcpApi;
import io.leprechaun.daemon.lifecycle.Alarms;
import io.leprechaun.daemon.lifecycle.Threads;
import io.leprechaun.daemon.session.ConsolePort;
import io.leprechaun.daemon.session.OneTimeLinks;
import io.leprechaun.daemon.session.Sessions;
import io.leprechaun.daemon.settings.ConsoleSettings;
import io.leprechaun.daemon.settings.ConsoleSettings.Open;
import io.leprechaun.daemon.token.Tokens;
import io.leprechaun.daemon.units.Address;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The TCP port of the API. It is open while the daemon runs, or from the first request for it on until it has not been
 * used for half an hour. Before, none of its classes is loaded. Thread-safe.
 */
public final class ConsoleDoor implements ConsolePort, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ConsoleDoor.class);
    /** The time without a request after which the port is closed. */
    private static final Duration IDLE = Duration.ofMinutes(30);

    private static final Duration LOOK = Duration.ofMinutes(1);

    private final ConsoleSettings settings;
    private final Alarms alarms;
    private final DoorParts parts;
    private final LongSupplier nanoTime;
    /** Guarded by this. */
    private Optional<Authorized> routes = Optional.empty();
    /** Guarded by this. */
    private boolean closed;

    private volatile Optional<TcpApi> api = Optional.empty();

    /** The roles of the users of this host, and the routes over TCP. */
    public record Authorized(Authority roles, Supplier<Router> router) {}

    /**
     * The parts of the API, which is made when the port is opened.
     *
     * @param traffic the counts of answers
     * @param host the name of this host, for users
     * @param version the version of the daemon
     */
    public record DoorParts(
            Tokens tokens,
            Sessions sessions,
            OneTimeLinks links,
            ChangeLog changes,
            Traffic traffic,
            String host,
            String version) {}

    /**
     * Creates a door that is closed.
     *
     * @param nanoTime the clock of elapsed time, in nanoseconds
     */
    public ConsoleDoor(ConsoleSettings settings, Alarms alarms, DoorParts parts, LongSupplier nanoTime) {
        this.settings = settings;
        this.alarms = alarms;
        this.parts = parts;
        this.nanoTime = nanoTime;
    }

    /**
     * Checks that the files of TLS can be used.
     *
     * @throws IOException when they cannot; the message names the remedy
     */
    public void check() throws IOException {
        if (settings.open() != Open.OFF && settings.tls().isPresent()) {
            TcpApi.check(settings);
        }
    }

    /**
     * Begins: the port is opened now or when it is asked for, as the settings demand.
     *
     * @throws IOException if it cannot listen as the settings demand; the message names the reason and the remedy
     */
    public synchronized void begin(Authorized authorized) throws IOException {
        routes = Optional.of(authorized);
        if (settings.open() == Open.ALWAYS) {
            TcpApi made = make(authorized);
            api = Optional.of(made);
            made.listen(authorized.router().get());
        }
    }

    @Override
    public synchronized URI open() {
        if (settings.open() == Open.OFF) {
            throw new ProblemException(Problem.refused(
                    "the console is off: set `console: { open: asked }` in the settings, and restart the daemon"));
        }
        if (api.isEmpty()) {
            api = Optional.of(opened());
            LOG.info("the port of the console is open until it has not been used for {} min", IDLE.toMinutes());
            alarms.in(LOOK, this::lookLater);
        }
        TcpApi open = api.get();
        Optional<String> fault = open.fault();
        if (fault.isPresent()) {
            throw notOpen(fault.get());
        }
        open.activity().renew();
        return address(open.port());
    }

    /** Makes an API that does not listen yet. A lambda in its place would load the class when it is linked. */
    private TcpApi make(Authorized authorized) {
        var callers = new TcpApi.ApiCallers(parts.tokens(), parts.sessions(), parts.links(), authorized.roles());
        return new TcpApi(
                new TcpApi.ApiParts(settings, callers, parts.changes(), parts.host(), parts.version()),
                alarms,
                parts.traffic(),
                nanoTime);
    }

    private TcpApi opened() {
        if (closed || routes.isEmpty()) {
            throw notOpen("the daemon is starting or stopping: try again");
        }
        TcpApi made = make(routes.get());
        try {
            made.open(routes.get().router().get());
            return made;
        } catch (IOException e) {
            throw notOpen(String.valueOf(e.getMessage()));
        }
    }

    private static ProblemException notOpen(String why) {
        return new ProblemException(new Problem(503, "Not open", why, ExitCode.REFUSED));
    }

    /** Returns the address for browsers. */
    private URI address(int port) {
        if (settings.url().isPresent()) {
            return URI.create(settings.url().get().toString().replaceFirst("/+$", ""));
        }
        String host = settings.listen().host();
        boolean everywhere = host.equals("0.0.0.0") || host.matches("[0:]+");
        return URI.create((settings.tls().isPresent() ? "https://" : "http://")
                + new Address(everywhere ? "localhost" : host, port));
    }

    private void lookLater() {
        Threads.virtual("console-idle", this::closeIfIdle).start();
    }

    /** Closes a port that was not used for long, or looks again later. */
    synchronized void closeIfIdle() {
        if (closed || api.isEmpty()) {
            return;
        }
        if (api.get().activity().idle().compareTo(IDLE) < 0) {
            alarms.in(LOOK, this::lookLater);
            return;
        }
        try {
            api.get().close();
            LOG.info("the port of the console is closed: no request for {} min", IDLE.toMinutes());
        } catch (IOException e) {
            LOG.warn("the port of the console could not be closed cleanly: {}", e.getMessage());
        }
        api = Optional.empty();
    }

    /** Returns the time since the last request at an open port. */
    synchronized Duration unused() {
        return api.isEmpty() ? Duration.ZERO : api.get().activity().idle();
    }

    /** Returns whether the port is open. */
    synchronized boolean isOpen() {
        return api.isPresent();
    }

    /** Returns the reason that it does not listen though it should; empty: there is none. */
    public Optional<String> fault() {
        Optional<TcpApi> open = api;
        return open.isEmpty() ? Optional.empty() : open.get().fault();
    }

    /** Stops listening, and lets current requests finish within five seconds. */
    @Override
    public synchronized void close() throws IOException {
        closed = true;
        if (api.isPresent()) {
            api.get().close();
        }
    }
}
