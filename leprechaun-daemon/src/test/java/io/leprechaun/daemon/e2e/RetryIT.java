package io.leprechaun.daemon.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Attempts of one run, and the steps that handle an end. */
@Tag("proof")
@Timeout(180)
class RetryIT extends RetryFixture {
    RetryIT() {
        super(new Installation());
    }

    @Test
    void what_waits_for_its_next_attempt_outlives_the_daemon() throws Exception {
        var daemon = place.recipe(
                        "flaky",
                        "retry: { times: 1, delay: 2s }\n"
                                + "steps: [ 'echo $LEPRECHAUN_ATTEMPT >> attempts; test $LEPRECHAUN_ATTEMPT -eq 2' ]\n")
                .start();
        long id = daemon.begin("flaky");
        daemon.awaitRetry(id);
        daemon.killHard();
        var again = place.start();
        assertThat(text(again.over(id), "state")).isEqualTo("succeeded");
        assertThat(lines("attempts")).containsExactly("1", "2");
    }

    @Test
    void where_it_begins_again_lasts_through_a_restart() throws Exception {
        place.settings("workers: { max: 1 }");
        var daemon = place.recipe("long", "steps: [ 'until test -e go; do sleep 0.1; done' ]\n")
                .recipe("two", "steps: [ echo one >> steps, echo two $LEPRECHAUN_TRIGGER >> steps ]\n")
                .start();
        daemon.runToEnd("two");
        place.client("run", "long");
        long second = daemon.runs("two").getFirst().get("id").asLong();
        long again = place.client("retry", Long.toString(second), "--from-step", "2", "--json")
                .json()
                .get("run")
                .get("id")
                .asLong();
        daemon.killHard();
        Files.createFile(place.work().resolve("go"));
        assertThat(text(place.start().over(again), "state")).isEqualTo("succeeded");
        assertThat(lines("steps")).containsExactly("one", "two manual", "two retry");
    }
}
