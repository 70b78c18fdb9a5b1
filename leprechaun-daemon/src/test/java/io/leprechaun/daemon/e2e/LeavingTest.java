package io.leprechaun.daemon.e2e;

import static io.leprechaun.daemon.e2e.Installation.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Callers at the socket that send slow requests and disconnect: more of them than may be answered at once. */
@Timeout(180)
class LeavingTest {
    private static final int MANY = 300;

    @RegisterExtension
    private final Installation place = Installation.here();

    @Test
    void who_waits_for_a_run_or_follows_it_and_leaves_takes_nobodys_place() throws Exception {
        var daemon = place.recipe("long", "steps: [ 'while [ ! -e go ]; do sleep 0.05; done' ]")
                .start();
        long run = daemon.begin("long");
        var targets = List.of("/history/wait?args=" + run, "/history/logs?args=--follow&args=" + run);
        for (String target : targets) {
            String request = "GET " + target + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
            for (int i = 0; i < MANY; i++) {
                try (var channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
                    channel.connect(UnixDomainSocketAddress.of(place.socket()));
                    channel.write(ByteBuffer.wrap(request.getBytes(StandardCharsets.US_ASCII)));
                }
            }
        }
        eventually(() ->
                assertThat(daemon.api().send("GET", "/book/list").status()).isEqualTo(200));
        var waiting = place.beginClient("wait", Long.toString(run));
        var following = place.beginClient("logs", "-f", Long.toString(run));
        for (int i = 0; i < 5; i++) {
            assertThat(place.client("ls").code()).isZero();
        }
        place.touch("go");
        assertThat(waiting.end().code()).isZero();
        assertThat(following.end().code()).isZero();
        assertThat(daemon.log()).doesNotContain("\tat ");
    }
}
