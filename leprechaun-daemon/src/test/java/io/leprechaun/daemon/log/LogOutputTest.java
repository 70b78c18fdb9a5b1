package io.leprechaun.daemon.log;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(180)
class LogOutputTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    private Pipe pipe;
    private LogOutput log;

    @BeforeEach
    void open() throws IOException {
        pipe = Pipe.open();
        pipe.source().configureBlocking(false);
        log = new LogOutput(pipe.sink(), sentence -> ("WARN " + sentence + "\n").getBytes(UTF_8), Duration.ofMillis(1));
    }

    @AfterEach
    void close() throws IOException {
        pipe.source().close();
        pipe.sink().close();
    }

    private void line(String line) {
        byte[] bytes = (line + "\n").getBytes(UTF_8);
        log.write(bytes, 0, bytes.length);
    }

    /** Reads until the text has an ending. */
    private String readUntil(String ending) {
        var all = new StringBuilder();
        var buffer = ByteBuffer.allocate(64 * 1024);
        eventually(() -> {
            try {
                while (pipe.source().read(buffer.clear()) > 0) {
                    all.append(UTF_8.decode(buffer.flip()));
                }
            } catch (IOException e) {
                throw new AssertionError(e);
            }
            return all.toString().endsWith(ending);
        });
        return all.toString();
    }

    private static void eventually(BooleanSupplier claim) {
        await().pollInSameThread().atMost(LONG).until(claim::getAsBoolean);
    }

    @Test
    void lines_keep_their_order_and_are_written_when_the_wait_is_over() {
        for (int i = 0; i < 1000; i++) {
            line("" + i);
        }
        log.awaitWritten(LONG);
        String all = readUntil("\n999\n");
        assertThat(all.lines()).hasSize(1000).startsWith("0", "1").endsWith("998", "999");
        assertThat(log.fault(Duration.ZERO)).isEmpty();
    }

    @Test
    void nobody_waits_for_a_reader_that_does_not_read_and_what_is_dropped_is_counted() {
        String kilobyte = "x".repeat(1000);
        for (int i = 0; i < 3000; i++) {
            line(i + " " + kilobyte);
        }
        eventually(() -> log.fault(Duration.ofMillis(10)).isPresent());
        log.awaitWritten(Duration.ofMillis(10)); // gives up
        assertThat(log.fault(Duration.ZERO).orElseThrow()).contains("does not read");
        String all = readUntil("is too slow\n");
        long written = all.lines().count() - 1;
        assertThat(written).isLessThan(LogOutput.QUEUE_LIMIT / 1000 + 200);
        assertThat(all).contains("WARN " + (3000 - written) + " log lines dropped: the reader of stderr");
        assertThat(log.fault(Duration.ZERO)).isEmpty();
        line("next");
        assertThat(readUntil("next\n")).isEqualTo("next\n");
    }

    @Test
    void empty_lines_take_room_too() {
        line("x".repeat(LogOutput.LINE_LIMIT - 1));
        for (int i = 0; i < 1_000_000; i++) {
            line("");
        }
        assertThat(readUntil("is too slow\n").lines().count()).isLessThan(200_000);
    }

    @Test
    void a_long_line_is_cut_between_two_characters_and_says_so() {
        line("x" + "ü".repeat(1024 * 1024));
        String all = readUntil(" more bytes cut)\n");
        assertThat(all).startsWith("xüü").doesNotContain("\ufffd").hasSizeLessThan(LogOutput.LINE_LIMIT);
    }

    @Test
    void a_reader_that_is_gone_ends_nothing_and_is_counted() throws IOException {
        pipe.source().close();
        for (int i = 0; i < 10; i++) {
            line("lost");
        }
        eventually(() -> log.fault(Duration.ZERO).isPresent());
        log.awaitWritten(LONG); // has nothing to wait for
        assertThat(log.fault(Duration.ZERO).orElseThrow()).startsWith("cannot write the log (Broken pipe)");
    }
}
