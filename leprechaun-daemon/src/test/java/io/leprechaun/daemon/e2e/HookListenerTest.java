package io.leprechaun.daemon.e2e;

import static io.leprechaun.daemon.e2e.Installation.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The hook port against senders with invalid, slow or excessive requests, and by TLS. */
@Timeout(180)
class HookListenerTest extends HookListenerFixture {
    HookListenerTest() {
        super(Installation.here());
    }

    // ---- invalid or ambiguous HTTP

    private static String say(int port, String text) throws IOException {
        try (var socket = new Socket("127.0.0.1", port)) {
            socket.setSoTimeout(60_000);
            try {
                socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
            } catch (IOException e) {
                // it was refused before its end: the answer arrives all the same
            }
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return "HTTP/1.1 400 cut off: " + e.getMessage();
        }
    }

    @Test
    void a_request_that_can_be_read_in_two_ways_is_read_in_none() throws Exception {
        var daemon = place.recipe("hook", HOOK)
                .recipe("other", HOOK.replace("knock", "other"))
                .start();
        String smuggled = "POST /hook?id=other HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n";
        String begin = "POST /hook?id=knock HTTP/1.1\r\nHost: x\r\n";
        String chunks = "0\r\n\r\n" + smuggled;
        int n = chunks.length();
        for (String head : List.of(
                begin + "Content-Length: " + n + "\r\nTransfer-Encoding: chunked\r\n\r\n",
                begin + "Transfer-Encoding: chunked\r\nContent-Length: " + n + "\r\n\r\n",
                begin + "Content-Length: 0\r\nContent-Length: " + n + "\r\n\r\n",
                begin + "Content-Length: 0, " + n + "\r\n\r\n",
                begin + "Content-Length: +" + n + "\r\n\r\n",
                begin + "Content-Length: -1\r\n\r\n",
                begin + "Content-Length: 0x10\r\n\r\n",
                begin + "Content-Length : " + n + "\r\n\r\n",
                begin + "Transfer-Encoding: xchunked\r\n\r\n",
                begin + "Transfer-Encoding: chunked, identity\r\n\r\n",
                begin + "Transfer-Encoding:\u000bchunked\r\n\r\n",
                begin + "Transfer-Encoding\r\n: chunked\r\n\r\n",
                begin + " Transfer-Encoding: chunked\r\n\r\n",
                begin + "X: y\r\n folded\r\nContent-Length: " + n + "\r\n\r\n",
                begin + "X\u0000: y\r\n\r\n",
                "POST /hook?id=knock HTTP/1.1\r\n\r\n",
                begin + "Host: y\r\n\r\n",
                "POST /hook?id=knock HTTP/1.1\r\nHost: a b\r\n\r\n",
                "POST /hook?id=knock HTTP/1.1\r\nHost: a/b\r\n\r\n",
                "POST /hook?id=knock HTTP/1.1\r\nHost: x:99999999\r\n\r\n",
                "POST /hook?id=knock HTTP/9.1\r\nHost: x\r\n\r\n",
                "POST /hook?id=knock\r\n\r\n",
                "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
                "\u0016\u0003\u0001\u0002\u0000\u0001",
                begin + "Transfer-Encoding: chunked\r\n\r\nz\r\n",
                begin + "Transfer-Encoding: chunked\r\n\r\n-1\r\n",
                begin + "Transfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n")) {
            String answer = say(daemon.port(), head + chunks);
            assertThat(answer.lines().findFirst().orElse("cut off"))
                    .as(head)
                    .matches("cut off|HTTP/1.1 (400|501|505|426).*");
            assertThat(answer).as(head).doesNotContain("<").doesNotContainIgnoringCase("jetty");
        }
        assertThat(say(daemon.port(), begin + "X: " + "x".repeat(20_000) + "\r\n\r\n"))
                .startsWith("HTTP/1.1 431");
        assertThat(say(daemon.port(), begin + "X: y\r\n".repeat(20_000) + "\r\n"))
                .startsWith("HTTP/1.1 431");
        assertThat(say(daemon.port(), "POST /hook?id=" + "x".repeat(20_000) + " HTTP/1.1\r\nHost: x\r\n\r\n"))
                .startsWith("HTTP/1.1 4");
        assertThat(daemon.runs("other")).isEmpty();
        assertThat(daemon.runs("hook")).isEmpty();

        String pipelined = smuggled.repeat(20)
                + "POST /hook?id=knock HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nConnection: close\r\n\r\nbody";
        String answers = say(daemon.port(), pipelined);
        assertThat(answers.split("HTTP/1.1 202", -1)).as("one after the other").hasSize(22);
        daemon.awaitIdle("server");
        assertThat(daemon.runs("other")).hasSize(20);
        assertThat(daemon.runs("hook")).hasSize(1);
        assertThat(daemon.log()).doesNotContain("ERROR").doesNotContain("\tat ");
    }

    @Test
    void one_source_has_so_many_connections_and_all_together_so_many() throws Exception {
        var daemon = place.server("limits: { connections: 100, per_source: 10 }")
                .recipe("hook", HOOK)
                .start();
        var sockets = new ArrayList<Socket>();
        try {
            for (int i = 0; i < 30; i++) {
                var socket = new Socket("127.0.0.1", daemon.port());
                socket.setSoTimeout(1);
                sockets.add(socket);
            }
            eventually(() -> assertThat(sockets.stream().filter(HookListenerTest::isOpen))
                    .hasSize(10));
            assertThat(daemon.log()).contains("from=127.0.0.1 connection refused: 10 are open");
        } finally {
            for (Socket socket : sockets) {
                socket.close();
            }
        }
        eventually(() -> assertThat(say(daemon.port(), "GET /ping HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"))
                .contains("PONG"));
    }

    @Test
    void heads_of_many_fields_do_not_fill_the_memory() throws Exception {
        var daemon = place.recipe("hook", HOOK).start();
        String head = "GET /hook/knock HTTP/1.1\r\nHost: x\r\n" + "a: b\r\n".repeat(2_600);
        var sockets = new ArrayList<Socket>();
        try {
            for (int i = 0; i < 500; i++) {
                var socket = new Socket("127.0.0.1", daemon.port());
                sockets.add(socket);
                try {
                    socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
                } catch (IOException e) {
                    // refused before it was read to its end
                }
            }
            assertThat(say(daemon.port(), head)).startsWith("HTTP/1.1 4");
        } finally {
            for (Socket socket : sockets) {
                socket.close();
            }
        }
        assertThat(daemon.post("/hook/knock").statusCode()).isEqualTo(202);
        assertThat(daemon.stop()).isZero();
    }

    @Test
    void what_is_refused_is_logged_ten_times_and_then_counted() throws Exception {
        var daemon = place.recipe("hook", HOOK).start();
        String end = " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n";
        for (String request : List.of(
                "GET /elsewhere" + end,
                "PUT /hook/knock" + end,
                "POST /hook/knock?wait=soon" + end,
                "POST /hook/knock" + end + "Expect: 100-continue\r\nContent-Length: 99999999\r\n",
                "GET /hook/knock HTTP/1.1\r\nHost\r\n")) {
            assertThat(say(daemon.port(), request + "\r\n")).startsWith("HTTP/1.1 4");
        }
        for (int i = 0; i < 100; i++) {
            assertThat(daemon.post("/hook/nobody").statusCode()).isEqualTo(404);
        }
        assertThat(daemon.post("/hook/knock").statusCode()).isEqualTo(202);
        assertThat(daemon.stop()).isZero();
        String refused = ".* INFO  (recipe=- )?from=127.0.0.1 hook (refused|answered): 4.*";
        assertThat(daemon.log().lines().filter(line -> line.matches(refused))).hasSize(10);
        assertThat(daemon.log())
                .contains(
                        "from=127.0.0.1 hook refused: 404, ",
                        "from=127.0.0.1 hook refused: 405, ",
                        "from=127.0.0.1 hook refused: 400, wait: ",
                        "from=127.0.0.1 hook refused: 413, body too large, limit ",
                        "from=127.0.0.1 hook refused: 400, Bad Request",
                        "run=1 recipe=hook from=127.0.0.1 hook answered: 202",
                        "INFO  95 more refusals from 127.0.0.1 in the last minute");
    }

    @Test
    void who_waits_while_the_daemon_stops_is_told_the_outcome_and_who_comes_is_told_to_come_again() throws Exception {
        var daemon = place.recipe(
                        "hook",
                        "definition: hook\nid: knock\nsteps: [ 'touch begun; until test -e go; do sleep 0.1; done' ]\n")
                .start();
        var waits = new FutureTask<>(() -> daemon.post("/hook?id=knock&wait=60s"));
        Thread.startVirtualThread(waits);
        eventually(() -> assertThat(place.work().resolve("begun")).exists());
        daemon.signal();
        eventually(() -> assertThat(daemon.post("/hook?id=knock").statusCode()).isEqualTo(503));
        place.touch("go");
        var answer = waits.get();
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(daemon.awaitExit()).isZero();
    }
}
