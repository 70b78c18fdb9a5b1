package io.leprechaun.bench;

import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.IntFunction;

/** The sender of many requests over a few connections, from one thread. It is light, because it shares the machine with the measured program. */
final class Load {
    private Load() {}

    /** Sends {@code count} requests, which must all be answered with {@code status}. */
    static void send(int port, int connections, int count, IntFunction<byte[]> request, int status) throws IOException {
        exchange(
                port,
                connections,
                sent -> sent < count ? Optional.of(request.apply(sent)) : Optional.empty(),
                (connection, came) ->
                        LostException.unless(came == status, "a request was answered with " + connection.text()));
    }

    /** Sends one request repeatedly for a time, and returns the number of answers of each status. */
    static Map<Integer, Integer> sendFor(int port, int connections, double seconds, byte[] request) throws IOException {
        var statuses = new TreeMap<Integer, Integer>();
        var clock = Stopwatch.start();
        exchange(
                port,
                connections,
                sent -> clock.seconds() < seconds ? Optional.of(request) : Optional.empty(),
                (connection, came) -> statuses.merge(came, 1, Integer::sum));
        return statuses;
    }

    private interface Answered {
        void with(Connection connection, int status);
    }

    /** @param next the request to send after this many; empty: no more */
    private static void exchange(int port, int connections, IntFunction<Optional<byte[]>> next, Answered answered)
            throws IOException {
        List<Connection> open = new ArrayList<>();
        try (Selector selector = Selector.open()) {
            int sent = 0;
            int left = 0;
            for (int i = 0; i < connections; i++) {
                Optional<byte[]> request = next.apply(sent);
                if (request.isPresent()) {
                    var connection = new Connection(port);
                    open.add(connection);
                    connection.channel().configureBlocking(false);
                    connection.channel().register(selector, SelectionKey.OP_READ, connection);
                    connection.send(request.get());
                    sent++;
                    left++;
                }
            }
            while (left > 0) {
                selector.select();
                for (SelectionKey key : selector.selectedKeys()) {
                    var connection = (Connection) key.attachment();
                    int came = connection.receive();
                    if (came != 0) {
                        answered.with(connection, came);
                        left--;
                        Optional<byte[]> request = next.apply(sent);
                        if (request.isPresent()) {
                            connection.send(request.get());
                            sent++;
                            left++;
                        }
                    }
                }
                selector.selectedKeys().clear();
            }
        } finally {
            for (Connection connection : open) {
                connection.close();
            }
        }
    }
}
