package io.leprechaun.daemon.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.leprechaun.daemon.agent.ClockGuard.ClockState;
import io.leprechaun.daemon.run.TestClock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ClockGuardTest {
    private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");

    private final TestClock clock = new TestClock(NOON.toString());
    private boolean synchronised;

    private ClockGuard guard(String boot, Optional<ClockState> last) {
        return new ClockGuard(clock, boot, last, () -> synchronised);
    }

    private ClockState known(String boot, Instant at, Duration ago) {
        return new ClockState(boot, at, clock.elapsedNanos() - ago.toNanos(), Optional.empty());
    }

    @Test
    void the_first_clock_is_believed() {
        var guard = guard("a", Optional.empty());
        assertThat(guard.doubt()).isEmpty();
        assertThat(guard.setBeforeStart()).isZero();
    }

    @Test
    void within_a_boot_it_is_known_how_far_the_clock_was_set() {
        var killed = Optional.of(known("a", NOON.plusSeconds(40), Duration.ofSeconds(10)));
        assertThat(guard("a", killed).setBeforeStart()).isEqualTo(Duration.ofSeconds(-50));
        assertThat(guard("a", killed).doubt()).isEmpty();
        var down = Optional.of(known("a", NOON.minusSeconds(3600), Duration.ofHours(1)));
        assertThat(guard("a", down).setBeforeStart()).as("it was down").isZero();
    }

    @Test
    void after_another_boot_only_what_cannot_be_time_is_a_set_clock() {
        var back = Optional.of(known("a", NOON.plusSeconds(40), Duration.ZERO));
        assertThat(guard("b", back).setBeforeStart()).isEqualTo(Duration.ofSeconds(-40));
        var month = Optional.of(known("a", NOON.minus(Duration.ofDays(30)), Duration.ZERO));
        assertThat(guard("b", month).setBeforeStart()).isZero();
        assertThat(guard("b", month).doubt()).isEmpty();
    }

    @Test
    void what_was_in_doubt_before_a_boot_makes_no_year_of_downtime() {
        var doubt = new ClockGuard.Doubt(NOON, NOON.plus(Duration.ofDays(2)), NOON);
        var last = Optional.of(new ClockState("a", NOON, clock.elapsedNanos(), Optional.of(doubt)));
        clock.setWall(NOON.plus(Duration.ofDays(286)).toString());
        assertThat(guard("b", last).doubt()).isPresent();
        assertThat(guard("b", last).setBeforeStart())
                .as("else the records are as old as that when it is right again, and are removed")
                .isEqualTo(Duration.ofDays(286));
    }

    @Test
    void a_clock_far_ahead_or_behind_is_in_doubt_unless_something_keeps_it_right() {
        for (Duration ahead : new Duration[] {Duration.ofDays(400), Duration.ofHours(-4)}) {
            var last = Optional.of(known("a", NOON.minus(ahead), Duration.ZERO));
            var guard = guard("b", last);
            assertThat(guard.doubt().orElseThrow()).contains("leprechaun daemon clock accept");
            assertThat(guard.setBeforeStart()).isEqualTo(ahead);
            assertThat(guard.isAhead(NOON.minus(ahead))).isEqualTo(!ahead.isNegative());
            synchronised = true;
            assertThat(guard("b", last).doubt()).isEmpty();
            var cleared = guard.look();
            assertThat(cleared.accepted().orElseThrow()).isEqualTo(ahead);
            assertThat(cleared.cleared().isPresent()).isEqualTo(!ahead.isNegative());
            assertThat(guard.doubt()).isEmpty();
            synchronised = false;
        }
    }

    @Test
    void doubt_lasts_across_starts_until_the_clock_is_right_or_confirmed() {
        var last = known("a", NOON.minus(Duration.ofDays(400)), Duration.ZERO);
        var first = guard("b", Optional.of(last));
        clock.move(Duration.ofSeconds(60));
        var second = guard("b", Optional.of(first.known()));
        assertThat(second.doubt()).isEqualTo(first.doubt()).isPresent();
        assertThat(second.setBeforeStart())
                .as("it was set before the first start")
                .isZero();
        var third = guard("c", Optional.of(second.known()));
        assertThat(third.doubt()).isEqualTo(first.doubt());
        assertThat(third.setBeforeStart()).as("the machine was down").isZero();

        clock.setWall(last.at().plusSeconds(90).toString());
        var right = second.look();
        assertThat(right.set()).isEqualTo(Duration.ofDays(-400).plusSeconds(30));
        assertThat(right.accepted()).isEmpty();
        assertThat(right.cleared())
                .contains(new ClockGuard.Cleared(last.at(), last.at().plusSeconds(90)));
        assertThat(second.doubt()).isEmpty();
        assertThat(second.known().at()).isEqualTo(clock.instant());

        var after = guard("c", Optional.of(third.known()));
        assertThat(after.setBeforeStart()).isEqualTo(Duration.ofDays(-400).plusSeconds(30));
        assertThat(after.doubt()).isEmpty();
        assertThat(after.first().cleared()).isEqualTo(right.cleared());
    }

    @Test
    void a_word_is_as_good_as_a_new_one_while_only_time_has_passed() {
        var word = known("a", NOON, Duration.ofSeconds(10));
        Duration most = Duration.ofSeconds(30);
        assertThat(later(word, Duration.ofSeconds(20), Duration.ofMillis(10)).follows(word, most))
                .isTrue();
        assertThat(later(word, Duration.ofSeconds(30), Duration.ZERO).follows(word, most))
                .as("too old")
                .isFalse();
        for (int slewed : new int[] {60, -60}) {
            assertThat(later(word, Duration.ofSeconds(20), Duration.ofMillis(slewed))
                            .follows(word, most))
                    .as("made right bit by bit, by %d ms", slewed)
                    .isFalse();
        }
        var doubt = Optional.of(new ClockGuard.Doubt(NOON, NOON.minusSeconds(60), NOON));
        assertThat(new ClockGuard.ClockState(word.boot(), word.at(), word.elapsed(), doubt).follows(word, most))
                .as("in doubt")
                .isFalse();
    }

    private static ClockGuard.ClockState later(ClockGuard.ClockState word, Duration by, Duration slewed) {
        return new ClockGuard.ClockState(
                word.boot(), word.at().plus(by).plus(slewed), word.elapsed() + by.toNanos(), word.doubt());
    }

    @Test
    void a_confirmed_clock_says_that_the_time_has_passed() {
        var last = known("a", NOON.minus(Duration.ofDays(60)), Duration.ZERO);
        var guard = guard("b", Optional.of(last));
        clock.move(Duration.ofSeconds(60));
        var look = guard.accept();
        assertThat(look.accepted()).contains(Duration.ofDays(60));
        assertThat(look.cleared()).contains(new ClockGuard.Cleared(last.at(), NOON));
        assertThat(guard.accept().accepted()).as("once").isEmpty();
    }

    @Test
    void a_clock_that_goes_far_ahead_while_somebody_looks_is_in_doubt_too() {
        var guard = guard("a", Optional.empty());
        clock.setWall(NOON.plus(Duration.ofDays(36)).toString());
        assertThat(guard.look().set()).isEqualTo(Duration.ofDays(36));
        assertThat(guard.doubt()).isPresent();
        clock.setWall(NOON.plusSeconds(5).toString());
        guard.look();
        assertThat(guard.doubt()).isEmpty();
    }
}
