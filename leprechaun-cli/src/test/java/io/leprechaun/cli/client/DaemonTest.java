package io.leprechaun.cli.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(180)
class DaemonTest {
    private static final String CHUNKED = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";

    @TempDir
    private Path folder;

    @Test
    void a_body_of_a_known_length_is_read_with_its_code() throws IOException {
        assertThat(body(FakeDaemon.answer(200, "Leprechaun-Exit: 6\r\n", "Zoë\n")))
                .isEqualTo("Zoë\n6");
    }

    @Test
    void a_body_in_chunks_is_put_together() throws IOException {
        assertThat(body(CHUNKED + "3\r\nabc\r\nA;x=y\r\n0123456789\r\n0\r\nTrailer: x\r\n\r\n"))
                .isEqualTo("abc0123456789");
    }

    @Test
    void a_body_may_end_with_the_connection() throws IOException {
        assertThat(body("HTTP/1.1 200 OK\r\n\r\nabc")).isEqualTo("abc");
    }

    @Test
    void interim_answers_are_passed_over() throws IOException {
        assertThat(body("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n"))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "HTTP/1.1 200",
                "HTTP/1.1 200 OK\r\nContent-",
                "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabc",
                CHUNKED,
                CHUNKED + "5\r\nabc",
                CHUNKED + "3\r\nabc\r\n",
                CHUNKED + "3\r\nabcdef\r\n0\r\n\r\n",
                CHUNKED + "0\r\n",
                CHUNKED + "-1\r\n",
                CHUNKED + "zz\r\n",
                CHUNKED + "ffffffffffffffff\r\n",
                "SSH-2.0-OpenSSH_9.9\r\n\r\n",
                "HTTP/1.1 200 OK\r\nno header\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
            })
    void an_answer_that_is_not_whole_is_never_taken_for_one(String answer) {
        assertThatThrownBy(() -> body(answer)).isInstanceOf(BrokenAnswerException.class);
    }

    @Test
    void a_head_without_an_end_is_given_up() {
        assertThatThrownBy(() -> body("HTTP/1.1 200 OK\r\nX: " + "x".repeat(100_000)))
                .isInstanceOf(BrokenAnswerException.class);
        assertThatThrownBy(() -> body("HTTP/1.1 200 OK\r\n" + "X: x\r\n".repeat(10_000)))
                .isInstanceOf(BrokenAnswerException.class);
    }

    @Test
    void what_is_no_read_is_sent_again_as_post() throws IOException {
        try (var fake = new FakeDaemon(socket(), DaemonTest::postOnly);
                Daemon daemon = Daemon.at(socket(), "test");
                Response answer = daemon.ask("/cron/pause?args=x", "text/plain")) {
            assertThat(answer.body().readAllBytes())
                    .asString(StandardCharsets.UTF_8)
                    .isEqualTo("paused");
            assertThat(fake.lines()).containsExactly("GET /cron/pause?args=x", "POST /cron/pause?args=x");
            assertThat(fake.requests())
                    .allSatisfy(request -> assertThat(request)
                            .contains("Host: localhost\r\n", "Accept: text/plain\r\n")
                            .doesNotContain("Connection: close"));
        }
    }

    private static void postOnly(String line, java.io.OutputStream out) throws IOException {
        String answer = line.startsWith("POST ")
                ? FakeDaemon.answer(200, "", "paused")
                : FakeDaemon.answer(405, "Allow: POST\r\n", "");
        out.write(answer.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void a_405_without_allow_post_is_the_answer() throws IOException {
        try (var fake = FakeDaemon.answering(socket(), FakeDaemon.answer(405, "Allow: GET\r\n", ""));
                Daemon daemon = Daemon.at(socket(), "test");
                Response answer = daemon.ask("/x/y", "text/plain")) {
            assertThat(answer.status()).isEqualTo(405);
            assertThat(fake.lines()).hasSize(1);
        }
    }

    @Test
    void bytes_are_given_as_they_arrive() throws IOException {
        var read = new CountDownLatch(1);
        try (var fake = new FakeDaemon(socket(), (line, out) -> {
                    out.write((CHUNKED + "2\r\na\n\r\n").getBytes(StandardCharsets.US_ASCII));
                    await(read);
                    out.write("2\r\nb\n\r\n0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                });
                Daemon daemon = Daemon.at(socket(), "test");
                Response answer = daemon.ask("/history/logs?args=-f", "text/plain")) {
            byte[] buffer = new byte[100];
            assertThat(answer.body().read(buffer)).isEqualTo(2);
            read.countDown();
            assertThat(answer.body().readAllBytes())
                    .asString(StandardCharsets.UTF_8)
                    .isEqualTo("b\n");
            assertThat(fake.lines()).hasSize(1);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void a_body_larger_than_the_heap_passes_through(boolean chunked) throws IOException {
        long size = Runtime.getRuntime().maxMemory() > 2L << 30 ? 1L << 30 : 256L << 20;
        byte[] block = new byte[1 << 20];
        long before = used();
        try (var fake = new FakeDaemon(socket(), (line, out) -> {
                    out.write((chunked ? CHUNKED : "HTTP/1.1 200 OK\r\nContent-Length: " + size + "\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
                    for (long sent = 0; sent < size; sent += block.length) {
                        if (chunked) {
                            out.write("100000\r\n".getBytes(StandardCharsets.US_ASCII));
                        }
                        out.write(block);
                        if (chunked) {
                            out.write("\r\n".getBytes(StandardCharsets.US_ASCII));
                        }
                    }
                    if (chunked) {
                        out.write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                    }
                });
                Daemon daemon = Daemon.at(socket(), "test");
                Response answer = daemon.ask("/history/logs", "text/plain")) {
            byte[] buffer = new byte[16 * 1024];
            long total = 0;
            for (int count = answer.body().read(buffer);
                    count >= 0;
                    count = answer.body().read(buffer)) {
                total += count;
            }
            assertThat(total).isEqualTo(size);
            assertThat(fake.lines()).hasSize(1);
        }
        assertThat(used() - before).as("bytes kept").isLessThan(16 << 20);
    }

    private static long used() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    private static void await(CountDownLatch latch) throws IOException {
        try {
            assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    /** Returns the body of the answer, followed by the exit code if there is one. */
    private String body(String answer) throws IOException {
        try (var fake = FakeDaemon.answering(socket(), answer);
                Daemon daemon = Daemon.at(socket(), "test");
                Response got = daemon.ask("/a/b", "text/plain")) {
            assertThat(fake.lines()).hasSize(1);
            String code =
                    got.exitCode().isPresent() ? Integer.toString(got.exitCode().getAsInt()) : "";
            return new String(got.body().readAllBytes(), StandardCharsets.UTF_8) + code;
        } finally {
            java.nio.file.Files.delete(socket());
        }
    }

    private Path socket() {
        return folder.resolve("s");
    }
}
