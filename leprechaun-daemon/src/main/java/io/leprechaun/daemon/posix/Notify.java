package io.leprechaun.daemon.posix;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * The connection to the service manager for reports of the daemon's state (sd_notify). Thread-safe.
 *
 * @param address a socket's path, or {@code @name} in the abstract name space; empty: there is no receiver, and sending
 *     does nothing
 */
public record Notify(Optional<String> address) {
    private static final short AF_UNIX = 1;
    private static final int SOCK_DGRAM = 2;
    private static final int MSG_NOSIGNAL = 0x4000;
    private static final int LONGEST_PATH = 107;

    private static final CFunction SOCKET = CFunction.named("socket");
    private static final CFunction SENDTO = CFunction.named("sendto");

    /** Returns the connection to the socket that {@code NOTIFY_SOCKET} names. */
    public static Notify fromEnvironment() {
        return new Notify(Optional.ofNullable(System.getenv("NOTIFY_SOCKET")).filter(address -> !address.isEmpty()));
    }

    /**
     * Sends one message.
     *
     * @param state lines such as {@code READY=1} or {@code STATUS=text}
     * @throws PosixException when the message cannot be delivered to the address
     */
    public void send(String state) throws PosixException {
        if (address.isPresent()) {
            send(address.get(), state.getBytes(StandardCharsets.UTF_8));
        }
    }

    private static void send(String address, byte[] message) throws PosixException {
        byte[] path = address.getBytes(StandardCharsets.UTF_8);
        boolean isAbstract = path[0] == '@';
        if (path.length > LONGEST_PATH || !isAbstract && path[0] != '/') {
            throw new IllegalArgumentException("invalid NOTIFY_SOCKET '" + address + "': use the path of a socket");
        }
        if (isAbstract) {
            path[0] = 0;
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment errno = CFunction.errno(arena);
            MemorySegment to = arena.allocate(2 + LONGEST_PATH + 1, 2);
            to.set(JAVA_SHORT, 0, AF_UNIX);
            MemorySegment.copy(path, 0, to, JAVA_BYTE, 2, path.length);
            int socket = check("socket", errno, SOCKET.call(errno, AF_UNIX, SOCK_DGRAM | Descriptors.O_CLOEXEC, 0));
            try {
                MemorySegment bytes = arena.allocateFrom(JAVA_BYTE, message);
                int length = 2
                        + path.length
                        + (isAbstract ? 0 : 1); // an abstract name ends with its length, a path with a NUL
                check("sendto", errno, (int) SENDTO.callLong(
                        errno, socket, bytes.address(), message.length, MSG_NOSIGNAL, to.address(), length));
            } finally {
                Descriptors.close(socket);
            }
        }
    }

    private static int check(String call, MemorySegment errno, int result) throws PosixException {
        if (result < 0) {
            throw new PosixException(call, CFunction.errnoOf(errno));
        }
        return result;
    }
}
