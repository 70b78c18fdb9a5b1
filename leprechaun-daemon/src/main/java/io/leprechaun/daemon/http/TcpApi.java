package io.leprechaun.daemon.http;

import io.leprechaun.api.Access;
import io.leprechaun.api.Call;
import io.leprechaun.api.Caller;
import io.leprechaun.api.ExitCode;
import io.leprechaun.api.Problem;
import io.leprechaun.api.ProblemException;
import io.leprechaun.daemon.audit.ChangeLog;
import io.leprechaun.daemon.count.Traffic;
import io.leprechaun.daemon.http.console.Activity;
import io.leprechaun.daemon.http.port.BoundedHeads;
import io.leprechaun.daemon.http.port.Connections;
import io.leprechaun.daemon.http.port.Senders;
import io.leprechaun.daemon.http.port.TcpPort;
import io.leprechaun.daemon.lifecycle.Alarms;
import io.leprechaun.daemon.lifecycle.Threads;
import io.leprechaun.daemon.session.OneTimeLinks;
import io.leprechaun.daemon.session.Sessions;
import io.leprechaun.daemon.settings.ConsoleSettings;
import io.leprechaun.daemon.token.Tokens;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.internal.ResponseHttpFields;
import org.eclipse.jetty.util.Callback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The API over TCP, for callers with a token, and the console for browsers with a session. */
public final class TcpApi implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TcpApi.class);
    private static final Duration RETRY = Duration.ofSeconds(5);
    private static final Duration SENDER_DEADLINE = Duration.ofSeconds(20);
    private static final int CONNECTIONS = 256;
    private static final int PER_SOURCE = 128;
    private static final String HEALTH = "/health";
    private static final long FRESH_NANOS = 1_000_000_000;

    /** The fields of every answer: a browser that reads one runs nothing in it, and gives nothing of it away. */
    private static final Map<String, String> FIELDS = Map.of(
            "Content-Security-Policy",
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';"
                    + " form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
            "Referrer-Policy",
            "same-origin",
            "Cross-Origin-Opener-Policy",
            "same-origin",
            "Cross-Origin-Resource-Policy",
            "same-origin",
            "Permissions-Policy",
            "");

    private final ApiParts parts;
    private final Alarms alarms;
    private final Traffic traffic;
    private final HostNames names;
    private final Activity activity;
    private volatile Optional<String> fault = Optional.empty();
    /** Guarded by this. */
    private Optional<TcpPort> port = Optional.empty();
    /** Guarded by this. */
    private boolean closed;

    /**
     * The parts of an API over TCP.
     *
     * @param host the name of this host, for users
     * @param version the version of the daemon
     */
    public record ApiParts(
            ConsoleSettings settings, ApiCallers callers, ChangeLog changes, String host, String version) {}

    /**
     * The callers of an API over TCP.
     *
     * @param links the secrets with which a session begins
     * @param authority the roles of the users behind sessions
     */
    public record ApiCallers(Tokens tokens, Sessions sessions, OneTimeLinks links, Authority authority) {}

    /**
     * Creates an API that does not listen yet.
     *
     * @param traffic the counts of answers
     * @param nanoTime the clock of elapsed time, in nanoseconds, for the time since the last request
     */
    public TcpApi(ApiParts parts, Alarms alarms, Traffic traffic, LongSupplier nanoTime) {
        this.activity = new Activity(nanoTime);
        this.parts = parts;
        this.alarms = alarms;
        this.traffic = traffic;
        this.names = new HostNames(parts.settings());
    }

    /**
     * Checks that the files of TLS can be used.
     *
     * @throws IOException when they cannot; the message names the remedy
     */
    public static void check(ConsoleSettings settings) throws IOException {
        TcpPort.check(settings.tls());
    }

    /**
     * Begins to listen. While the address is not available, it tries again every five seconds: no program on that
     * address keeps runs from starting.
     *
     * @throws IOException if it cannot listen as the settings demand; the message names the reason and the remedy
     */
    public synchronized void listen(Router router) throws IOException {
        if (closed) {
            return;
        }
        try {
            open(router);
            fault = Optional.empty();
        } catch (IOException e) {
            if (!TcpPort.isUnavailable(e)) {
                throw e;
            }
            if (fault.isEmpty()) {
                LOG.error("{}; trying again every {} s", e.getMessage(), RETRY.toSeconds());
            }
            fault = Optional.of(String.valueOf(e.getMessage()));
            alarms.in(
                    RETRY,
                    () -> Threads.virtual("api-calls", () -> listenAgain(router))
                            .start());
        }
    }

    /**
     * Begins to listen, once.
     *
     * @throws IOException if it cannot; the message names the reason and the remedy
     */
    public synchronized void open(Router router) throws IOException {
        var settings = parts.settings();
        var wanted = new TcpPort.PortSettings(
                "API calls",
                settings.listen(),
                "console: listen",
                settings.tls(),
                CONNECTIONS,
                PER_SOURCE,
                "",
                true,
                SENDER_DEADLINE);
        var opened = new TcpPort(wanted, status -> traffic.answered(Traffic.TCP, status));
        opened.listen(connections -> handler(router, opened.senders(), connections), TcpApi::refuse);
        port = Optional.of(opened);
    }

    private Handler handler(Router router, Senders senders, Connections connections) {
        var callers = parts.callers();
        var sessions = new SessionEntrance(callers.sessions(), callers.authority(), parts.settings(), names, senders);
        var tokens = new TokenEntrance(callers.tokens(), names, senders);
        var entrance = new TcpEntrance(names, senders, activity, tokens, sessions);
        var api = new ApiHandler(router, entrance, connections, parts.changes(), traffic);
        var console = new ConsoleHandler(
                api, new ConsoleHandler.Parts(parts, names, senders, activity, entrance, sessions, connections));
        return new Front(console, parts.settings().prefix(), router, names, sessions, connections);
    }

    private void listenAgain(Router router) {
        try {
            listen(router);
        } catch (IOException e) {
            fault = Optional.of(String.valueOf(e.getMessage()));
            LOG.error("{}; restart the daemon when this is mended", e.getMessage());
        }
    }

    /** Returns the number of the port; 0: it does not listen. */
    public synchronized int port() {
        return port.map(TcpPort::port).orElse(0);
    }

    /** Returns the use of the port by callers that were admitted. */
    public Activity activity() {
        return activity;
    }

    /** Returns the reason that it does not listen; empty: it does. */
    public Optional<String> fault() {
        return fault;
    }

    /** Answers a request that Jetty itself refuses. */
    private static boolean refuse(Request request, Response response, Callback callback) {
        int status = Math.max(response.getStatus(), HttpStatus.BAD_REQUEST_400);
        String why = BoundedHeads.reason(request, status).orElseGet(() -> HttpStatus.getMessage(status));
        guard(response);
        Answers.problem(
                request, response, callback, new Problem(status, HttpStatus.getMessage(status), why, ExitCode.USAGE));
        return true;
    }

    /** Adds the fields of every answer, which stay when another answer takes the place of the first. */
    private static void guard(Response response) {
        FIELDS.forEach((name, value) ->
                response.getHeaders().put(new ResponseHttpFields.PersistentHttpField(new HttpField(name, value))));
    }

    /** The handler before the others: it answers {@code /health} without a token or session by its status alone. */
    private static final class Front extends Handler.Wrapper {
        private final String prefix;
        private final Router router;
        private final HostNames names;
        private final SessionEntrance sessions;
        private final Connections connections;
        private volatile Answer last = new Answer(0, System.nanoTime());

        Front(
                Handler next,
                String prefix,
                Router router,
                HostNames names,
                SessionEntrance sessions,
                Connections connections) {
            super(next);
            this.prefix = prefix;
            this.router = router;
            this.names = names;
            this.sessions = sessions;
            this.connections = connections;
        }

        @Override
        public boolean handle(Request received, Response response, Callback callback) throws Exception {
            guard(response);
            Request request = withoutPrefix(received);
            boolean reads = request.getMethod().equals("GET") || Answers.isHead(request);
            if (reads
                    && Answers.withoutSlash(Request.getPathInContext(request)).equals(HEALTH)
                    && !request.getHeaders().contains(HttpHeader.AUTHORIZATION)
                    && !sessions.isNamedBy(request)) {
                connections.begins(request);
                int status = names.admits(request) ? health() : HttpStatus.MISDIRECTED_REQUEST_421;
                Answers.write(response, callback, status, "text/plain", new byte[0]);
                return true;
            }
            return super.handle(request, response, callback);
        }

        /** Returns a request without the path of {@code console: url}, which some proxies remove and others do not. */
        private Request withoutPrefix(Request request) {
            String path = request.getHttpURI().getCanonicalPath();
            if (prefix.isEmpty() || path == null || !(path + "/").startsWith(prefix + "/")) {
                return request;
            }
            String rest = path.substring(prefix.length());
            return Request.serveAs(request, HttpURI.build(request.getHttpURI()).path(rest.isEmpty() ? "/" : rest));
        }

        /** @param at the time of the answer, by {@code nanoTime} */
        private record Answer(int status, long at) {}

        /** Returns the status of the daemon, at most a second old: callers without a token cost next to nothing. */
        private int health() {
            Answer known = last;
            long now = System.nanoTime();
            if (known.status() == 0 || now - known.at() > FRESH_NANOS) {
                known = new Answer(ask(), now);
                last = known;
            }
            return known.status();
        }

        private int ask() {
            try {
                var resource = Resource.of(HEALTH, null, Optional.empty()).orElseThrow();
                var caller = new Caller("unknown", Access.READ);
                var unused = router.find(resource.path())
                        .orElseThrow()
                        .answer()
                        .apply(new Call(resource.arguments(), caller));
                return HttpStatus.OK_200;
            } catch (ProblemException e) {
                return e.problem().status();
            }
        }
    }

    /** Stops listening, and lets current requests finish within five seconds. */
    @Override
    public synchronized void close() throws IOException {
        closed = true;
        if (port.isPresent()) {
            port.get().close();
        }
    }
}
