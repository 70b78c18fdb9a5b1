package io.leprechaun.daemon.e2e;

import static io.leprechaun.daemon.e2e.Installation.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A log that cannot be written stops nothing, whether its reader sleeps or is gone, or its disk is full. */
@Tag("proof")
@Timeout(180)
class LogIT {
    private static final Pattern PORT = Pattern.compile("listening for hooks on 127\\.0\\.0\\.1:([0-9]+)");
    private static final int LIMIT_SECONDS = 20;

    @RegisterExtension
    private final Installation place = new Installation();

    private final StringBuilder log = new StringBuilder();

    /** Returns a named pipe, open at both ends, so that opening it does not block. */
    private FileChannel pipe(Path path) throws Exception {
        assertThat(place.shell("mkfifo " + path).code()).isZero();
        return new RandomAccessFile(path.toFile(), "rw").getChannel();
    }

    private Installation.Begun begin(Path stderr) {
        return place.beginDaemonBy("/bin/sh", "-c", "exec \"$0\" 2> " + stderr);
    }

    private void readUntil(FileChannel pipe, String text) throws IOException {
        log.setLength(0);
        var buffer = ByteBuffer.allocate(64 * 1024);
        while (log.indexOf(text) < 0) {
            pipe.read(buffer.clear());
            log.append(StandardCharsets.UTF_8.decode(buffer.flip()));
        }
    }

    /** Makes the daemon log many bytes. */
    private void chatter(int kilobytes) throws IOException {
        var api = new Api(place.socket());
        for (int i = 0; i < kilobytes / 7 + 1; i++) {
            assertThat(api.send("POST", "/book/run?args=" + "x".repeat(7 * 1024))
                            .status())
                    .isEqualTo(404);
        }
    }

    /**
     * As systemd connects it: the journal is known by the number of the stream, so that a stream that was redirected is
     * not taken for it.
     */
    @Test
    void the_journal_gets_priorities_and_nobody_else_does() throws Exception {
        place.settings("nonsense: true");
        Path said = place.folder().resolve("said");
        for (String stream : List.of("$(stat -c %d:%i " + said + ")", "1:1")) {
            var ended = place.beginDaemonBy(
                            "/bin/sh",
                            "-c",
                            "exec 2> " + said + "; JOURNAL_STREAM=" + stream + "; export JOURNAL_STREAM; exec \"$0\"")
                    .end();
            assertThat(ended.code()).isEqualTo(2);
            assertThat(said).content().startsWith(stream.equals("1:1") ? "leprechaund: " : "<3>leprechaund: ");
        }
    }

    private void works() throws Exception {
        assertThat(place.client("run", "good", "--wait").code()).isZero();
    }

    private static void stops(Installation.Begun daemon) throws InterruptedException {
        daemon.process().destroy();
        assertThat(daemon.process().waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(daemon.process().exitValue()).isZero();
    }

    @Test
    void a_reader_that_sleeps_stops_nothing_and_is_told_afterwards_what_it_missed() throws Exception {
        place.recipe("good", "definition: hook\nid: knock\nsteps: [ 'true' ]\n");
        Path path = place.folder().resolve("stderr");
        try (FileChannel pipe = pipe(path)) {
            var daemon = begin(path);
            readUntil(pipe, " is ready: pid ");
            var port = PORT.matcher(log);
            assertThat(port.find()).isTrue();

            chatter(1500); // the pipe takes 64 KiB, the daemon keeps 1 MiB
            var hook = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port.group(1) + "/hook/knock"))
                    .timeout(Duration.ofSeconds(LIMIT_SECONDS))
                    .POST(BodyPublishers.noBody())
                    .build();
            try (var http = HttpClient.newHttpClient()) {
                assertThat(http.send(hook, BodyHandlers.ofString()).statusCode())
                        .isEqualTo(202);
            }
            works();
            eventually(() -> {
                var health = place.client("daemon", "health");
                assertThat(health.code()).isEqualTo(1);
                assertThat(health.err()).contains("cannot write the log: the reader of stderr");
            });

            readUntil(pipe, " log lines dropped: the reader of stderr is too slow\n");
            eventually(() -> assertThat(place.client("daemon", "health").code()).isZero());

            chatter(200);
            stops(daemon);

            place.settings("nonsense: true");
            var broken = begin(path); // its messages find the pipe full
            assertThat(broken.process().waitFor(LIMIT_SECONDS, TimeUnit.SECONDS))
                    .isTrue();
            assertThat(broken.process().exitValue()).isEqualTo(2);
        }
        place.settings("");
        place.assertVerified();
    }

    @ParameterizedTest
    @ValueSource(strings = {"gone", "full"})
    void a_log_that_cannot_be_written_stops_nothing(String kind) throws Exception {
        place.recipe("good", "steps: [ 'true' ]\n");
        Installation.Begun daemon;
        if (kind.equals("full")) {
            daemon = begin(Path.of("/dev/full"));
            eventually(() -> assertThat(place.client("daemon", "info").code()).isZero());
        } else {
            Path path = place.folder().resolve("stderr");
            try (FileChannel pipe = pipe(path)) {
                daemon = begin(path);
                readUntil(pipe, " is ready: pid ");
            }
        }
        chatter(100);
        works();
        if (kind.equals("gone")) { // and comes again
            try (var pipe =
                    new RandomAccessFile(place.folder().resolve("stderr").toFile(), "rw").getChannel()) {
                readUntil(pipe, " log lines dropped: cannot write to stderr\n");
                works();
                readUntil(pipe, "succeeded");
            }
        }
        stops(daemon);
    }
}
