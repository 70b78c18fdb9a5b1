package io.leprechaun.daemon.e2e;

import static io.leprechaun.daemon.e2e.Installation.eventually;
import static io.leprechaun.daemon.e2e.Installation.lines;
import static io.leprechaun.daemon.e2e.RunningDaemon.list;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

/** The base of the tests of pauses. */
abstract class PauseFixture {
    static final String EACH_SECOND = """
        definition: cron
        pattern: "* * * * * *"
        overlap: parallel
        steps: [ 'echo "$LEPRECHAUN_SCHEDULED_AT" >> fired' ]
        """;

    @RegisterExtension
    final Installation place;

    PauseFixture(Installation place) {
        this.place = place;
    }

    List<String> fired() {
        return lines(place.work().resolve("fired"));
    }

    /** Waits until it has fired this many more times. */
    void firesAgain(int times) {
        int before = fired().size();
        eventually(() -> assertThat(fired()).hasSizeGreaterThanOrEqualTo(before + times));
    }

    static List<JsonNode> held(RunningDaemon daemon, String recipe) throws IOException {
        return daemon.runs(recipe).stream()
                .filter(run -> run.get("state").asString().equals("held"))
                .toList();
    }

    /** Waits until one record counts at least this many due instants. */
    static void awaitHeld(RunningDaemon daemon, String recipe, int times) {
        eventually(() -> assertThat(held(daemon, recipe))
                .anySatisfy(run -> assertThat(run.get("count").asInt()).isGreaterThanOrEqualTo(times)));
    }

    JsonNode listed(String recipe) throws InterruptedException {
        return list(place.json("ls").get("recipes")).stream()
                .filter(one -> one.get("name").asString().equals(recipe))
                .findFirst()
                .orElseThrow();
    }
}
