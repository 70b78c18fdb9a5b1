package io.leprechaun.cli.client;

import java.io.IOException;
import java.io.InputStream;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;

/** A buffered connection over a Unix socket. A read returns the available bytes, and waits only when there are none. */
final class Wire extends InputStream {
    private static final int BUFFER = 16 * 1024;

    private final SocketChannel channel;
    private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER).flip();

    private Wire(SocketChannel channel) {
        this.channel = channel;
    }

    /**
     * Connects to a socket.
     *
     * @throws IOException when no process listens there, or the caller may not connect
     */
    static Wire connect(Path socket) throws IOException {
        return new Wire(SocketChannel.open(UnixDomainSocketAddress.of(socket)));
    }

    void send(byte[] bytes) throws IOException {
        ByteBuffer out = ByteBuffer.wrap(bytes);
        while (out.hasRemaining()) {
            channel.write(out);
        }
    }

    @Override
    public int read() throws IOException {
        return fill() ? buffer.get() & 0xFF : -1;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (!fill()) {
            return -1;
        }
        int count = Math.min(length, buffer.remaining());
        buffer.get(target, offset, count);
        return count;
    }

    private boolean fill() throws IOException {
        if (buffer.hasRemaining()) {
            return true;
        }
        int count = channel.read(buffer.clear());
        buffer.flip();
        return count > 0;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
