package io.leprechaun.daemon.e2e;

import static io.leprechaun.daemon.e2e.Installation.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The API over its Unix socket, as `curl --unix-socket` sees it. */
@Tag("proof")
@Timeout(180)
class ApiIT {
    @RegisterExtension
    private final Installation place = new Installation();

    @Test
    void connections_that_ask_nothing_end_nothing_and_keep_nobody_out() throws Exception {
        var daemon = place.recipe("quiet", "steps: [ 'echo began; until test -e go; do sleep 0.1; done' ]\n")
                .start();
        assertThat(place.client("run", "quiet").code()).isZero();
        var follower = place.beginClient("logs", "-f", "quiet");
        eventually(() -> assertThat(follower.printed()).isEqualTo("began\n")); // its request is being answered
        int before = Proc.descriptors(daemon.pid());
        var connections = new ArrayList<SocketChannel>();
        try {
            String head = "GET /book/list HTTP/1.1\r\nHost: x\r\n";
            for (String begun : List.of(
                    head + "x: " + "x".repeat(60_000), // too long
                    head + "a: b\r\n".repeat(1_000), // too many fields
                    head + "x: " + "x".repeat(7_000), // unfinished
                    head + "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 9\r\n\r\nargs=",
                    "")) {
                for (int i = 0; i < 2_000; i++) {
                    connections.add(knock(begun));
                }
                var list = place.client("ls");
                assertThat(list.code()).as("%s%s", list.out(), list.err()).isZero();
                eventually(() -> assertThat(Proc.descriptors(daemon.pid())).isLessThan(before + 260));
            }
            assertThat(Proc.number(daemon.pid(), "VmRSS")).isLessThan(250_000);
            eventually(() -> assertThat(Proc.descriptors(daemon.pid())).isLessThan(before + 10));

            for (int i = 0; i < 256; i++) { // each is being answered
                connections.add(knock("GET /history/logs?args=-f&args=quiet HTTP/1.1\r\nHost: x\r\n\r\n"));
            }
            eventually(() -> {
                var list = place.client("ls");
                assertThat(list.code()).isEqualTo(4);
                assertThat(list.err()).contains("too many requests at once: try again");
            });
        } finally {
            for (SocketChannel connection : connections) {
                connection.close();
            }
        }
        eventually(() -> assertThat(place.client("ls").code()).isZero());
        assertThat(follower.process().isAlive())
                .as("a log may be quiet for long")
                .isTrue();
        place.touch("go");
        assertThat(follower.end().code()).isZero();
        assertThat(daemon.isAlive()).isTrue();
        assertThat(daemon.stop()).isZero();
    }

    /** Connects, and sends as much of a text as the daemon takes. */
    private SocketChannel knock(String begun) throws IOException {
        var channel = SocketChannel.open(UnixDomainSocketAddress.of(place.socket()));
        channel.configureBlocking(false);
        var left = ByteBuffer.wrap(begun.getBytes(StandardCharsets.US_ASCII));
        try {
            while (left.hasRemaining() && channel.write(left) > 0) {
                // more may fit
            }
        } catch (IOException e) {
            // the daemon has closed it
        }
        return channel;
    }
}
