package io.leprechaun.daemon.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The base of the tests of hook room. */
abstract class HookRoomFixture {
    static final String HOOK = "definition: hook\nid: an-honest-hook\noverlap: parallel\n";
    static final int LARGE = 1_000_000;
    /**
     * The limit of a prompt answer: a hook that has to wait for a share is refused after ten seconds at the earliest.
     */
    static final Duration PROMPT = Duration.ofSeconds(5);

    @RegisterExtension
    final Installation place;

    HookRoomFixture(Installation place) {
        this.place = place;
    }

    static Socket begin(RunningDaemon daemon, String from, String head) throws IOException {
        var socket = new Socket(InetAddress.getLoopbackAddress(), daemon.port(), InetAddress.ofLiteral(from), 0);
        socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    static void assertPrompt(RunningDaemon daemon, String body) throws Exception {
        long sent = System.nanoTime();
        var answer = daemon.post("/hook?id=an-honest-hook", body.getBytes(StandardCharsets.US_ASCII));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
        assertThat(Duration.ofNanos(System.nanoTime() - sent)).isLessThan(PROMPT);
    }

    List<Path> bodies() throws IOException {
        Path folder = place.state().resolve("bodies");
        if (!Files.exists(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        }
    }
}
