package io.leprechaun.daemon.http.port;

import java.time.Duration;
import java.util.Comparator;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * The connections of a listener. It closes those that send no request in time, and those that have been idle longest
 * when there are too many. Thread-safe.
 */
public final class Connections implements Connection.Listener {
    private final ConnectionLimits limits;
    private final Consumer<EndPoint> slow;
    private final Map<EndPoint, State> connections = new ConcurrentHashMap<>();
    private final AtomicInteger answering = new AtomicInteger();

    /**
     * The limits of a listener.
     *
     * @param number the number of connections; one that is answering a request is never closed for a new one
     * @param head the time that the head of a request may take, or the handshake before the first one
     * @param idle the time between two requests
     */
    public record ConnectionLimits(int number, Duration head, Duration idle) {}

    /** The state of a connection. Guarded by itself. */
    private static final class State {
        /** The number of its requests being answered. */
        private int busy;
        /** The bytes received when it was last seen without a begun head. */
        private long bytes;
        /** The time when it was last seen without a begun head; a time of nanoTime. */
        private long since = System.nanoTime();
        /** The time of its opening or of its last complete answer; a time of nanoTime. */
        private volatile long idleSince = since;
    }

    /**
     * Creates a set without connections.
     *
     * @param slow the receiver of each connection that is closed because a head is not completed in time
     */
    public Connections(ConnectionLimits limits, Consumer<EndPoint> slow) {
        this.limits = limits;
        this.slow = slow;
    }

    @Override
    public void onOpened(Connection connection) {
        var endPoint = connection.getEndPoint();
        if (endPoint instanceof EndPoint.Wrapper) {
            return; // the inner end of an encrypted one, which is already known
        }
        connections.put(endPoint, new State());
        makeRoomFor(endPoint);
    }

    /**
     * Closes the connections that have been idle longest until the others are within the limit. The new one may still
     * exceed it: its request is then refused with a reason. One thread at a time: two would choose the same.
     */
    private synchronized void makeRoomFor(EndPoint opened) {
        while (connections.size() > limits.number()) {
            long now = System.nanoTime();
            var idle = connections.entrySet().stream()
                    .filter(entry -> !entry.getKey().equals(opened) && !isBusy(entry.getValue()))
                    .max(Comparator.comparingLong(entry -> now - entry.getValue().idleSince));
            if (idle.isEmpty()) {
                return;
            }
            close(idle.get().getKey());
        }
    }

    private static boolean isBusy(State state) {
        synchronized (state) {
            return state.busy > 0;
        }
    }

    private void close(EndPoint endPoint) {
        connections.remove(endPoint); // now, and not when it has been closed: the next one must displace another
        endPoint.close();
    }

    @Override
    public void onClosed(Connection connection) {
        connections.remove(connection.getEndPoint());
    }

    /** Wraps a handler, so that connections with a current request are marked. */
    public Handler before(Handler handler) {
        return new Handler.Wrapper(handler) {
            @Override
            public boolean handle(Request request, Response response, Callback callback) throws Exception {
                begins(request);
                return super.handle(request, response, callback);
            }
        };
    }

    /** Returns whether more requests are being answered than the limit of connections. */
    public boolean isCrowded() {
        return answering.get() > limits.number();
    }

    /** Marks the connection of a request as busy until it is answered. */
    public void begins(Request request) {
        var endPoint = network(request.getConnectionMetaData().getConnection().getEndPoint());
        var state = connections.get(endPoint);
        if (state == null) {
            return; // closed in the meantime
        }
        answering.incrementAndGet();
        synchronized (state) {
            state.busy++;
        }
        Request.addCompletionListener(request, _ -> {
            answering.decrementAndGet();
            synchronized (state) {
                state.busy--;
                state.idleSince = System.nanoTime();
                waits(state, endPoint);
            }
        });
    }

    /** Returns whether there are no connections. */
    public boolean isEmpty() {
        return connections.isEmpty();
    }

    /**
     * Closes idle connections, and those that have begun a head and do not complete it in time. Such a connection may
     * send a byte now and then, so that it is not idle.
     */
    public void sweep() {
        connections.forEach((endPoint, state) -> {
            synchronized (state) {
                long now = System.nanoTime();
                if (state.busy > 0) {
                    waits(state, endPoint);
                } else if (bytes(endPoint) != state.bytes) {
                    if (now - state.since > limits.head().toNanos()) {
                        slow.accept(endPoint);
                        close(endPoint);
                    }
                } else if (now - state.idleSince > limits.idle().toNanos()) {
                    close(endPoint);
                } else {
                    waits(state, endPoint);
                }
            }
        });
    }

    private static void waits(State state, EndPoint endPoint) {
        state.bytes = bytes(endPoint);
        state.since = System.nanoTime();
    }

    /** Returns the number of bytes received from the network. */
    public static long bytes(EndPoint endPoint) {
        Connection connection = endPoint.getConnection();
        return connection == null ? 0 : connection.getBytesIn();
    }

    /** Returns the network's end point behind one that may be encrypted. */
    public static EndPoint network(EndPoint endPoint) {
        return endPoint instanceof EndPoint.Wrapper wrapper ? network(wrapper.unwrap()) : endPoint;
    }
}
