package io.leprechaun.daemon.e2e;

import static io.leprechaun.daemon.e2e.Installation.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

/** Recipes that run after others. */
@Timeout(180)
class AfterTest {
    @RegisterExtension
    private final Installation place = Installation.here();

    private static List<JsonNode> after(RunningDaemon daemon, String recipe) throws IOException {
        return daemon.runs(recipe).stream()
                .filter(run -> run.get("trigger").asString().equals("after"))
                .toList();
    }

    private static void awaitRuns(RunningDaemon daemon, String recipe, int count) {
        eventually(() -> assertThat(after(daemon, recipe))
                .hasSize(count)
                .allMatch(run -> run.get("state").asString().equals("succeeded")));
    }

    @Test
    void it_runs_once_all_others_have_ended_as_it_wishes() throws Exception {
        place.recipe("dump", "steps: [ pwd ]");
        place.recipe("pack", "steps: [ test ! -e bad ]");
        place.recipe("send", "after: [ dump, pack ]\nsteps: [ 'echo $LEPRECHAUN_TRIGGER >> sent' ]");
        place.recipe("alarm", "after: { recipe: pack, on: failure }\nsteps: [ pwd ]");
        place.recipe("tidy", "after: { recipe: pack, on: always }\nsteps: [ pwd ]");
        RunningDaemon daemon = place.start();
        daemon.runToEnd("dump");
        daemon.runToEnd("dump");
        assertThat(place.client("why", "send").out())
                .contains("when a run of dump has succeeded and a run of pack has succeeded");
        JsonNode packed = daemon.runToEnd("pack");
        awaitRuns(daemon, "send", 1);
        awaitRuns(daemon, "tidy", 1);
        assertThat(after(daemon, "send").getFirst().get("due_at").asString())
                .isEqualTo(packed.get("ended_at").asString());
        assertThat(place.work().resolve("sent")).hasContent("after\n");
        assertThat(place.client("why", "send").out()).contains("after others had ended");

        place.touch("bad");
        daemon.runToEnd("pack");
        daemon.runToEnd("dump");
        awaitRuns(daemon, "alarm", 1);
        awaitRuns(daemon, "tidy", 2);
        daemon.runToEnd("send"); // by hand, which uses up nothing
        assertThat(after(daemon, "send")).as("pack has failed").hasSize(1);
        assertThat(place.work().resolve("bad").toFile().delete()).isTrue();
        daemon.runToEnd("pack");
        awaitRuns(daemon, "send", 2);
        assertThat(after(daemon, "alarm")).hasSize(1);
        place.assertVerified();
    }

    @Test
    void an_end_that_nobody_saw_makes_it_due_at_the_next_start_and_one_before_it_was_there_does_not() throws Exception {
        place.recipe("dump", "on_stop: wait\nsteps: [ 'until test -e go; do sleep 0.05; done' ]");
        place.recipe("send", "after: dump\nsteps: [ pwd ]");
        RunningDaemon first = place.start();
        first.begin("dump");
        first.signal();
        eventually(() -> assertThat(place.client("run", "send").code()).isNotZero()); // it is stopping
        place.touch("go");
        first.awaitExit();
        RunningDaemon second = place.start();
        awaitRuns(second, "send", 1);
        assertThat(second.stop()).isZero();
        place.recipe("late", "after: dump\nsteps: [ pwd ]");
        RunningDaemon third = place.start();
        third.runToEnd("dump");
        awaitRuns(third, "late", 1);
        awaitRuns(third, "send", 2);
    }

    @Test
    void a_circle_is_an_error_and_what_is_loaded_stays() throws Exception {
        place.recipe("a", "steps: [ pwd ]");
        place.recipe("b", "after: a\nsteps: [ pwd ]");
        place.recipe("c", "after: [ b ]\nsteps: [ pwd ]");
        place.recipe("self", "after: self\nsteps: [ pwd ]");
        place.recipe("typo", "after: seIf\nsteps: [ pwd ]");
        RunningDaemon daemon = place.start();
        assertThat(place.client("ls").out()).contains("`after` forms a cycle: self waits for self");
        place.recipe("a", "after: c\nsteps: [ 'echo new' ]");
        assertThat(place.client("daemon", "reload").code()).isZero();
        eventually(() -> assertThat(place.client("show", "a").out())
                .contains("a waits for c, that for b, that for a; remove one of them", "pwd"));
        daemon.runToEnd("a");
        awaitRuns(daemon, "c", 1);
        var check = place.client("check", place.recipes().toString());
        assertThat(check.code()).isEqualTo(1);
        assertThat(check.out() + check.err())
                .contains("`after` forms a cycle", "warning: `after`: unknown recipe 'seIf'; did you mean 'self'?");
        assertThat(place.client("show", "typo").out()).contains("unknown recipe 'seIf'");
    }
}
