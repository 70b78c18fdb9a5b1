package io.leprechaun.daemon.http.port;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The senders at a port by address: the number of their connections, and the log of their refusals. Thread-safe. */
public final class Senders implements Connection.Listener {
    private static final Logger LOG = LoggerFactory.getLogger(Senders.class);

    private final int most;
    private final String key;
    private final boolean shared;
    private final RefusalLog refusals = new RefusalLog(LOG::info, System::nanoTime);
    private final Map<InetAddress, Integer> counts = new ConcurrentHashMap<>();
    /** The source of each connection; a closed connection does not know its own any more. */
    private final Map<EndPoint, InetAddress> connections = new ConcurrentHashMap<>();

    /**
     * Creates a set without senders.
     *
     * @param most the number of connections that may be open from one address
     * @param key the setting of that number, for messages; empty: it has none
     * @param shared whether a loopback address stands for many senders, and has no limit
     */
    Senders(int most, String key, boolean shared) {
        this.most = most;
        this.shared = shared;
        this.key = key.isEmpty() ? "" : " (" + key + ")";
    }

    @Override
    public void onOpened(Connection connection) {
        var endPoint = connection.getEndPoint();
        if (endPoint instanceof EndPoint.Wrapper) {
            return; // the inner end of an encrypted one, which is already known
        }
        source(endPoint).ifPresent(source -> {
            connections.put(endPoint, source);
            if (counts.merge(source, 1, Integer::sum) > most && !(shared && source.isLoopbackAddress())) {
                refused(source, "connection refused: " + most + " are open" + key);
                endPoint.close();
            }
        });
    }

    @Override
    public void onClosed(Connection connection) {
        var source = connections.remove(connection.getEndPoint());
        if (source != null) {
            counts.computeIfPresent(source, (_, count) -> count > 1 ? count - 1 : null);
        }
    }

    /** Logs that a connection was closed because it sent no complete head in time. */
    void slow(EndPoint endPoint) {
        source(endPoint)
                .ifPresent(
                        source -> refused(source, "connection closed: the head of its request did not arrive in time"));
    }

    /** Logs that TLS failed on a connection. */
    void withoutTls(EndPoint endPoint, String why) {
        Optional.ofNullable(connections.get(endPoint))
                .or(() -> source(endPoint))
                .ifPresent(source -> refused(source, "connection refused: TLS failed: " + why));
    }

    /** Logs a refusal, or counts it. */
    public void refused(InetAddress source, String sentence) {
        log(source, from(source) + " " + sentence);
    }

    /**
     * Logs a refusal, or counts it.
     *
     * @param line the line with its pairs
     */
    public void log(InetAddress source, String line) {
        refusals.refused(source, line);
    }

    /** Logs the refusals that were only counted. To be called about every second. */
    void sweep() {
        refusals.report();
    }

    /** Logs all refusals that were only counted. */
    void close() {
        refusals.close();
    }

    /** Returns the pair with which a line about a sender begins. */
    public static String from(InetAddress source) {
        return "from=" + source.getHostAddress();
    }

    /** Returns the address of a connection's peer. */
    public static Optional<InetAddress> source(EndPoint endPoint) {
        return endPoint.getRemoteSocketAddress() instanceof InetSocketAddress address
                ? Optional.ofNullable(address.getAddress())
                : Optional.empty();
    }
}
