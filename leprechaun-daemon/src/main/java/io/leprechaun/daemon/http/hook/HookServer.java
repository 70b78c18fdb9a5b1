package io.leprechaun.daemon.http.hook;

import io.leprechaun.daemon.agent.server.HookListener;
import io.leprechaun.daemon.body.BodyFolder;
import io.leprechaun.daemon.http.AcceptFailures;
import io.leprechaun.daemon.http.ApiServer;
import io.leprechaun.daemon.http.BoundedHeads;
import io.leprechaun.daemon.http.Connections;
import io.leprechaun.daemon.http.JettyThreads;
import io.leprechaun.daemon.http.SelectorWatch;
import io.leprechaun.daemon.http.ServerStop;
import io.leprechaun.daemon.lifecycle.SupervisedThread;
import io.leprechaun.daemon.lifecycle.Threads;
import io.leprechaun.daemon.settings.HookSettings;
import io.leprechaun.daemon.units.Address;
import java.io.Closeable;
import java.io.IOException;
import java.net.SocketException;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.eclipse.jetty.alpn.server.ALPNServerConnectionFactory;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.http2.server.HTTP2ServerConnectionFactory;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The listener for hooks: HTTP/1.1, and with TLS also HTTP/2. Connections of slow senders, and of senders with too many
 * at once, are closed.
 */
public final class HookServer implements HookListener {
    private static final Logger LOG = LoggerFactory.getLogger(HookServer.class);
    private static final Duration SENDER_DEADLINE = Duration.ofSeconds(20);
    private static final int HEAD = 16 * 1024;
    private static final int STREAMS = 16;
    private static final long STOP_MILLIS = 5_000;
    private static final Duration SWEEP = Duration.ofSeconds(1);
    /** The interval of sweeps while there are no connections. */
    private static final Duration IDLE_SWEEP = Duration.ofSeconds(5);

    private final HookSettings settings;
    private final BodyFolder bodies;
    private final Duration deadline;
    private Optional<Port> port = Optional.empty();

    /**
     * Creates a listener that does not listen yet.
     *
     * @param bodies the folder of large bodies
     */
    public HookServer(HookSettings settings, BodyFolder bodies) {
        this(settings, bodies, SENDER_DEADLINE);
    }

    /**
     * @param deadline the time that a sender may take for a head, and for a body; it may be silent for one and a half
     *     times as long
     */
    HookServer(HookSettings settings, BodyFolder bodies, Duration deadline) {
        this.settings = settings;
        this.bodies = bodies;
        this.deadline = deadline;
    }

    @Override
    public void check() throws IOException {
        if (settings.tls().isPresent()) {
            var unused = new TlsRenewal(settings.tls().get());
        }
    }

    @Override
    public synchronized void listen(HookDesk desk) throws IOException {
        var opened = new Port();
        try {
            opened.listen(desk);
        } catch (IOException | RuntimeException e) {
            opened.close();
            throw e;
        }
        port = Optional.of(opened);
    }

    @Override
    public synchronized void close() throws IOException {
        if (port.isPresent()) {
            Port closed = port.get();
            port = Optional.empty();
            closed.close();
        }
    }

    /** The port while it is open. */
    private final class Port implements Closeable {
        private final Server server = new Server(JettyThreads.open("hooks"));
        private final Callers callers = new Callers(settings);
        private final AcceptFailures acceptFailures = new AcceptFailures("hooks");
        private Optional<TlsRenewal> tls = Optional.empty();
        private Optional<SupervisedThread> sweeping = Optional.empty();
        private Optional<SelectorWatch> selector = Optional.empty();

        void listen(HookDesk desk) throws IOException {
            Duration idle = deadline.multipliedBy(3).dividedBy(2);
            var limits = new Connections.ConnectionLimits(Integer.MAX_VALUE, deadline, idle);
            var connections = new Connections(limits, callers::slow);
            if (settings.tls().isPresent()) {
                tls = Optional.of(new TlsRenewal(settings.tls().get()));
            }
            var connector = new ServerConnector(server, 1, 1, protocols()) {
                @Override
                protected boolean handleAcceptFailure(Throwable failure) {
                    return isRunning() && acceptFailures.note(failure);
                }
            };
            connector.setHost(settings.listen().host());
            connector.setPort(settings.listen().port());
            connector.setIdleTimeout(idle.toMillis());
            connector.setAcceptQueueSize(1024);
            connector.addBean(connections);
            connector.addBean(callers);
            connector.addBean(new Handshakes(callers));
            server.addConnector(connector);
            server.addBean(new NetworkConnectionLimit(settings.connections(), connector));
            var handler = new HookHandler(desk, callers, deadline, bodies, settings.connections() / 4);
            server.setHandler(new GracefulHandler(connections.before(handler)));
            server.setErrorHandler((request, response, callback) -> { // for requests that Jetty itself refuses
                int status = Math.max(response.getStatus(), HttpStatus.BAD_REQUEST_400);
                String why = BoundedHeads.reason(request, status).orElseGet(() -> HttpStatus.getMessage(status));
                handler.refuse(response, callback, status, why);
                return true;
            });
            server.setStopTimeout(STOP_MILLIS);
            try {
                server.start();
            } catch (Exception e) { // what Jetty declares
                String sentence = "cannot listen for hooks on " + settings.listen() + " (" + e.getMessage()
                        + "): free the port, or set agents: server: listen: to another one";
                throw Stream.iterate(e, Objects::nonNull, Throwable::getCause)
                                .anyMatch(SocketException.class::isInstance)
                        ? new UnavailableException(sentence, e)
                        : new IOException(sentence, e);
            }
            var watch = SelectorWatch.of("hooks", connector);
            var sweep = SupervisedThread.of(
                    "hooks-sweep", "closes late connections and renews TLS", () -> sweep(connections, watch));
            JettyThreads.begin(connector);
            selector = Optional.of(watch);
            Threads.supervise(watch);
            sweeping = Optional.of(sweep);
            sweep.start();
            Threads.supervise(acceptFailures);
            LOG.info(
                    "listening for hooks on {}{}",
                    new Address(settings.listen().host(), connector.getLocalPort()),
                    tls.isPresent() ? ", with TLS" : "");
        }

        private ConnectionFactory[] protocols() {
            HttpConfiguration plain = ApiServer.configuration();
            plain.setRequestHeaderSize(HEAD);
            if (tls.isEmpty()) {
                return new ConnectionFactory[] {new BoundedHeads(plain)};
            }
            var secure = new HttpConfiguration(plain);
            secure.addCustomizer(new SecureRequestCustomizer(false)); // the host names in requests do not matter here
            var alpn = new ALPNServerConnectionFactory();
            alpn.setDefaultProtocol(HttpVersion.HTTP_1_1.asString());
            var http2 = new HTTP2ServerConnectionFactory(secure);
            http2.setMaxConcurrentStreams(STREAMS); // each counts as a request, and not as a connection
            return new ConnectionFactory[] {
                new SslConnectionFactory(tls.get().context(), alpn.getProtocol()), alpn, http2, new BoundedHeads(secure)
            };
        }

        private boolean sweep(Connections connections, SelectorWatch watch) throws InterruptedException {
            Thread.sleep(connections.isEmpty() ? IDLE_SWEEP : SWEEP);
            sweeping.ifPresent(SupervisedThread::busy);
            watch.ask();
            connections.sweep();
            callers.sweep();
            tls.ifPresent(TlsRenewal::check);
            return true;
        }

        @Override
        public void close() throws IOException {
            sweeping.ifPresent(SupervisedThread::interrupt);
            Threads.release(acceptFailures);
            selector.ifPresent(Threads::release);
            try {
                ServerStop.stop(server, "the hook listener");
            } finally {
                callers.close();
            }
        }
    }
}
