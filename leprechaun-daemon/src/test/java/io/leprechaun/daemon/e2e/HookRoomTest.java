package io.leprechaun.daemon.e2e;

import static io.leprechaun.daemon.e2e.Installation.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The limits of senders of hooks: for bodies on their way, for accepted bodies, for waiting. No sender takes the share
 * of another.
 */
@Timeout(180)
class HookRoomTest extends HookRoomFixture {
    HookRoomTest() {
        super(Installation.here());
    }

    private static boolean isAnswered(Socket socket) {
        try {
            return socket.getInputStream().available() > 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void what_senders_announce_takes_nothing_from_others() throws Exception {
        var daemon = place.recipe("honest", HOOK + "steps: [ 'true' ]").start();
        String length = "Content-Length: 1048576\r\n\r\n";
        String chunked = "Transfer-Encoding: chunked\r\n\r\n1\r\nx\r\n";
        var sockets = new ArrayList<Socket>();
        try {
            for (String rest : List.of(length + "x", chunked)) {
                for (String id : List.of("nobody", "an-honest-hook", "")) {
                    for (int i = 0; i < 24; i++) {
                        sockets.add(
                                begin(daemon, "127.0.0.1", "POST /hook?id=" + id + " HTTP/1.1\r\nHost: x\r\n" + rest));
                    }
                }
            }
            for (int i = 0; i < 20; i++) {
                assertPrompt(daemon, "the body");
            }
            assertPrompt(daemon, "x".repeat(LARGE));
        } finally {
            for (Socket socket : sockets) {
                socket.close();
            }
        }
        daemon.awaitIdle("server");
        eventually(() -> assertThat(bodies()).isEmpty());
    }

    @Test
    void senders_who_wait_and_have_gone_are_noticed_and_those_who_wait_are_bounded() throws Exception {
        var daemon = place.server("limits: { connections: 64, per_source: 64 }")
                .recipe("honest", HOOK + "steps: [ 'true' ]")
                .recipe(
                        "long",
                        "definition: hook\nid: a-long-hook\nsteps: [ 'while [ ! -e go ]; do sleep 0.05; done' ]")
                .start();
        String wait = "POST /hook?id=a-long-hook&wait=1h HTTP/1.1\r\n"
                + "Host: x\r\n"
                + "Idempotency-Key: one\r\n"
                + "Content-Length: 0\r\n\r\n";
        for (int round = 0; round < 10; round++) {
            var sockets = new ArrayList<Socket>();
            for (int i = 0; i < 30; i++) {
                var socket = begin(daemon, "127.0.0." + (2 + i % 3), wait);
                socket.setSoLinger(round % 2 == 0, 0); // reset, or ended in order
                sockets.add(socket);
            }
            eventually(() -> assertThat(daemon.runs("long")).hasSize(1));
            for (Socket socket : sockets) {
                if (round % 3 == 0) {
                    socket.getOutputStream().write('\n'); // a byte behind the request hides no end
                }
                socket.close();
            }
            assertPrompt(daemon, "between");
        }
        eventually(() -> assertThat(daemon.log()).contains("the sender disconnected before the outcome"));

        // four of one source have a place (a quarter of a quarter); the fifth is answered at once that its hook was
        // accepted
        var waiting = new ArrayList<Socket>();
        for (int i = 0; i < 5; i++) {
            waiting.add(begin(daemon, "127.0.0.9", wait));
        }
        eventually(
                () -> assertThat(waiting).filteredOn(HookRoomTest::isAnswered).hasSize(1));
        Socket refused =
                waiting.stream().filter(HookRoomTest::isAnswered).findFirst().orElseThrow();
        waiting.remove(refused);
        assertThat(new String(refused.getInputStream().readNBytes(12), StandardCharsets.US_ASCII))
                .isEqualTo("HTTP/1.1 202");
        refused.close();
        // and bytes that a sender sends after a request for which it waits do not end it
        waiting.getFirst().getOutputStream().write("GET /ping HTTP/1.1\r\n".getBytes(StandardCharsets.US_ASCII));
        assertPrompt(daemon, "before the end");
        place.touch("go");
        for (Socket socket : waiting) {
            String told = new String(socket.getInputStream().readNBytes(15), StandardCharsets.US_ASCII);
            assertThat(told).isEqualTo("HTTP/1.1 200 OK");
            socket.close();
        }
        assertThat(daemon.runs("long")).hasSize(1);
        assertThat(daemon.log()).doesNotContain("\tat ");
    }

    @Test
    void a_recipe_is_sent_so_many_bytes_a_minute_and_no_more() throws Exception {
        var daemon = place.server("limits: { bytes_per_minute: 1m }")
                .recipe("honest", HOOK + "steps: [ 'true' ]")
                .recipe("other", "definition: hook\nid: another-hook\noverlap: parallel\nsteps: [ 'true' ]")
                .start();
        var body = new byte[600_000];
        assertThat(daemon.post("/hook?id=an-honest-hook", body).statusCode()).isEqualTo(202);
        var refused = daemon.post("/hook?id=an-honest-hook", body);
        assertThat(refused.statusCode()).isEqualTo(429);
        assertThat(Integer.parseInt(refused.headers().firstValue("Retry-After").orElseThrow()))
                .isBetween(1, 60);
        assertThat(daemon.post("/hook?id=another-hook", body).statusCode()).isEqualTo(202);
        assertPrompt(daemon, "a small one");
        daemon.awaitIdle("server");
        assertThat(bodies()).isEmpty();
    }
}
