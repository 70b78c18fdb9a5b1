import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

/** Many requests over a few connections, from one thread: light, because it shares the machine with what it measures. */
final class Load {
    private Load() {}

    /** Sends {@code count} requests, each of which has to be answered with {@code status}. */
    static void send(int port, int connections, int count, IntFunction<byte[]> request, int status) throws IOException {
        List<Connection> open = new ArrayList<>();
        try (Selector selector = Selector.open()) {
            int sent = 0;
            for (int i = 0; i < Math.min(connections, count); i++) {
                var connection = new Connection(port);
                open.add(connection);
                connection.channel().configureBlocking(false);
                connection.channel().register(selector, SelectionKey.OP_READ, connection);
                connection.send(request.apply(sent++));
            }
            for (int answered = 0; answered < count; ) {
                selector.select();
                for (SelectionKey key : selector.selectedKeys()) {
                    var connection = (Connection) key.attachment();
                    int came = connection.receive();
                    if (came != 0) {
                        LostException.unless(came == status, "a request was answered with " + connection.text());
                        answered++;
                        if (sent < count) {
                            connection.send(request.apply(sent++));
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
