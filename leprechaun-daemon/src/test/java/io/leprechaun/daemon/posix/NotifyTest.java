package io.leprechaun.daemon.posix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(180)
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
                .hasMessage("invalid NOTIFY_SOCKET 'vsock:2:1': use the path of a socket");
    }

    private static void assertTold(String address) throws Throwable {
        try (var manager = new NotifySocket(address)) {
            new Notify(Optional.of(address)).send("READY=1\nSTATUS=Zoë");
            assertThat(manager.poll()).contains("READY=1\nSTATUS=Zoë");
        }
    }
}
