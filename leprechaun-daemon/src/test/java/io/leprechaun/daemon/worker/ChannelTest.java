package io.leprechaun.daemon.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(180)
class ChannelTest {
    private final List<Integer> read = new CopyOnWriteArrayList<>();

    @Test
    void tells_everything_in_order_and_finishes_before_it_is_closed() {
        try (var channel = Channel.<Integer>lossless("test-done", read::add)) {
            IntStream.range(0, 10_000).forEach(channel::send);
        }
        assertThat(read)
                .containsExactlyElementsOf(IntStream.range(0, 10_000).boxed().toList());
    }

    @Test
    void when_its_reader_is_stuck_it_says_so_and_an_error_does_not_end_it() {
        var blocked = new CountDownLatch(1);
        var channel = Channel.<Integer>lossless("test-done", message -> {
            join(blocked);
            throw new OutOfMemoryError("as planned");
        });
        assertThat(channel.fault()).isEmpty();
        channel.send(0);
        channel.send(1);
        await().untilAsserted(() -> assertThat(channel.fault()).contains("channel test-done is stuck at message 1"));
        blocked.countDown();
        await().untilAsserted(() ->
                assertThat(channel.fault()).as("both were dealt with").isEmpty());
        channel.close();
    }

    @Test
    void a_full_one_drops_and_never_waits() {
        var blocked = new CountDownLatch(1);
        var reading = new CountDownLatch(1);
        try (var channel = Channel.<Integer>bounded("test-errors", 2, message -> {
            read.add(message);
            reading.countDown();
            join(blocked);
        })) {
            channel.send(0);
            join(reading);
            IntStream.range(1, 100).forEach(channel::send);
            blocked.countDown();
            await().until(() -> read.size() == 3);
        }
        assertThat(read).containsExactly(0, 1, 2);
    }

    @Test
    void one_bad_message_does_not_end_it() {
        try (var channel = Channel.<Integer>lossless("test-done", message -> read.add(10 / message))) {
            channel.send(0);
            channel.send(5);
        }
        assertThat(read).containsExactly(2);
    }

    private static void join(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
