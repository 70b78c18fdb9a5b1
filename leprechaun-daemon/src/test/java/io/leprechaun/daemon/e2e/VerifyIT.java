package io.leprechaun.daemon.e2e;

import static io.leprechaun.daemon.e2e.Installation.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** {@code leprechaun verify} says that all is well where it is, and finds each promise that somebody broke by hand. */
@Tag("proof")
class VerifyIT {
    @RegisterExtension
    private final Installation place = new Installation();

    /** A history with runs of every kind, of a daemon that has stopped. */
    @BeforeEach
    void history() throws Exception {
        place.recipe("tick", "definition: cron\npattern: '* * * * * *'\nsteps: [ 'echo tick' ]");
        place.recipe("often", "definition: schedule\nschedule: { sec: 1 }\nsteps: [ 'echo often' ]");
        place.recipe("bad", "steps: [ 'echo no', 'exit 3' ]");
        place.recipe("again", "retry: { times: 1, delay: 1s }\nsteps: [ 'echo again; exit 1' ]");
        var daemon = place.start();
        daemon.runToEnd("bad");
        daemon.runToEnd("again");
        eventually(() -> {
            assertThat(daemon.runs("tick")).hasSizeGreaterThan(4);
            assertThat(daemon.runs("often")).hasSizeGreaterThan(4);
        });
        assertThat(verify().code()).as("beside a daemon that works").isZero();
        assertThat(daemon.stop()).isZero();
    }

    private Installation.Ended verify() throws Exception {
        return place.client("verify");
    }

    @Test
    void a_history_that_nobody_touched_is_whole_also_across_a_crash_and_an_edit() throws Exception {
        var whole = verify();
        assertThat(whole.err()).isEmpty();
        assertThat(whole.code()).isZero();
        assertThat(whole.out()).contains("nothing is wrong");

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
        assertThat(verify().out()).contains("nothing is wrong");
        assertThat(place.client("verify", "--json").json().at("/verification/findings"))
                .isEmpty();
    }
}
