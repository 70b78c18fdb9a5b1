package io.leprechaun.daemon.e2e;

import static io.leprechaun.daemon.e2e.Installation.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.leprechaun.daemon.DaemonHere;
import io.leprechaun.daemon.agent.beat.BeatAgent;
import io.leprechaun.daemon.agent.beat.BeatDefinition;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * A new agent needs a trigger, its definition, the agent itself, and a line that names them: all other code uses these.
 */
@Timeout(180)
class AgentPlugTest {
    @RegisterExtension
    private final Installation place =
            Installation.here(new DaemonHere.Plug(new BeatDefinition(), BeatAgent::new)); // the line

    @Test
    void a_new_agent_makes_recipes_due_and_answers_as_the_others_do() throws Exception {
        place.agents("beat: { workers: { max: 1, queue: 3 }, defaults: { env: { DRUM: snare } } }");
        var daemon = place.recipe("drum", """
            definition: beat
            beat: 1s
            catch_up: all
            steps: [ 'echo "$DRUM $LEPRECHAUN_TRIGGER" >> beats' ]
            """).recipe("late", """
                definition: [ hook, beat ]
                id: 3Tq0cXv5Yb
                beat: 1d
                after: [drum]
                steps: [true]
                """).start();
        eventually(() ->
                assertThat(Installation.lines(place.work().resolve("beats"))).hasSizeGreaterThanOrEqualTo(2));
        assertThat(Installation.lines(place.work().resolve("beats")))
                .contains("snare beat")
                .allMatch(line -> line.startsWith("snare ")); // a busy machine makes up for one that it was late for
        assertThat(daemon.runs("drum"))
                .allMatch(run -> run.get("agent").asString().equals("beat"))
                .anyMatch(run -> run.get("trigger").asString().equals("beat"));

        assertThat(place.json("beat", "info").get("max").asInt()).isEqualTo(1);
        assertThat(place.client("beat", "recipes").out()).contains("drum").contains("late");
        assertThat(place.client("beat", "next", "3").out().lines()).hasSizeGreaterThanOrEqualTo(3);
        assertThat(place.client("daemon", "services").out()).contains("beat");
        assertThat(place.client("show", "drum").out()).containsPattern("beat +1s +line 2");
        assertThat(place.client("ls").out()).contains("beat");
        assertThat(place.client("why", "drum").out()).contains("by its beat");

        assertThat(place.client("beat", "pause").code()).isZero();
        assertThat(place.json("beat", "info").get("status").asString()).isEqualTo("paused");
        eventually(() -> assertThat(daemon.runs("drum").getLast().get("state").asString())
                .isEqualTo("held"));
        assertThat(place.client("beat", "start").code()).isZero();

        assertThat(daemon.stop()).isZero();
        assertThat(place.client("show", "drum").out()).containsPattern("agents: +beat");
        long stopped = Instant.now().getEpochSecond();
        eventually(() -> assertThat(Instant.now().getEpochSecond()).isGreaterThan(stopped)); // a beat is missed
        var again = place.start();
        eventually(() -> assertThat(again.runs("drum"))
                .anyMatch(of -> of.get("trigger").asString().equals("catch-up")));
        assertThat(again.stop()).isZero();
        place.assertVerified();
    }

    @Test
    void without_a_daemon_its_recipes_are_checked_shown_and_simulated() throws Exception {
        place.agents("beat: { workers: { max: 1 } }").recipe("drum", """
            definition: beat
            beat: 10m
            steps: [true]
            """);
        assertThat(place.client("check").code()).isZero();
        assertThat(place.client("simulate").out()).containsPattern("drum +14[345]\\b");
        place.recipe("unused", "beat: 10m\nsteps: [true]\n").recipe("lacks", "definition: beat\nsteps: [true]\n");
        assertThat(place.client("check").out())
                .contains("unused without `definition: beat`")
                .contains("'beat' needs `beat`; add it, such as beat: 10s");
    }
}
