package io.leprechaun.daemon.e2e;

import static io.leprechaun.daemon.e2e.Installation.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** {@code leprechaun verify} passes an intact history, and finds each violation that was made by hand. */
@Tag("proof")
class VerifyIT extends VerifyFixture {
    VerifyIT() {
        super(new Installation());
    }

    @Test
    void a_history_that_nobody_touched_is_whole_also_across_a_crash_and_an_edit() throws Exception {
        var whole = verify();
        assertThat(whole.err()).isEmpty();
        assertThat(whole.code()).isZero();
        assertThat(whole.out()).contains("no problems");

        var daemon = place.start();
        eventually(() -> assertThat(daemon.runs("tick"))
                .anySatisfy(run -> assertThat(run.get("state").asString()).isEqualTo("missed")));
        Path tick = place.recipes().resolve("tick.yml");
        String text = Files.readString(tick);
        Files.delete(tick);
        eventually(() -> assertThat(daemon.ask("/book/list").toString()).doesNotContain("tick"));
        Files.writeString(tick, text);
        int before = daemon.runs("tick").size();
        eventually(() -> assertThat(daemon.runs("tick")).hasSizeGreaterThan(before + 2));
        daemon.killHard();
        assertThat(verify().code()).isZero();
        assertThat(place.start().stop()).isZero();
        assertThat(verify().out()).contains("no problems");
        assertThat(place.client("verify", "--json").json().at("/verification/findings"))
                .isEmpty();
    }
}
