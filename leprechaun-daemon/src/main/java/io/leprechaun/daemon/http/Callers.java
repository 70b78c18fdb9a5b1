package io.leprechaun.daemon.http;

import io.leprechaun.daemon.config.HookSettings;
import io.leprechaun.daemon.config.Network;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Request;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Knows who calls: from where, how often at once, and for how long without having said what it wants. Thread-safe. */
final class Callers implements Connection.Listener {
    private static final Logger LOG = LoggerFactory.getLogger(Callers.class);
    private static final String FORWARDED = "X-Forwarded-For";

    private final List<Network> trusted;
    private final int perSource;
    private final Duration headDeadline;
    private final Map<InetAddress, Integer> sources = new ConcurrentHashMap<>();
    private final Map<EndPoint, Caller> callers = new ConcurrentHashMap<>();

    /** One connection. Guarded by itself. */
    private static final class Caller {
        /** Kept, because a connection that is closed does not know any more; empty: none that is counted. */
        private final Optional<InetAddress> source;
        /** How many of its requests are being answered. */
        private int busy;
        /** How many bytes had come when it was last known to wait for nothing. */
        private long bytes;

        private long since = System.nanoTime();

        Caller(Optional<InetAddress> source) {
            this.source = source;
        }
    }

    /**
     * Nobody yet.
     *
     * @param headDeadline how long the head of a request may take to come, or what is agreed upon before the first one
     */
    Callers(HookSettings settings, Duration headDeadline) {
        this.trusted = settings.trustedProxies();
        this.perSource = settings.perSource();
        this.headDeadline = headDeadline;
    }

    @Override
    public void onOpened(Connection connection) {
        var endPoint = connection.getEndPoint();
        if (endPoint instanceof EndPoint.Wrapper) {
            return; // the inside of an encrypted one, which is known
        }
        Optional<InetAddress> source = source(endPoint);
        callers.put(endPoint, new Caller(source));
        if (source.filter(this::isTooMany).isPresent()) {
            endPoint.close();
        }
    }

    private boolean isTooMany(InetAddress source) {
        boolean many = sources.merge(source, 1, Integer::sum) > perSource;
        if (many) {
            LOG.warn(
                    "{} has {} connections: one more is refused (agents: server: limits: per_source)",
                    source.getHostAddress(),
                    perSource);
        }
        return many;
    }

    @Override
    public void onClosed(Connection connection) {
        var caller = callers.remove(connection.getEndPoint());
        if (caller != null) {
            caller.source.ifPresent(
                    source -> sources.computeIfPresent(source, (_, count) -> count > 1 ? count - 1 : null));
        }
    }

    /** A request has been read and is being answered. */
    void begins(Request request) {
        var endPoint = network(request.getConnectionMetaData().getConnection().getEndPoint());
        var caller = callers.get(endPoint);
        if (caller != null) {
            synchronized (caller) {
                caller.busy++;
            }
            Request.addCompletionListener(request, _ -> {
                synchronized (caller) {
                    caller.busy--;
                    waits(caller, endPoint);
                }
            });
        }
    }

    /** Ends the connections that have begun to say something and do not come to its end: a byte now and then keeps them from being idle. */
    void sweep() {
        callers.forEach((endPoint, caller) -> {
            synchronized (caller) {
                if (caller.busy > 0 || bytes(endPoint) == caller.bytes) {
                    waits(caller, endPoint);
                } else if (System.nanoTime() - caller.since > headDeadline.toNanos()) {
                    endPoint.close();
                }
            }
        });
    }

    private static void waits(Caller caller, EndPoint endPoint) {
        caller.bytes = bytes(endPoint);
        caller.since = System.nanoTime();
    }

    private static long bytes(EndPoint endPoint) {
        Connection connection = endPoint.getConnection();
        return connection == null ? 0 : connection.getBytesIn();
    }

    private static EndPoint network(EndPoint endPoint) {
        return endPoint instanceof EndPoint.Wrapper wrapper ? network(wrapper.unwrap()) : endPoint;
    }

    private static Optional<InetAddress> source(EndPoint endPoint) {
        return endPoint.getRemoteSocketAddress() instanceof InetSocketAddress address
                ? Optional.ofNullable(address.getAddress())
                : Optional.empty();
    }

    /** Where a request comes from: the next host, or the last one that a trusted proxy names and that is no trusted proxy itself. */
    InetAddress of(Request request) {
        var endPoint = request.getConnectionMetaData().getConnection().getEndPoint();
        InetAddress next = source(network(endPoint)).orElseGet(InetAddress::getLoopbackAddress);
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

    private static Optional<InetAddress> literal(String text) {
        try {
            return Optional.of(InetAddress.ofLiteral(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
