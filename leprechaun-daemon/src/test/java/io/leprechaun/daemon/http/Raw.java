package io.leprechaun.daemon.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** An answer to a request whose bytes were written by hand. */
public record Raw(int status, List<String> headers, String body) {
    /**
     * Asks with a head (its lines without their ends, without {@code Host} and {@code Connection}) and a body, and
     * reads to the end of the connection.
     */
    public static Raw ask(SocketAddress address, String head, byte[] body) throws IOException {
        String length = body.length == 0 ? "" : "Content-Length: " + body.length + "\r\n";
        String request =
                head.strip().replace("\n", "\r\n") + "\r\nHost: localhost\r\nConnection: close\r\n" + length + "\r\n";
        try (SocketChannel channel = SocketChannel.open(address)) {
            write(channel, request.getBytes(StandardCharsets.UTF_8));
            write(channel, body);
            return of(read(channel));
        }
    }

    public static Raw ask(SocketAddress address, String head) throws IOException {
        return ask(address, head, new byte[0]);
    }

    public static void write(SocketChannel channel, byte[] bytes) throws IOException {
        var buffer = ByteBuffer.wrap(bytes);
        try {
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
        } catch (IOException e) {
            // refused before it was read to its end: the answer is there all the same
        }
    }

    public static String read(SocketChannel channel) throws IOException {
        var bytes = new ByteArrayOutputStream();
        var buffer = ByteBuffer.allocate(8192);
        try {
            while (channel.read(buffer) >= 0) {
                bytes.write(buffer.array(), 0, buffer.position());
                buffer.clear();
            }
        } catch (IOException e) {
            if (bytes.size() == 0) {
                throw e;
            }
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    public static Raw of(String answer) {
        int end = answer.indexOf("\r\n\r\n");
        if (end < 0) {
            throw new AssertionError("no answer: '" + answer + "'");
        }
        List<String> lines = answer.substring(0, end).lines().toList();
        return new Raw(
                Integer.parseInt(lines.getFirst().split(" ")[1]),
                lines.subList(1, lines.size()),
                answer.substring(end + 4));
    }

    public Optional<String> header(String name) {
        String prefix = name.toLowerCase(Locale.ROOT) + ": ";
        return headers.stream()
                .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(prefix))
                .map(line -> line.substring(prefix.length()))
                .findFirst();
    }
}
