package io.leprechaun.daemon.notify.delivery;

import io.leprechaun.daemon.units.OffLimits;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.time.Duration;
import java.util.Optional;
import javax.net.SocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * The factory of the socket of one conversation, so that any thread can end it: an interrupt does not end a read, and
 * time-outs alone do not end a slow drip. The bytes from the server are limited, because the library keeps the whole of
 * an answer in memory. Thread-safe.
 */
final class LimitedSocketFactory extends SocketFactory {
    /**
     * The bytes that a server may send in all; a long greeting, its certificates and its answers take some thousands.
     */
    static final int MOST_HEARD = 256 * 1024;

    /** Guarded by this. */
    private @Nullable LimitedSocket socket;
    /** Guarded by this. */
    private boolean over;
    /** Guarded by this. */
    private boolean expired;

    @Override
    public synchronized Socket createSocket() throws SocketException {
        if (over) {
            throw new SocketException("the SMTP session is closed");
        }
        socket = new LimitedSocket();
        return socket;
    }

    /** Ends the conversation: a thread that waits for the server gets an exception. */
    synchronized void end() {
        over = true;
        if (socket != null) {
            try {
                socket.close();
            } catch (IOException e) {
                // the conversation is over in any case
            }
        }
    }

    /** Ends the conversation because its time is over. */
    synchronized void expire() {
        expired = !over;
        end();
    }

    /** Changes the time that each of the next answers may take. */
    synchronized void waitAtMost(Duration time) throws SocketException {
        if (socket != null) {
            socket.setSoTimeout(Math.toIntExact(time.toMillis()));
        }
    }

    /** Returns whether the server has sent anything yet. */
    synchronized boolean hasHeard() {
        return socket != null && socket.heard();
    }

    /** Returns whether the conversation ended because its time was over. */
    synchronized boolean expired() {
        return expired;
    }

    @Override
    public Socket createSocket(String host, int port) {
        throw connected();
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress localHost, int localPort) {
        throw connected();
    }

    @Override
    public Socket createSocket(InetAddress host, int port) {
        throw connected();
    }

    @Override
    public Socket createSocket(InetAddress address, int port, InetAddress localAddress, int localPort) {
        throw connected();
    }

    private static UnsupportedOperationException connected() {
        return new UnsupportedOperationException("a socket is made first and connected with a limit in time");
    }

    private static final class LimitedSocket extends Socket {
        private @Nullable LimitedInput limited;

        synchronized boolean heard() {
            return limited != null && limited.heard > 0;
        }

        @Override
        public void connect(SocketAddress to, int timeout) throws IOException {
            if (to instanceof InetSocketAddress server && server.getAddress() != null) {
                Optional<String> complaint = OffLimits.complaint(server.getAddress());
                if (complaint.isPresent()) {
                    throw new SocketException(complaint.get());
                }
            }
            super.connect(to, timeout);
        }

        @Override
        public synchronized InputStream getInputStream() throws IOException {
            if (limited == null) {
                limited = new LimitedInput(super.getInputStream());
            }
            return limited;
        }
    }

    private static final class LimitedInput extends FilterInputStream {
        private volatile int heard;

        LimitedInput(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            return counted(in.read(), 1);
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            int read = in.read(bytes, offset, length);
            return counted(read, read);
        }

        private int counted(int result, int bytes) throws IOException {
            heard += Math.max(0, bytes);
            if (heard > MOST_HEARD) {
                throw new IOException("the server sent more than " + MOST_HEARD + " bytes");
            }
            return result;
        }
    }
}
