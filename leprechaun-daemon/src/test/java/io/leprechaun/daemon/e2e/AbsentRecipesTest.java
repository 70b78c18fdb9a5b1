package io.leprechaun.daemon.e2e;

import static io.leprechaun.daemon.e2e.Installation.eventually;
import static io.leprechaun.daemon.e2e.Installation.lines;
import static io.leprechaun.daemon.e2e.RunningDaemon.list;
import static io.leprechaun.daemon.e2e.RunningDaemon.texts;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

/** Absent is not deleted: accepted runs wait for a recipe that is broken or gone, and run as they were accepted. */
@Timeout(240)
class AbsentRecipesTest extends AbsentRecipesFixture {
    AbsentRecipesTest() {
        super(Installation.here());
    }

    @Test
    void while_the_daemon_runs_a_recipe_may_go_away_for_a_moment() throws Exception {
        place.recipe(
                "again",
                "retry: { times: 1, delay: 3s }\nsteps: [ 'echo x >> tries; test $LEPRECHAUN_ATTEMPT = 2' ]\n");
        var daemon = place.start();
        var runs = accepted(daemon, 4);
        long again = daemon.begin("again");
        eventually(() -> assertThat(daemon.run(again).get("state").asString()).isEqualTo("waiting"));
        var waiting = runs.subList(1, 4);
        String gone = "its recipe file " + file() + " does not exist";

        String retried = Files.readString(place.recipes().resolve("again.yml"));
        Files.delete(place.recipes().resolve("again.yml"));
        Files.delete(file());
        assertWaiting(daemon, waiting, gone);
        assertThat(texts(list(daemon.ask("/server/queue/list").get("queue")), "run"))
                .hasSize(3);
        assertThat(place.client("why", String.valueOf(waiting.getFirst())).out())
                .contains(gone);
        assertThat(daemon.post("/hook?id=H").statusCode()).isEqualTo(404);
        eventually(() -> assertThat(daemon.run(again).get("reason").asString()).endsWith("again.yml does not exist"));
        place.recipe("file", text("new")).recipe("again", retried);
        eventually(() -> assertThat(daemon.run(waiting.getFirst()).get("state").asString())
                .isEqualTo("queued"));

        assertThat(place.client("server", "pause").code()).isZero();
        move(place.recipes(), aside); // a checkout that takes its time, then another folder in its place
        assertThat(place.client("daemon", "reload").err()).contains(place.recipes() + " does not exist; mount it");
        assertThat(daemon.run(waiting.getFirst()).get("state").asString()).isEqualTo("queued");
        Path swapped = Files.createDirectory(place.folder().resolve("swapped"));
        for (String name : List.of("file", "other", "again")) {
            Files.copy(aside.resolve(name + ".yml"), swapped.resolve(name + ".yml"));
        }
        move(swapped, place.recipes());
        assertThat(place.client("daemon", "reload").code()).isZero();
        assertThat(place.client("server", "start").code()).isZero();
        assertRan(daemon, runs);
        assertThat(daemon.over(again).get("state").asString()).isEqualTo("succeeded");
        assertThat(lines(place.work().resolve("tries"))).hasSize(2);
        assertThat(lines(told)).noneMatch(line -> line.contains("REJECTED"));
        assertThat(daemon.stop()).isZero();
        place.assertVerified();
    }

    @Tag("proof")
    @Test
    void what_waits_of_a_recipe_that_stays_removed_is_rejected_after_half_a_minute_with_a_notice() throws Exception {
        place.recipe("again", "retry: { times: 1, delay: 1h }\nsteps: [ 'exit 3' ]\n");
        var daemon = place.start();
        var runs = accepted(daemon, 2);
        long again = daemon.begin("again");
        eventually(() -> assertThat(daemon.run(again).get("state").asString()).isEqualTo("waiting"));
        Files.delete(place.recipes().resolve("again.yml"));
        Files.delete(file());
        long begun = System.nanoTime();
        JsonNode rejected = daemon.over(runs.get(1));
        assertThat(System.nanoTime() - begun).isGreaterThan(25_000_000_000L);
        assertThat(rejected.get("state").asString()).isEqualTo("rejected");
        assertThat(rejected.get("reason").asString()).isEqualTo("recipe removed");
        assertThat(daemon.over(again).get("state").asString()).isEqualTo("failed");
        assertThat(daemon.over(again).get("reason").asString()).endsWith("exit 3; the recipe was removed");
        assertThat(daemon.run(runs.get(0)).get("state").asString()).isEqualTo("running");
        eventually(() -> assertThat(lines(told)).anyMatch(line -> line.contains("hooked REJECTED (recipe removed)")));
        assertThat(health()).isEmpty();
        assertThat(place.client("kill", String.valueOf(runs.get(0))).code()).isZero();
        assertThat(daemon.stop()).isZero();
        place.assertVerified();
    }
}
