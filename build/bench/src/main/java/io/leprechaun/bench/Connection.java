package io.leprechaun.bench;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

/** A persistent connection to an HTTP server on this machine, with one request at a time. Not thread-safe. */
final class Connection implements AutoCloseable {
    private static final String LENGTH = "\r\ncontent-length:";

    private final SocketChannel channel;
    private final ByteBuffer answer = ByteBuffer.allocate(16 * 1024);

    Connection(int port) throws IOException {
        channel = SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    }

    static byte[] post(String target) {
        return ("POST " + target + " HTTP/1.1\r\nHost: bench\r\nContent-Length: 0\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
    }

    static byte[] get(String target) {
        return ("GET " + target + " HTTP/1.1\r\nHost: bench\r\n\r\n").getBytes(StandardCharsets.US_ASCII);
    }

    SocketChannel channel() {
        return channel;
    }

    void send(byte[] request) throws IOException {
        answer.clear();
        var bytes = ByteBuffer.wrap(request);
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    /** Reads available bytes; returns the answer's status when the answer is complete, 0 before. */
    int receive() throws IOException {
        if (channel.read(answer) < 0) {
            throw new EOFException("the server closed a connection");
        }
        String text = text();
        int body = text.indexOf("\r\n\r\n");
        if (body < 0 || text.length() - body - 4 < length(text.substring(0, body + 2))) {
            return 0;
        }
        return Integer.parseInt(text.substring(9, 12));
    }

    /** Sends a request, waits for the whole answer and returns its status. */
    int exchange(byte[] request) throws IOException {
        send(request);
        int status = 0;
        while (status == 0) {
            status = receive();
        }
        return status;
    }

    /** Returns the received part of the answer. */
    String text() {
        return new String(answer.array(), 0, answer.position(), StandardCharsets.ISO_8859_1);
    }

    private static int length(String head) throws IOException {
        for (int i = 0; i < head.length(); i++) {
            if (head.regionMatches(true, i, LENGTH, 0, LENGTH.length())) {
                int from = i + LENGTH.length();
                return Integer.parseInt(
                        head.substring(from, head.indexOf('\r', from)).strip());
            }
        }
        throw new IOException("an answer without a length: " + head);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
