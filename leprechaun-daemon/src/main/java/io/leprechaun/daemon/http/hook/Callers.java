package io.leprechaun.daemon.http.hook;

import io.leprechaun.daemon.http.Connections;
import io.leprechaun.daemon.http.RefusalLog;
import io.leprechaun.daemon.settings.HookSettings;
import io.leprechaun.daemon.units.Network;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Request;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The senders of hooks: their addresses, the number of their connections, and the log of their refusals. Thread-safe.
 */
final class Callers implements Connection.Listener {
    private static final Logger LOG = LoggerFactory.getLogger(Callers.class);
    private static final String FORWARDED = "X-Forwarded-For";
    private static final Pattern WITH_PORT =
            Pattern.compile("\\[([0-9A-Fa-f:.]+)](?::[0-9]{1,5})?|([0-9.]+):[0-9]{1,5}");

    private final List<Network> trusted;
    private final int perSource;
    private final RefusalLog refusals = new RefusalLog(LOG::info, System::nanoTime);
    private final Map<InetAddress, Integer> sources = new ConcurrentHashMap<>();
    /** The source of each connection; a closed connection does not know its own any more. */
    private final Map<EndPoint, InetAddress> connections = new ConcurrentHashMap<>();

    /** Creates a set without senders. */
    Callers(HookSettings settings) {
        this.trusted = settings.trustedProxies();
        this.perSource = settings.perSource();
    }

    @Override
    public void onOpened(Connection connection) {
        var endPoint = connection.getEndPoint();
        if (endPoint instanceof EndPoint.Wrapper) {
            return; // the inner end of an encrypted one, which is already known
        }
        source(endPoint).ifPresent(source -> {
            connections.put(endPoint, source);
            if (sources.merge(source, 1, Integer::sum) > perSource) {
                refusals.refused(
                        source,
                        from(source) + " connection refused: " + perSource
                                + " are open (agents: server: limits: per_source)");
                endPoint.close();
            }
        });
    }

    @Override
    public void onClosed(Connection connection) {
        var source = connections.remove(connection.getEndPoint());
        if (source != null) {
            sources.computeIfPresent(source, (_, count) -> count > 1 ? count - 1 : null);
        }
    }

    /** Logs that a connection was closed because it sent no complete head in time. */
    void slow(EndPoint endPoint) {
        source(endPoint)
                .ifPresent(source -> refusals.refused(
                        source, from(source) + " connection closed: the head of its request did not arrive in time"));
    }

    /** Logs that TLS failed on a connection. */
    void withoutTls(EndPoint endPoint, String why) {
        Optional.ofNullable(connections.get(endPoint))
                .or(() -> source(endPoint))
                .ifPresent(
                        source -> refusals.refused(source, from(source) + " connection refused: TLS failed: " + why));
    }

    /** Logs the refusal of a request before its hook is looked up. */
    void refused(Request request, int status, String why) {
        InetAddress source = of(request);
        refusals.refused(source, from(source) + " hook refused: " + status + ", " + why);
    }

    /**
     * Logs the refusal of a hook.
     *
     * @param recipe the hook's recipe, or "-" if there is none
     */
    void refused(InetAddress source, String recipe, int status, String why) {
        refusals.refused(source, "recipe=" + recipe + " " + from(source) + " hook answered: " + status + ", " + why);
    }

    /** Logs the refusals that were only counted. To be called about every second. */
    void sweep() {
        refusals.report();
    }

    /** Logs all refusals that were only counted. */
    void close() {
        refusals.close();
    }

    private static String from(InetAddress source) {
        return "from=" + source.getHostAddress();
    }

    private static Optional<InetAddress> source(EndPoint endPoint) {
        return endPoint.getRemoteSocketAddress() instanceof InetSocketAddress address
                ? Optional.ofNullable(address.getAddress())
                : Optional.empty();
    }

    /**
     * Returns the source of a request: the connection's peer, or the last host that a trusted proxy names and that is
     * not a trusted proxy itself.
     */
    InetAddress of(Request request) {
        var endPoint = request.getConnectionMetaData().getConnection().getEndPoint();
        InetAddress next = source(Connections.network(endPoint)).orElseGet(InetAddress::getLoopbackAddress);
        List<String> named = request.getHeaders().getCSV(FORWARDED, false);
        for (String name : named.reversed()) {
            if (!Network.anyContains(trusted, next)) {
                break;
            }
            Optional<InetAddress> before = literal(name);
            if (before.isEmpty()) {
                break;
            }
            next = before.get();
        }
        return next;
    }

    /**
     * Returns the address in an entry, with or without a port: {@code 203.0.113.7:49152}, {@code [2001:db8::1]:443}.
     */
    private static Optional<InetAddress> literal(String entry) {
        Matcher beside = WITH_PORT.matcher(entry);
        String text = beside.matches() ? beside.group(beside.group(1) == null ? 2 : 1) : entry;
        try {
            return Optional.of(InetAddress.ofLiteral(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
