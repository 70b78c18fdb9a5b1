package io.leprechaun.daemon.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PeerUidTest {
    private static final String HEAD =
            "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n";

    @TempDir
    private Path folder;

    private static InetSocketAddress at(String address, int port) {
        return new InetSocketAddress(InetAddress.ofLiteral(address), port);
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "::1"})
    void our_own_connection_is_ours(String address) throws IOException {
        try (var server = ServerSocketChannel.open().bind(at(address, 0));
                var client = SocketChannel.open(server.getLocalAddress());
                var other = SocketChannel.open(server.getLocalAddress())) {
            var end = (InetSocketAddress) client.getLocalAddress();
            var here = (InetSocketAddress) server.getLocalAddress();
            Object uid = Files.getAttribute(Path.of("/proc/self"), "unix:uid");
            assertThat(new PeerUid().of(end, here)).isEqualTo(new Peer(uid.toString()));
            other.shutdownOutput(); // it can still read the answer
            assertThat(new PeerUid().of((InetSocketAddress) other.getLocalAddress(), here))
                    .isEqualTo(new Peer(uid.toString()));
        }
    }

    @Test
    void a_closed_connection_is_not_taken_for_one_of_root() throws IOException {
        try (var server = ServerSocketChannel.open().bind(at("127.0.0.1", 0));
                var client = SocketChannel.open(server.getLocalAddress());
                var accepted = server.accept()) {
            var end = (InetSocketAddress) client.getLocalAddress();
            assertThat(accepted.isConnected()).isTrue();
            client.socket().close();
            assertThat(new PeerUid().of(end, (InetSocketAddress) server.getLocalAddress()))
                    .isEqualTo(Peer.UNKNOWN);
        }
    }

    @Test
    void only_the_row_of_both_ends_counts() throws IOException {
        Files.writeString(
                folder.resolve("tcp"),
                HEAD
                        + "   0: 0100007F:1F91 0100007F:2C89 01 00000000:00000000 00:00000000 00000000  1001        0"
                        + " 11 1\n"
                        + "   1: 0100007F:1F90 0100007F:2C8A 01 00000000:00000000 00:00000000 00000000  1002        0"
                        + " 12 1\n"
                        + "   2: 0100007F:2C89 0100007F:1F90 01 00000000:00000000 00:00000000 00000000  1003        0"
                        + " 13 1\n"
                        + "   3: 0100007F:1F90 0100007F:2C89 06 00000000:00000000 03:00000000 00000000     0        0"
                        + " 0 3\n"
                        + "   4: 0100007F:1F90 0100007F:2C89 01 00000000:00000000 00:00000000 00000000  1004        0"
                        + " 14 1\n"
                        + "   5: 0100007F:1F92 0100007F:2C89 05 00000000:00000000 00:00000000 00000000     0        0"
                        + " 0 1\n"
                        + "   6: short\n");
        var uids = new PeerUid(folder);
        assertThat(uids.of(at("127.0.0.1", 0x1F90), at("127.0.0.1", 0x2C89))).isEqualTo(new Peer("1004"));
        assertThat(uids.of(at("127.0.0.1", 0x1F92), at("127.0.0.1", 0x2C89))).isEqualTo(Peer.UNKNOWN);
        assertThat(uids.of(at("127.0.0.2", 0x1F90), at("127.0.0.1", 0x2C89))).isEqualTo(Peer.UNKNOWN);
        assertThat(uids.of(at("::1", 0x1F90), at("::1", 0x2C89))).isEqualTo(Peer.UNKNOWN);
    }

    @Test
    void a_mapped_address_is_found_in_the_other_table() throws IOException {
        Files.writeString(
                folder.resolve("tcp6"),
                HEAD + "   0: 0000000000000000FFFF00000100007F:1F90 0000000000000000FFFF00000100007F:2C89 01"
                        + " 00000000:00000000 00:00000000 00000000  1005        0 15 1\n");
        assertThat(new PeerUid(folder).of(at("127.0.0.1", 0x1F90), at("127.0.0.1", 0x2C89)))
                .isEqualTo(new Peer("1005"));
    }

    @Test
    void without_tables_nobody_is_known() {
        assertThat(new PeerUid(folder.resolve("none")).of(at("127.0.0.1", 1), at("127.0.0.1", 2)))
                .isEqualTo(Peer.UNKNOWN);
    }
}
