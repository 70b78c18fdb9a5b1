package io.leprechaun.daemon.e2e;

import static io.leprechaun.daemon.e2e.Installation.eventually;
import static io.leprechaun.daemon.e2e.Installation.lines;
import static io.leprechaun.daemon.e2e.RunningDaemon.list;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

/** {@code pause} and {@code resume} of one recipe. */
@Tag("proof")
@Timeout(180)
class PauseIT {
    private static final String EACH_SECOND = """
        definition: cron
        pattern: "* * * * * *"
        overlap: parallel
        steps: [ 'echo "$LEPRECHAUN_SCHEDULED_AT" >> fired' ]
        """;

    @RegisterExtension
    private final Installation place = new Installation();

    private List<String> fired() {
        return lines(place.work().resolve("fired"));
    }

    /** Waits until it has fired so often more than now. */
    private void firesAgain(int times) {
        int before = fired().size();
        eventually(() -> assertThat(fired()).hasSizeGreaterThanOrEqualTo(before + times));
    }

    private static List<JsonNode> held(RunningDaemon daemon, String recipe) throws IOException {
        return daemon.runs(recipe).stream()
                .filter(run -> run.get("state").asString().equals("held"))
                .toList();
    }

    /** Waits until what was due so often at least stands in one record. */
    private static void awaitHeld(RunningDaemon daemon, String recipe, int times) {
        eventually(() -> assertThat(held(daemon, recipe))
                .anySatisfy(run -> assertThat(run.get("count").asInt()).isGreaterThanOrEqualTo(times)));
    }

    private JsonNode listed(String recipe) throws InterruptedException {
        return list(place.json("ls").get("recipes")).stream()
                .filter(one -> one.get("name").asString().equals(recipe))
                .findFirst()
                .orElseThrow();
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
