package io.leprechaun.daemon.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.leprechaun.daemon.lifecycle.HostClock;
import io.leprechaun.daemon.recipe.Recipe;
import io.leprechaun.daemon.run.TestClock;
import io.leprechaun.daemon.run.TestRecipes;
import io.leprechaun.daemon.schedule.IntervalSchedule;
import io.leprechaun.daemon.schedule.Schedule;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(180)
class TickerTest {
    private static final Recipe A = TestRecipes.failing("a");
    private static final Recipe B = TestRecipes.failing("b");
    private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");

    private final TestClock clock = new TestClock("2026-11-23T12:00:00Z");
    private final List<String> told = new CopyOnWriteArrayList<>();
    private Ticker ticker = ticker(clock);

    private Ticker ticker(HostClock source) {
        return new Ticker("test", source, new Listener() {
            @Override
            public void due(Recipe recipe, Instant at) {
                told.add(recipe.name() + " " + at.toString().substring(11));
            }
        });
    }

    /** A listener without missed instants. */
    private interface Listener extends DueListener {
        @Override
        default void late(Recipe recipe, Schedule schedule, Missed late) {
            throw new AssertionError(recipe.name() + ": " + late);
        }

        @Override
        default void missed(Recipe recipe, Schedule schedule, Missed missed) {
            throw new AssertionError(recipe.name() + ": " + missed);
        }

        @Override
        default void set() {}

        @Override
        default void recount(Recipe recipe, Schedule schedule, Instant now, Optional<Instant> shown) {
            throw new AssertionError(recipe.name() + " is counted anew");
        }
    }

    private static HostClock real() {
        InstantSource wall = InstantSource.system();
        return new HostClock() {
            @Override
            public Instant instant() {
                return wall.instant();
            }

            @Override
            public long elapsedNanos() {
                return System.nanoTime();
            }
        };
    }

    @AfterEach
    void stop() {
        ticker.stop();
        await().until(() -> threads() == 0);
    }

    private static long threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("test-timer"))
                .count();
    }

    private static Schedule every(String duration) {
        return new IntervalSchedule(NOON, Duration.parse(duration));
    }

    /** Makes the ticker look at the clock: an update without changes does. */
    private void look(Map<Recipe, Schedule> same) {
        ticker.update(same);
    }

    /** Waits for a report: the ticker's thread may have taken events and not have reported them yet. */
    private void toldIs(Consumer<List<String>> check) {
        await().untilAsserted(() -> check.accept(told));
    }

    @Test
    void tells_what_is_due_in_the_order_of_its_instants() {
        var schedules = Map.of(A, every("PT20S"), B, every("PT30S"));
        ticker.start(schedules, NOON, Instant.MIN);
        for (int i = 0; i < 60; i++) {
            clock.move(Duration.ofSeconds(1));
            look(schedules);
        }
        toldIs(all -> assertThat(all)
                .containsExactlyInAnyOrder("a 12:00:20Z", "b 12:00:30Z", "a 12:00:40Z", "a 12:01:00Z", "b 12:01:00Z"));
        assertThat(told.stream().map(line -> line.substring(2))).isSorted();
    }

    /**
     * The record of a later instant implies that the earlier ones have theirs: after a kill in between, one would be
     * lost silently.
     */
    @Test
    void what_is_due_is_told_in_its_order_though_one_who_tells_is_held_up() throws InterruptedException {
        var held = new CountDownLatch(1);
        var first = new CountDownLatch(1);
        ticker = new Ticker("test", clock, new Listener() {
            @Override
            public void due(Recipe recipe, Instant at) {
                if (at.equals(NOON.plusSeconds(1))) {
                    first.countDown();
                    awaitRelease(held);
                }
                told.add(recipe.name() + " " + at.toString().substring(11));
            }
        });
        var schedules = Map.of(A, every("PT1S"));
        ticker.start(schedules, NOON, Instant.MIN);
        clock.move(Duration.ofSeconds(1));
        var one = Thread.startVirtualThread(() -> look(schedules));
        first.await();
        clock.move(Duration.ofSeconds(1));
        var other = Thread.startVirtualThread(() -> look(schedules));
        await().until(() -> other.getState() == Thread.State.WAITING);
        assertThat(told).as("it waits for the other").isEmpty();
        held.countDown();
        one.join();
        other.join();
        assertThat(told).containsExactly("a 12:00:01Z", "a 12:00:02Z");
    }

    private static void awaitRelease(CountDownLatch held) {
        try {
            assertThat(held.await(60, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void is_never_early_and_tells_each_instant() {
        var instants = new CopyOnWriteArrayList<Instant>();
        var early = new CopyOnWriteArrayList<Instant>();
        HostClock real = real();
        Instant anchor = real.instant();
        ticker = new Ticker("test", real, new Listener() {
            @Override
            public void due(Recipe recipe, Instant at) {
                (real.instant().isBefore(at) ? early : instants).add(at);
            }

            @Override
            public void late(Recipe recipe, Schedule schedule, Missed late) {
                Stream.iterate(late.first(), at -> at.plusMillis(50))
                        .limit(late.count())
                        .forEach(instants::add);
            }
        });
        Schedule often = after -> Stream.iterate(anchor, at -> at.plusMillis(50))
                .filter(at -> at.isAfter(after))
                .findFirst();
        ticker.start(Map.of(A, often), anchor, Instant.MIN);
        await().until(() -> instants.size() >= 10);

        ticker.stop();
        assertThat(early).isEmpty();
        assertThat(instants)
                .containsExactlyElementsOf(Stream.iterate(anchor.plusMillis(50), at -> at.plusMillis(50))
                        .limit(instants.size())
                        .toList());
    }

    @Test
    void an_instant_that_comes_with_the_update_is_told_once() {
        var schedules = Map.of(A, every("PT20S"));
        ticker.start(schedules, NOON, Instant.MIN);
        clock.set("2026-11-23T12:00:20Z");
        look(schedules);
        look(schedules);
        toldIs(all -> assertThat(all).containsExactly("a 12:00:20Z"));
    }

    @Test
    void an_instant_between_two_looks_at_the_clock_is_not_lost() {
        // a clock that advances by a millisecond at each look
        HostClock running = new HostClock() {
            @Override
            public Instant instant() {
                return clock.move(Duration.ofMillis(1));
            }

            @Override
            public long elapsedNanos() {
                return clock.elapsedNanos();
            }
        };
        ticker = ticker(running);
        var schedules = Map.of(A, every("PT1S"));
        ticker.start(schedules, NOON, Instant.MIN);
        for (int i = 0; i < 60_000; i++) {
            look(schedules);
        }
        ticker.stop();
        await().until(() -> threads() == 0);
        int count = told.size();
        assertThat(count).isGreaterThan(50);
        assertThat(told).doesNotHaveDuplicates();
        assertThat(told.stream().sorted().toList().getLast())
                .isEqualTo("a " + NOON.plusSeconds(count).toString().substring(11));
    }

    @Test
    void what_is_added_changed_and_removed_takes_effect() {
        ticker.start(Map.of(A, every("PT20S")), NOON, Instant.MIN);
        ticker.update(Map.of(B, every("PT10S")));
        clock.set("2026-11-23T12:00:10Z");
        look(Map.of(B, every("PT10S")));
        clock.set("2026-11-23T12:00:20Z");
        ticker.update(Map.of(B, every("PT10S")));
        ticker.update(Map.of());
        clock.set("2026-11-23T12:00:30Z");
        ticker.update(Map.of());
        toldIs(all -> assertThat(all).containsExactly("b 12:00:10Z", "b 12:00:20Z"));
    }

    @Test
    void stopped_and_started_again_and_again_it_never_doubles() {
        var schedules = Map.of(A, every("PT10S"));
        for (int i = 0; i < 50; i++) {
            ticker.start(schedules, clock.instant(), Instant.MIN);
            ticker.stop();
        }
        ticker.start(schedules, clock.instant(), Instant.MIN);
        for (int i = 0; i < 6; i++) {
            clock.move(Duration.ofSeconds(10));
            look(schedules);
        }
        await().until(() -> threads() == 1);
        toldIs(all -> assertThat(all).hasSize(6).doesNotHaveDuplicates());
        ticker.stop();
        clock.move(Duration.ofSeconds(30));
        assertThat(told).hasSize(6);
    }

    @Test
    void a_recipe_that_cannot_be_told_does_not_silence_the_others() {
        var count = new AtomicInteger();
        ticker = new Ticker("test", clock, new Listener() {
            @Override
            public void due(Recipe recipe, Instant at) {
                count.incrementAndGet();
                throw new IllegalStateException("as planned");
            }
        });
        var schedules = Map.of(A, every("PT10S"), B, every("PT10S"));
        ticker.start(schedules, NOON, Instant.MIN);
        clock.set("2026-11-23T12:00:10Z");
        look(schedules);
        clock.set("2026-11-23T12:00:20Z");
        look(schedules);
        await().untilAsserted(() -> assertThat(count).hasValue(4));
    }

    @Test
    void an_error_over_one_recipe_does_not_keep_the_others_from_being_due() {
        HostClock real = real();
        ticker = new Ticker("test", real, new Listener() {
            @Override
            public void due(Recipe recipe, Instant at) {
                if (recipe.equals(A)) {
                    throw new OutOfMemoryError("as planned");
                }
                told.add(recipe.name().value());
            }
        });
        Instant soon = real.instant().plusMillis(100);
        Instant later = soon.plusMillis(100);
        ticker.start(
                Map.of(
                        A, after -> Optional.of(soon).filter(at -> at.isAfter(after)),
                        B, after -> Optional.of(later).filter(at -> at.isAfter(after))),
                real.instant(),
                Instant.MIN);
        await().untilAsserted(() -> assertThat(told).containsExactly("b"));
        assertThat(threads()).isEqualTo(1);
    }

    @Test
    void its_own_thread_tells_without_anybody_asking_and_stops_when_told() {
        HostClock real = real();
        ticker = ticker(real);
        Instant soon = real.instant().plusMillis(100);
        ticker.start(
                Map.of(A, after -> Optional.of(soon).filter(at -> at.isAfter(after))), real.instant(), Instant.MIN);
        await().until(() -> told.size() == 1);
        ticker.stop();
        await().until(() -> threads() == 0);
    }

    @Test
    void an_earlier_recipe_wakes_the_thread_that_sleeps_for_a_later_one() {
        HostClock real = real();
        ticker = ticker(real);
        Instant now = real.instant();
        Map<Recipe, Schedule> late = Map.of(A, after -> Optional.of(now.plusSeconds(3600)));
        ticker.start(late, now, Instant.MIN);
        var both = new HashMap<>(late);
        both.put(B, after -> Optional.of(now.plusMillis(300)).filter(at -> at.isAfter(after)));
        ticker.update(both);
        await().until(() -> told.size() == 1);
    }
}
