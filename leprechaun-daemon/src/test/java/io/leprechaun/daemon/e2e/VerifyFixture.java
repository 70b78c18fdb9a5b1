package io.leprechaun.daemon.e2e;

import static io.leprechaun.daemon.e2e.Installation.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The base of the tests of verify. */
abstract class VerifyFixture {
    @RegisterExtension
    final Installation place;

    VerifyFixture(Installation place) {
        this.place = place;
    }

    /** Makes a history with runs of every kind, of a daemon that has stopped. */
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

    Installation.Ended verify() throws Exception {
        return place.client("verify");
    }
}
