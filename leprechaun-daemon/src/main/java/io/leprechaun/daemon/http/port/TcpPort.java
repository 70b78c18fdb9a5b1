package io.leprechaun.daemon.http.port;

import io.leprechaun.daemon.lifecycle.SelfWatch;
import io.leprechaun.daemon.lifecycle.SupervisedThread;
import io.leprechaun.daemon.lifecycle.Threads;
import io.leprechaun.daemon.settings.TlsFiles;
import io.leprechaun.daemon.units.Address;
import java.io.Closeable;
import java.io.IOException;
import java.net.SocketException;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.IntConsumer;
import java.util.stream.Stream;
import org.eclipse.jetty.alpn.server.ALPNServerConnectionFactory;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.http2.server.HTTP2ServerConnectionFactory;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A TCP port: HTTP/1.1, and with TLS also HTTP/2. Connections of slow senders, and of senders with too many at once,
 * are closed.
 */
public final class TcpPort implements Closeable {
    private static final Logger LOG = LoggerFactory.getLogger(TcpPort.class);
    private static final int HEAD = 16 * 1024;
    private static final int STREAMS = 16;
    /** The number of connections above the limit that may be open until idle ones are closed for them. */
    private static final int SPARE = 16;

    private static final long STOP_MILLIS = 5_000;
    private static final Duration SWEEP = Duration.ofSeconds(1);
    /** The interval of sweeps while there are no connections. */
    private static final Duration IDLE_SWEEP = Duration.ofSeconds(5);

    private final PortSettings settings;
    private final Server server;
    private final Senders senders;
    private final AcceptFailures acceptFailures;
    private final IntConsumer answered;
    private Optional<TlsRenewal> tls = Optional.empty();
    private int port;
    private Optional<SupervisedThread> sweeping = Optional.empty();
    private Optional<SelectorWatch> selector = Optional.empty();

    /**
     * The settings of a port.
     *
     * @param name the subject of the port, for messages: {@code hooks} for example
     * @param listen the address
     * @param listenKey the setting of the address, for messages
     * @param tls the files of TLS; empty: unencrypted
     * @param connections the number of connections that may be open at once
     * @param perSource the number of connections that may be open from one address
     * @param perSourceKey the setting of that number, for messages; empty: it has none
     * @param shared whether a loopback address stands for many callers: it has no limit of its own then, and an idle
     *     connection makes room for another one
     * @param deadline the time that a sender may take for a head; it may be silent for one and a half times as long
     */
    public record PortSettings(
            String name,
            Address listen,
            String listenKey,
            Optional<TlsFiles> tls,
            int connections,
            int perSource,
            String perSourceKey,
            boolean shared,
            Duration deadline) {}

    /**
     * Creates a port that does not listen yet. It must be closed.
     *
     * @param answered the counter of answers, by their status
     */
    public TcpPort(PortSettings settings, IntConsumer answered) {
        this.settings = settings;
        this.server = new Server(JettyThreads.open(settings.name()));
        this.senders = new Senders(settings.perSource(), settings.perSourceKey(), settings.shared());
        this.acceptFailures = new AcceptFailures(settings.name());
        this.answered = answered;
    }

    /**
     * Checks that the files of TLS can be used.
     *
     * @throws IOException when they cannot; the message names the remedy
     */
    public static void check(Optional<TlsFiles> tls) throws IOException {
        if (tls.isPresent()) {
            var unused = new TlsRenewal(tls.get());
        }
    }

    /** Returns the number of the port; 0: it did not listen yet. */
    public int port() {
        return port;
    }

    /** Returns the senders by address. */
    public Senders senders() {
        return senders;
    }

    /**
     * Begins to listen.
     *
     * @param handler returns the handler of requests, for the connections of this port
     * @param refusal the handler of requests that Jetty itself refuses
     * @throws IOException if it cannot listen, and is closed then; the message names the address, the reason and the
     *     remedy
     */
    public void listen(Function<Connections, Handler> handler, Request.Handler refusal) throws IOException {
        try {
            begin(handler, refusal);
        } catch (IOException | RuntimeException e) {
            close();
            throw e;
        }
    }

    private void begin(Function<Connections, Handler> handler, Request.Handler refusal) throws IOException {
        Duration idle = settings.deadline().multipliedBy(3).dividedBy(2);
        var limits = new Connections.ConnectionLimits(settings.connections(), settings.deadline(), idle);
        var connections = new Connections(limits, senders::slow);
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
        connector.addBean(senders);
        connector.addBean(new Handshakes(senders));
        server.addConnector(connector);
        server.addBean(new NetworkConnectionLimit(settings.connections() + (settings.shared() ? SPARE : 0), connector));
        server.setHandler(new GracefulHandler(handler.apply(connections)));
        server.setErrorHandler(refusal);
        server.setRequestLog((_, response) -> answered.accept(response.getStatus()));
        server.setStopTimeout(STOP_MILLIS);
        try {
            server.start();
        } catch (Exception e) { // what Jetty declares
            throw new IOException(
                    "cannot listen for " + settings.name() + " on " + settings.listen() + " (" + e.getMessage()
                            + "): free the port, or set " + settings.listenKey() + ": to another one",
                    e);
        }
        port = connector.getLocalPort();
        var watch = SelectorWatch.of(settings.name(), connector);
        var sweep = SupervisedThread.of(
                        settings.name() + "-sweep",
                        "closes late connections and renews TLS",
                        () -> sweep(connections, watch))
                .in(SelfWatch.LISTENERS);
        JettyThreads.begin(connector);
        selector = Optional.of(watch);
        Threads.supervise(watch);
        sweeping = Optional.of(sweep);
        sweep.start();
        Threads.supervise(acceptFailures);
        LOG.info(
                "listening for {} on {}{}",
                settings.name(),
                new Address(settings.listen().host(), port),
                tls.isPresent() ? ", with TLS" : "");
    }

    /** Returns whether the address could not be listened on: it may be available later. */
    public static boolean isUnavailable(IOException failure) {
        return Stream.iterate(failure, Objects::nonNull, Throwable::getCause)
                .anyMatch(SocketException.class::isInstance);
    }

    private ConnectionFactory[] protocols() {
        HttpConfiguration plain = BoundedHeads.configuration(HEAD);
        if (tls.isEmpty()) {
            return new ConnectionFactory[] {new BoundedHeads(plain)};
        }
        var secure = new HttpConfiguration(plain);
        secure.addCustomizer(new SecureRequestCustomizer(false)); // one certificate serves all names of the host
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
        senders.sweep();
        tls.ifPresent(TlsRenewal::check);
        return true;
    }

    /** Stops listening, and lets current requests finish within five seconds. */
    @Override
    public void close() throws IOException {
        sweeping.ifPresent(SupervisedThread::interrupt);
        Threads.release(acceptFailures);
        selector.ifPresent(Threads::release);
        try {
            ServerStop.stop(server, "the listener for " + settings.name());
        } finally {
            senders.close();
        }
    }
}
