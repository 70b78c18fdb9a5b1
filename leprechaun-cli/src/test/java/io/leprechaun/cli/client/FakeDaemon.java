package io.leprechaun.cli.client;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A fake daemon on a Unix socket that answers each connection's request as a test defines. */
public final class FakeDaemon implements AutoCloseable {
    private final ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final Script script;
    private final Thread thread;

    /** The answer to a request. The connection is closed after it. */
    @FunctionalInterface
    public interface Script {
        /** @param line the method and target, {@code GET /scheduler/info} for example */
        void answer(String line, OutputStream out) throws IOException;
    }

    /** Creates a daemon that listens at once. */
    public FakeDaemon(Path socket, Script script) throws IOException {
        this.script = script;
        server.bind(UnixDomainSocketAddress.of(socket));
        thread = Thread.ofVirtual().start(this::serve);
    }

    /** Returns a daemon that always answers with the same bytes. */
    public static FakeDaemon answering(Path socket, String answer) throws IOException {
        return new FakeDaemon(socket, (line, out) -> out.write(answer.getBytes(StandardCharsets.UTF_8)));
    }

    /** Returns an answer with a text. */
    public static String answer(int status, String headers, String body) {
        return "HTTP/1.1 " + status + " X\r\nContent-Type: text/plain;charset=utf-8\r\n" + headers + "Content-Length: "
                + body.getBytes(StandardCharsets.UTF_8).length + "\r\n\r\n" + body;
    }

    /** Returns the head of every request so far. */
    public List<String> requests() {
        return List.copyOf(requests);
    }

    /** Returns the method and target of every request so far. */
    public List<String> lines() {
        return requests.stream()
                .map(request -> request.substring(0, request.indexOf(" HTTP/1.1")))
                .toList();
    }

    private void serve() {
        while (server.isOpen()) {
            try (SocketChannel client = server.accept()) {
                String request = head(client);
                if (!request.isEmpty()) {
                    requests.add(request);
                    script.answer(request.substring(0, request.indexOf(" HTTP/1.1")), Channels.newOutputStream(client));
                }
            } catch (IOException _) {
                // The client has disconnected, or the test is over.
            }
        }
    }

    private static String head(SocketChannel client) throws IOException {
        var head = new ByteArrayOutputStream();
        ByteBuffer one = ByteBuffer.allocate(1);
        while (!head.toString(StandardCharsets.UTF_8).endsWith("\r\n\r\n")) {
            if (client.read(one.clear()) < 0) {
                return "";
            }
            head.write(one.get(0));
        }
        return head.toString(StandardCharsets.UTF_8);
    }

    @Override
    public void close() throws IOException {
        server.close();
        try {
            // Only then it is certain that no thread listens any more.
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
