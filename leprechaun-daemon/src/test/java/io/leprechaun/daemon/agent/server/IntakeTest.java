package io.leprechaun.daemon.agent.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.leprechaun.daemon.recipe.RecipeName;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class IntakeTest {
    private static final RecipeName ONE = new RecipeName("one");

    private final AtomicLong now = new AtomicLong(-5);
    private final Intake intake = new Intake(600, now::get);

    @Test
    void takes_as_much_as_fits_into_a_minute_and_says_when_there_is_room_again() {
        assertThat(intake.take(ONE, 500)).isEmpty();
        assertThat(intake.take(ONE, 200)).contains(Duration.ofSeconds(10));
        assertThat(intake.take(ONE, 100)).isEmpty();
        assertThat(intake.take(new RecipeName("other"), 600)).isEmpty();
        now.addAndGet(Duration.ofSeconds(10).toNanos());
        assertThat(intake.take(ONE, 200)).contains(Duration.ofSeconds(10));
        now.addAndGet(Duration.ofSeconds(10).toNanos());
        assertThat(intake.take(ONE, 200)).isEmpty();
    }

    @Test
    void what_is_given_back_takes_no_room() {
        assertThat(intake.take(ONE, 600)).isEmpty();
        intake.giveBack(ONE, 600);
        assertThat(intake.take(ONE, 600)).isEmpty();
        assertThat(intake.take(ONE, 1)).isPresent();
    }

    @Test
    void what_is_larger_than_all_comes_in_alone() {
        assertThat(intake.take(ONE, 6000)).isEmpty();
        assertThat(intake.take(ONE, 1)).isPresent();
        now.addAndGet(Duration.ofMinutes(10).toNanos());
        assertThat(intake.take(ONE, 1)).isEmpty();
    }
}
