package io.leprechaun.daemon.e2e;

import static io.leprechaun.daemon.e2e.Installation.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.leprechaun.daemon.e2e.Witness.Event;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

/**
 * Instants that were due while no daemon ran: missed, or made up for as the recipe demands, each instant once, whatever
 * is killed meanwhile.
 */
@Tag("proof")
class CatchUpIT {
    private static final String SECONDLY = "definition: cron\npattern: '* * * * * *'\noverlap: queue\n";

    @RegisterExtension
    private final Installation place = new Installation();

    private Witness witness;

    @BeforeEach
    void witness() {
        Tools.require("what is made up for is not checked", "bash");
        witness = new Witness(place.folder());
    }

    private void recipe(String name, String keys) {
        place.recipe(name, witness.recipe(keys, ":"));
    }

    /** Lets some seconds pass without a daemon, and returns the end of the last one. */
    private static Instant nobodyIsThere() {
        Instant until = Instant.now().plusSeconds(4);
        eventually(() -> assertThat(Instant.now()).isAfter(until));
        return until;
    }

    private List<Instant> dues(String recipe) {
        return witness.seen().stream()
                .filter(line -> line.event() == Event.BEGIN && line.recipe().equals(recipe))
                .map(line -> line.due().orElseThrow())
                .toList();
    }

    private static List<JsonNode> caughtUp(RunningDaemon daemon, String recipe) throws Exception {
        return daemon.runs(recipe).stream()
                .filter(run -> run.get("trigger").asString().equals("catch-up"))
                .toList();
    }

    @Test
    void none_latest_and_all_are_what_they_say() throws Exception {
        recipe("none", SECONDLY);
        recipe("latest", SECONDLY + "catch_up: latest\n");
        recipe("all", SECONDLY + "catch_up: all\n");
        recipe("window", SECONDLY + "catch_up: all\ncatch_up_window: 2s\n");
        recipe("interval", "definition: schedule\nschedule: { sec: 1 }\noverlap: queue\ncatch_up: all\n");
        RunningDaemon first = place.start();
        eventually(() -> assertThat(dues("all")).hasSizeGreaterThan(1));
        assertThat(first.stop()).isZero();
        Instant down = Instant.now();
        Instant up = nobodyIsThere();
        RunningDaemon daemon = place.start();

        for (String recipe : List.of("all", "interval")) {
            eventually(() -> assertThat(dues(recipe)).anyMatch(due -> due.isAfter(up.plusSeconds(2))));
            List<Instant> dues = dues(recipe).stream().sorted().toList();
            for (int i = 1; i < dues.size(); i++) {
                assertThat(Duration.between(dues.get(i - 1), dues.get(i)))
                        .as("%s at %s", recipe, dues.get(i))
                        .isEqualTo(Duration.ofSeconds(1));
            }
        }
        assertThat(caughtUp(daemon, "none")).isEmpty();
        assertThat(caughtUp(daemon, "latest")).hasSize(1);
        assertThat(caughtUp(daemon, "window"))
                .isNotEmpty()
                .allSatisfy(run ->
                        assertThat(Instant.parse(run.get("due_at").asString())).isAfterOrEqualTo(up.minusSeconds(2)));
        assertThat(caughtUp(daemon, "all").size()).isGreaterThanOrEqualTo(4);
        assertThat(missed(daemon, "none").get("count").asInt()).isGreaterThanOrEqualTo(4);
        assertThat(missed(daemon, "latest").get("reason").asString())
                .contains("the daemon was not running; only the latest is caught up (catch_up: latest)");
        assertThat(missed(daemon, "window").get("reason").asString()).contains("of the last 2s");
        assertThat(dues("latest").stream().filter(due -> due.isAfter(down) && due.isBefore(up.minusSeconds(1))))
                .isEmpty();
        assertThat(daemon.log().lines().findFirst())
                .get(InstanceOfAssertFactories.STRING)
                .as("the first line")
                .containsPattern("down [0-9.]+ ?s: [0-9]+ due, [0-9]+ caught up, [0-9]+ missed by policy: ")
                .contains("(catch_up: none)", "latest ", "(catch_up: latest)");
        assertThat(daemon.stop()).isZero();
        place.assertVerified();
    }

    private static JsonNode missed(RunningDaemon daemon, String recipe) throws Exception {
        return daemon.runs(recipe).stream()
                .filter(run -> run.get("state").asString().equals("missed"))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void a_stopped_agent_is_made_up_for_too_and_steps_see_why_they_run() throws Exception {
        place.recipe("tick", SECONDLY + "catch_up: latest\nsteps: [ 'echo $LEPRECHAUN_TRIGGER >> triggers' ]\n");
        RunningDaemon daemon = place.start();
        eventually(() ->
                assertThat(Installation.lines(place.work().resolve("triggers"))).contains("cron"));
        assertThat(place.client("cron", "stop").code()).isZero();
        nobodyIsThere();
        assertThat(place.client("cron", "start").code()).isZero();
        eventually(() ->
                assertThat(Installation.lines(place.work().resolve("triggers"))).contains("catch-up"));
        assertThat(daemon.stop()).isZero();
        place.assertVerified();
    }

    @Test
    void killed_while_it_makes_up_nothing_is_made_up_for_twice() throws Exception {
        for (int i = 0; i < 20; i++) {
            recipe("all-" + i, SECONDLY + "catch_up: all\n");
        }
        place.settings("workers: { max: 4, queue: 100000 }");
        RunningDaemon daemon = place.start();
        eventually(() -> assertThat(dues("all-19")).isNotEmpty());
        for (int kill = 0; kill < 4; kill++) {
            daemon.killHard();
            nobodyIsThere();
            RunningDaemon next = place.start();
            daemon = next;
            eventually(() -> assertThat(caughtUp(next, "all-0")).isNotEmpty());
        }
        for (String agent : List.of("cron", "scheduler")) {
            assertThat(place.client(agent, "pause").code()).isZero();
        }
        daemon.killHard();
        daemon = place.start();
        daemon.killHard();
        for (int i = 0; i < 20; i++) {
            assertThat(dues("all-" + i)).as("all-%d", i).doesNotHaveDuplicates();
        }
        place.assertVerified();
    }
}
