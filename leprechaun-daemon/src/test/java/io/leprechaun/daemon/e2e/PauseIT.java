package io.leprechaun.daemon.e2e;

import static io.leprechaun.daemon.e2e.Installation.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** {@code pause} and {@code resume} of one recipe. */
@Tag("proof")
@Timeout(180)
class PauseIT extends PauseFixture {
    PauseIT() {
        super(new Installation());
    }

    @Test
    void a_pause_that_was_answered_is_there_after_a_kill_and_so_is_its_end() throws Exception {
        var daemon = place.recipe("each", EACH_SECOND).start();
        firesAgain(1);
        assertThat(place.client("pause", "each", "--reason", "upgrade").code()).isZero();
        daemon.killHard();
        var before = fired();
        var again = place.start();
        assertThat(listed("each").get("paused").get("reason").asString()).isEqualTo("upgrade");
        awaitHeld(again, "each", 2);
        assertThat(fired().size())
                .as("nothing fires but what was accepted before")
                .isLessThanOrEqualTo(before.size() + 1);

        var still = fired();
        assertThat(place.client("resume", "each").code()).isZero();
        again.killHard();
        place.start();
        eventually(() -> assertThat(fired()).hasSizeGreaterThan(still.size() + 1));
        assertThat(listed("each").get("status").asString()).isEqualTo("ok");
        place.assertVerified();
    }
}
