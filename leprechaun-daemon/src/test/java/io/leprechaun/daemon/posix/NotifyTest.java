package io.leprechaun.daemon.posix;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(10)
class NotifyTest {
    @TempDir
    private Path folder;

    @Test
    void a_path_is_told() throws Throwable {
        assertTold(folder.resolve("notify").toString());
    }

    @Test
    void a_name_in_the_abstract_space_is_told() throws Throwable {
        assertTold("@leprechaun-" + UUID.randomUUID());
    }

    @Test
    void nobody_is_told_when_nobody_asks() throws Exception {
        new Notify(Optional.empty()).send("READY=1");
    }

    @Test
    void who_does_not_listen_is_a_failure() {
        var notify = new Notify(Optional.of(folder.resolve("gone").toString()));
        assertThatThrownBy(() -> notify.send("READY=1"))
                .isInstanceOf(PosixException.class)
                .hasMessage("sendto: No such file or directory");
    }

    @Test
    void what_is_no_address_is_named() {
        assertThatThrownBy(() -> new Notify(Optional.of("vsock:2:1")).send("READY=1"))
                .hasMessage("NOTIFY_SOCKET is no socket's path: vsock:2:1");
    }

    /** Java has no datagram socket of this kind: the manager's side is made by hand. */
    private static void assertTold(String address) throws Throwable {
        try (Arena arena = Arena.ofConfined()) {
            var socket = Native.function("socket", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT));
            var bind = Native.function("bind", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT));
            var receive =
                    Native.function("recv", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT));
            byte[] path = address.replaceFirst("^@", "\0").getBytes(StandardCharsets.UTF_8);
            MemorySegment name = arena.allocate(110, 2);
            name.set(JAVA_SHORT, 0, (short) 1);
            MemorySegment.copy(path, 0, name, JAVA_BYTE, 2, path.length);
            int manager = (int) socket.invokeExact(1, 2 | Descriptors.O_CLOEXEC, 0);
            try {
                assertThat((int) bind.invokeExact(manager, name, 2 + path.length))
                        .isZero();
                new Notify(Optional.of(address)).send("READY=1\nSTATUS=Zoë");
                MemorySegment room = arena.allocate(100);
                long length = (long) receive.invokeExact(manager, room, 100L, 0);
                assertThat(new String(room.asSlice(0, length).toArray(JAVA_BYTE), StandardCharsets.UTF_8))
                        .isEqualTo("READY=1\nSTATUS=Zoë");
            } finally {
                Descriptors.close(manager);
            }
        }
    }
}
