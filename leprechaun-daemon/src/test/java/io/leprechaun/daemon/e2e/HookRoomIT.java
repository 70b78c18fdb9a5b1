package io.leprechaun.daemon.e2e;

import static io.leprechaun.daemon.e2e.Installation.JSON;
import static io.leprechaun.daemon.e2e.Installation.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The limits of senders of hooks: for bodies on their way, for accepted bodies, for waiting. No sender takes the share
 * of another.
 */
@Tag("proof")
@Timeout(180)
class HookRoomIT extends HookRoomFixture {
    HookRoomIT() {
        super(new Installation());
    }

    @Test
    void a_large_body_is_kept_once_and_the_same_through_a_crash_a_retry_and_a_replay() throws Exception {
        place.recipe("large", """
            definition: hook
            id: an-honest-hook
            overlap: queue
            steps: [ 'while [ ! -e go ]; do sleep 0.05; done', 'sha256sum < "$LEPRECHAUN_HOOK_BODY" >> sums' ]
            """);
        var daemon = place.start();
        var body = new byte[LARGE];
        new Random(19).nextBytes(body);
        daemon.post("/hook?id=an-honest-hook", "a small one".getBytes(StandardCharsets.US_ASCII));
        long second = RunningDaemon.ticket(daemon.post("/hook?id=an-honest-hook", body));
        assertThat(daemon.post("/hook?id=nobody", body).statusCode()).isEqualTo(404);
        assertThat(bodies()).hasSize(1);
        assertThat(bytes(place.state())).isLessThan(LARGE * 3L / 2 + reserve());
        daemon.killHard();
        place.killSteps();
        place.touch("go");
        daemon = place.start();
        assertThat(daemon.over(second).get("state").asString()).isEqualTo("succeeded");
        assertThat(bodies()).isEmpty();
        assertThat(place.client("retry", Long.toString(second), "--wait").code())
                .isZero();
        assertThat(place.client("hook", "replay", Long.toString(second), "--wait")
                        .code())
                .isZero();
        String sum =
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(body)) + "  -";
        assertThat(Installation.lines(place.work().resolve("sums"))).containsExactly(sum, sum, sum);
        place.assertVerified();
    }

    /** Returns the size of the store and its log before any hook. */
    private long reserve() throws IOException {
        return Files.size(place.state().resolve("leprechaun.db"))
                + Files.size(place.state().resolve("leprechaun.db-wal"));
    }

    private static long bytes(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile)
                    .mapToLong(file -> file.toFile().length())
                    .sum();
        }
    }

    /** Without a key for it in the settings. */
    @Test
    void the_history_takes_half_of_the_disk_and_hooks_go_on() throws Exception {
        assumeThat(SmallDisk.mayBeMounted()).as("only root may mount").isTrue();
        place.mount(place.state().getParent(), 128);
        var daemon = place.recipe("honest", HOOK + "steps: [ 'true' ]").start();
        var body = new byte[LARGE];
        for (int i = 0; i < 25; i++) {
            for (var answer : daemon.postMany("/hook?id=an-honest-hook", body, 10, 5)) {
                assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
            }
            eventually(() -> assertThat(JSON.readTree(
                                    daemon.api().send("GET", "/history/usage").body())
                            .get("usage")
                            .get("output")
                            .asLong())
                    .isLessThan(64 << 20));
        }
        assertThat(daemon.api().send("GET", "/health").status()).isEqualTo(200);
    }

    /**
     * Bodies for an unknown hook are not kept. A source that sends more than its share is refused, and others are not.
     */
    @Test
    void bodies_on_their_way_take_a_share_of_their_own_source_alone() throws Exception {
        var daemon = place.recipe("honest", HOOK + "hook: { body_limit: 8m }\nsteps: [ 'true' ]")
                .start();
        var part = new byte[7 << 20];
        var sockets = new ArrayList<Socket>();
        try {
            for (int i = 0; i < 42; i++) {
                String id = i < 2 ? "nobody" : "an-honest-hook";
                var socket = begin(
                        daemon,
                        "127.0.0.2",
                        "POST /hook?id=" + id + " HTTP/1.1\r\nHost: x\r\nContent-Length: 8388608\r\n\r\n");
                sockets.add(socket);
                Thread.ofVirtual().start(() -> {
                    try {
                        socket.getOutputStream().write(part);
                    } catch (IOException e) {
                        // it was refused
                    }
                });
            }
            eventually(() -> assertThat(daemon.log()).contains("no space left for large bodies from 127.0.0.2"));
            assertThat(bodies()).hasSizeLessThanOrEqualTo(40);
            assertPrompt(daemon, "x".repeat(LARGE));
        } finally {
            for (Socket socket : sockets) {
                socket.close();
            }
        }
        eventually(() -> assertThat(bodies()).isEmpty());
    }
}
