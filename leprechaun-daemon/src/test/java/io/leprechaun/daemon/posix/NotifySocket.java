package io.leprechaun.daemon.posix;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** The service manager's side of sd_notify, built on system calls: Java has no datagram socket of this kind. */
public final class NotifySocket implements AutoCloseable {
    private static final int DO_NOT_WAIT = 0x40;
    private static final int LONGEST = 4096;

    private static final CFunction SOCKET = CFunction.named("socket");
    private static final CFunction BIND = CFunction.named("bind");
    private static final CFunction RECEIVE = CFunction.named("recv");

    private final int socket;

    /** @param address the value of NOTIFY_SOCKET: a path, or {@code @name} in the abstract name space */
    public NotifySocket(String address) {
        byte[] path = address.replaceFirst("^@", "\0").getBytes(StandardCharsets.UTF_8);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment name = arena.allocate(110, 2);
            name.set(JAVA_SHORT, 0, (short) 1);
            MemorySegment.copy(path, 0, name, JAVA_BYTE, 2, path.length);
            socket = SOCKET.call(1, 2 | Descriptors.O_CLOEXEC, 0);
            if (BIND.call(socket, name.address(), 2 + path.length) != 0) {
                throw new IllegalStateException("cannot bind " + address);
            }
        }
    }

    /** Returns the next message, if there is one. */
    public Optional<String> poll() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment room = arena.allocate(LONGEST);
            long length = RECEIVE.callLong(socket, room.address(), LONGEST, DO_NOT_WAIT);
            return length < 0
                    ? Optional.empty()
                    : Optional.of(new String(room.asSlice(0, length).toArray(JAVA_BYTE), StandardCharsets.UTF_8));
        }
    }

    @Override
    public void close() {
        Descriptors.close(socket);
    }
}
