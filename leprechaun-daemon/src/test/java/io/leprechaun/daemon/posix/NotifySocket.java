package io.leprechaun.daemon.posix;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** The service manager's side of sd_notify, made by hand: Java has no datagram socket of this kind. */
public final class NotifySocket implements AutoCloseable {
    private static final int DO_NOT_WAIT = 0x40;
    private static final int LONGEST = 4096;

    private static final MethodHandle SOCKET =
            Native.function("socket", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT));
    private static final MethodHandle BIND =
            Native.function("bind", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT));
    private static final MethodHandle RECEIVE =
            Native.function("recv", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT));

    private final int socket;

    /** @param address as NOTIFY_SOCKET has it: a path, or {@code @name} in the abstract name space */
    public NotifySocket(String address) throws Throwable {
        byte[] path = address.replaceFirst("^@", "\0").getBytes(StandardCharsets.UTF_8);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment name = arena.allocate(110, 2);
            name.set(JAVA_SHORT, 0, (short) 1);
            MemorySegment.copy(path, 0, name, JAVA_BYTE, 2, path.length);
            socket = (int) SOCKET.invokeExact(1, 2 | Descriptors.O_CLOEXEC, 0);
            if ((int) BIND.invokeExact(socket, name, 2 + path.length) != 0) {
                throw new IllegalStateException("cannot bind " + address);
            }
        }
    }

    /** The next message, if one is there. */
    public Optional<String> poll() throws Throwable {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment room = arena.allocate(LONGEST);
            long length = (long) RECEIVE.invokeExact(socket, room, (long) LONGEST, DO_NOT_WAIT);
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
