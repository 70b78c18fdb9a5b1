package io.leprechaun.daemon.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(180)
class AlarmsTest {
    private final List<String> done = new CopyOnWriteArrayList<>();

    @Test
    void goes_off_after_its_time_and_never_when_it_was_taken_back() {
        try (var alarms = Alarms.open()) {
            long begin = System.nanoTime();
            alarms.in(Duration.ofMillis(30), () -> done.add("taken back")).cancel();
            alarms.in(Duration.ofSeconds(2), () -> done.add("late"));
            alarms.in(Duration.ofMillis(50), () -> done.add("soon"));
            await().until(() -> done.size() == 2);
            assertThat(System.nanoTime() - begin).isGreaterThanOrEqualTo(2_000_000_000L);
        }
        assertThat(done).containsExactly("soon", "late");
    }

    @Test
    void one_that_throws_does_not_silence_the_others() {
        try (var alarms = Alarms.open()) {
            alarms.in(Duration.ZERO, () -> {
                throw new IllegalStateException("as planned");
            });
            alarms.in(Duration.ofMillis(10), () -> done.add("on"));
            await().until(() -> done.size() == 1);
        }
    }

    @Test
    void what_is_repeated_is_repeated_after_an_error_too() {
        try (var alarms = Alarms.open()) {
            alarms.every(Duration.ofMillis(10), () -> {
                done.add("again");
                throw new StackOverflowError("as planned");
            });
            await().until(() -> done.size() > 2);
        }
    }

    @Test
    void an_alarm_that_is_held_up_is_an_ailment() {
        var blocked = new CountDownLatch(1);
        try (var alarms = Alarms.open()) {
            alarms.in(Duration.ZERO, () -> {
                try {
                    blocked.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
            alarms.in(Duration.ZERO, () -> done.add("late"));
            await().until(() -> alarms.fault().isPresent());
            blocked.countDown();
            await().until(() -> done.size() == 1 && alarms.fault().isEmpty());
        }
    }

    @Test
    void for_ever_is_a_time_too() {
        try (var alarms = Alarms.open()) {
            alarms.in(Duration.ofSeconds(Long.MAX_VALUE), () -> done.add("never"));
            alarms.in(Duration.ZERO, () -> done.add("now"));
            await().until(() -> done.size() == 1);
        }
        assertThat(done).containsExactly("now");
    }
}
