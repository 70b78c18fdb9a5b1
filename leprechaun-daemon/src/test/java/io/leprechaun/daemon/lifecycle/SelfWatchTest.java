package io.leprechaun.daemon.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(180)
class SelfWatchTest {
    private final List<String> told = new ArrayList<>();
    private Optional<String> wrong = Optional.empty();
    private final List<String> lost = new ArrayList<>();
    private final List<Supervised> threads = new ArrayList<>();
    private final SelfWatch watch =
            new SelfWatch(() -> threads, List.of(part(() -> wrong), part(Optional::empty)), new SelfWatch.Hearer() {
                @Override
                public void alarm(String sentence) {
                    told.add(sentence);
                }

                @Override
                public void lost(String sentence) {
                    lost.add(sentence);
                }
            });

    private static SelfWatch.Part part(Supplier<Optional<String>> fault) {
        return new SelfWatch.Part("part", fault);
    }

    private Optional<String> alarm() {
        return watch.faults().stream().map(SelfWatch.Fault::why).findFirst();
    }

    @Test
    void all_faults_are_reported_by_check_with_the_time_of_the_first_report() {
        long before = System.nanoTime();
        wrong = Optional.of("stuck");
        look(1);
        long after = System.nanoTime();
        threads.add(new Supervised() {
            @Override
            public Optional<String> fault() {
                return Optional.of("mute");
            }

            @Override
            public String check() {
                return SelfWatch.TIMERS;
            }
        });
        look(3);
        assertThat(watch.faults())
                .extracting(SelfWatch.Fault::check, SelfWatch.Fault::why)
                .containsExactly(tuple("part", "stuck"));
        assertThat(watch.faults().getFirst().since() - before).isBetween(0L, after - before);
        look(1);
        assertThat(watch.faults())
                .extracting(SelfWatch.Fault::check, SelfWatch.Fault::why)
                .containsExactlyInAnyOrder(tuple("part", "stuck"), tuple(SelfWatch.TIMERS, "mute"));
    }

    private void look(int times) {
        for (int i = 0; i < times; i++) {
            watch.look();
        }
    }

    @Test
    void what_is_said_for_a_while_is_an_alarm_told_once_until_it_is_over() {
        wrong = Optional.of("stuck");
        look(3);
        assertThat(alarm()).as("it may pass").isEmpty();
        look(10);
        assertThat(alarm()).contains("stuck");
        assertThat(told).containsExactly("stuck");
        wrong = Optional.empty();
        look(1);
        assertThat(alarm()).isEmpty();
        wrong = Optional.of("stuck");
        look(4);
        assertThat(told).containsExactly("stuck", "stuck");
    }

    @Test
    void a_thread_that_has_ended_is_an_alarm_at_once_and_is_started_again() throws Exception {
        var turns = new AtomicInteger();
        var thread = SupervisedThread.of("test", "does a test's work", () -> {
            turns.incrementAndGet();
            return false; // its end was not wanted
        });
        thread.start();
        threads.add(thread);
        await().until(() -> turns.get() == 1 && !isAlive());
        look(1);
        assertThat(alarm())
                .hasValueSatisfying(sentence -> assertThat(sentence)
                        .startsWith("thread test (does a test's work) ended")
                        .contains("was restarted"));
        await().until(() -> turns.get() == 2);
        assertThat(told).hasSize(1);
        assertThat(lost).isEmpty();
        thread.join(Duration.ofSeconds(60));
        look(1);
        assertThat(alarm()).as("its end was wanted").isEmpty();
    }

    @Test
    void a_vital_thread_that_has_ended_ends_the_daemon() throws Exception {
        var thread = SupervisedThread.vital("test", "does a test's work", () -> {
            throw new OutOfMemoryError("as planned");
        });
        thread.start();
        threads.add(thread);
        await().until(() -> !isAlive());
        look(1);
        assertThat(lost).singleElement().asString().contains("ended by java.lang.OutOfMemoryError", "the daemon stops");
        assertThat(thread.join(Duration.ofSeconds(60))).isTrue();
    }

    @Test
    void an_error_of_one_task_is_not_the_last_and_one_of_each_task_is_an_alarm() throws Exception {
        var failing = new AtomicBoolean(true);
        var turns = new AtomicInteger();
        var thread = SupervisedThread.of("test", "does a test's work", () -> {
            turns.incrementAndGet();
            if (failing.get()) {
                throw new StackOverflowError("as planned");
            }
            Thread.sleep(1);
            return true;
        });
        thread.start();
        threads.add(thread);
        await().until(() -> turns.get() > 3);
        look(4);
        assertThat(alarm())
                .hasValueSatisfying(
                        sentence -> assertThat(sentence).contains("fails at each task (java.lang.StackOverflowError)"));
        failing.set(false);
        await().until(() -> thread.fault().isEmpty());
        look(1);
        assertThat(alarm()).isEmpty();
        assertThat(thread.revive()).as("it never ended").isEmpty();
        thread.interrupt();
        assertThat(thread.join(Duration.ofSeconds(60))).isTrue();
    }

    @Test
    void a_thread_that_does_not_come_back_from_a_task_is_an_alarm() throws Exception {
        var blocked = new CountDownLatch(1);
        var working = new AtomicReference<SupervisedThread>();
        var thread = SupervisedThread.of("test", "does a test's work", Duration.ofMillis(50), () -> {
            working.get().busy();
            blocked.await();
            return true;
        });
        working.set(thread);
        thread.start();
        threads.add(thread);
        await().until(() -> thread.fault().isPresent());
        look(4);
        assertThat(alarm()).hasValueSatisfying(sentence -> assertThat(sentence).contains("busy with one task"));
        thread.interrupt();
        assertThat(thread.join(Duration.ofSeconds(60))).isTrue();
    }

    @Test
    void a_part_that_cannot_be_asked_is_not_well() {
        threads.add(new Supervised() {
            @Override
            public Optional<String> revive() {
                throw new StackOverflowError("as planned");
            }

            @Override
            public Optional<String> fault() {
                return Optional.empty();
            }

            @Override
            public boolean isLost() {
                return false;
            }
        });
        look(1);
        assertThat(alarm()).isPresent();
    }

    private static boolean isAlive() {
        return Thread.getAllStackTraces().keySet().stream()
                .anyMatch(thread -> thread.getName().equals("test"));
    }

    @Test
    void what_is_said_anew_each_time_is_a_busy_daemon() {
        for (int i = 0; i < 20; i++) {
            wrong = Optional.of("message " + i);
            look(2);
        }
        assertThat(told).isEmpty();
    }
}
