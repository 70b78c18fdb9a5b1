package io.leprechaun.cli.client;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A daemon that has accepted a connection at a socket. Each request has its own connection; the one that found the
 * daemon serves the first. Owned by one thread.
 */
public final class Daemon implements AutoCloseable {
    /** The longest target in bytes that is sent in the request line: the daemon accepts heads of 8 KiB. */
    private static final int TARGET_LIMIT = 7 * 1024;

    private final Path socket;
    private final String agent;
    private @Nullable Wire found;

    private Daemon(Path socket, String agent, Wire found) {
        this.socket = socket;
        this.agent = agent;
        this.found = found;
    }

    /**
     * Connects to the daemon at a socket.
     *
     * @param agent the client's name, {@code leprechaun/0.1.0} for example
     * @throws IOException when no process listens there, or the caller may not connect
     */
    public static Daemon at(Path socket, String agent) throws IOException {
        return new Daemon(socket, agent, Wire.connect(socket));
    }

    /**
     * Does the work of a JVM's first Unix socket in advance, which is a fifth of the client's time. To be called by
     * another thread while the words are parsed.
     */
    public static void warmUp() {
        try (var socket = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            socket.getOption(StandardSocketOptions.SO_RCVBUF); // prepares what closing a connection needs
        } catch (IOException _) {
            // Connecting reports the failure.
        }
    }

    /** Returns the socket at which the daemon listens. */
    public Path socket() {
        return socket;
    }

    /**
     * Sends a request: GET first, and POST if the daemon answers that it requires POST. So a new command needs no
     * change here.
     *
     * @param target the path and query, percent-encoded; a long query is sent as the body
     * @param accept the media type of the answer
     * @return the answer, which the caller closes; its body is not limited in time or length
     * @throws IOException when the daemon is gone, or its answer is not HTTP
     */
    public Response ask(String target, String accept) throws IOException {
        Response answer = send("GET", target, accept);
        if (answer.wantsPost()) {
            answer.close();
            return send("POST", target, accept);
        }
        return answer;
    }

    private Response send(String method, String target, String accept) throws IOException {
        // Not "Connection: close": the server would then be free to mark the end of the body by closing, and an answer
        // that was cut off would look whole.
        int query = target.length() > TARGET_LIMIT ? target.indexOf('?') : -1;
        String head = query < 0 ? target : target.substring(0, query);
        String body = query < 0 ? "" : target.substring(query + 1);
        var request = new StringBuilder(method).append(' ').append(head).append(" HTTP/1.1\r\n");
        request.append("Host: localhost\r\nUser-Agent: ")
                .append(agent)
                .append("\r\nAccept: ")
                .append(accept)
                .append("\r\n");
        if (!body.isEmpty()) {
            request.append("Content-Type: application/x-www-form-urlencoded\r\n");
        }
        if (!body.isEmpty() || method.equals("POST")) {
            request.append("Content-Length: ").append(body.length()).append("\r\n");
        }
        Wire wire = found == null ? Wire.connect(socket) : found;
        found = null;
        try {
            wire.send(request.append("\r\n").append(body).toString().getBytes(StandardCharsets.US_ASCII));
            return ResponseHead.read(wire);
        } catch (IOException e) {
            wire.close();
            throw e;
        }
    }

    @Override
    public void close() throws IOException {
        if (found != null) {
            found.close();
        }
    }
}
