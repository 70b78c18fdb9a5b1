package io.leprechaun.daemon.e2e;

import static io.leprechaun.daemon.e2e.Installation.eventually;
import static io.leprechaun.daemon.e2e.Installation.lines;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

/** Absent is not deleted: accepted runs wait for a recipe that is broken or gone, and run as they were accepted. */
@Tag("proof")
@Timeout(240)
class AbsentRecipesIT extends AbsentRecipesFixture {
    AbsentRecipesIT() {
        super(new Installation());
    }

    /** A way in which a recipe may be absent. */
    enum Absence {
        BROKEN,
        DELETED,
        NO_FOLDER,
        EMPTY_FOLDER
    }

    @ParameterizedTest
    @EnumSource
    void what_waited_when_the_daemon_was_killed_waits_for_its_recipe(Absence absence) throws Exception {
        var before = place.start();
        var runs = accepted(before, 4);
        before.killHard();
        switch (absence) {
            case BROKEN -> place.recipe("file", "name: hooked\nsteps: [ 'true' ]\nstops: x\n");
            case DELETED -> Files.delete(file());
            case NO_FOLDER -> move(place.recipes(), aside);
            case EMPTY_FOLDER -> {
                move(place.recipes(), aside);
                Files.createDirectory(place.recipes());
            }
        }
        var daemon = place.start();
        var waiting = runs.subList(1, 4);
        assertWaiting(
                daemon,
                waiting,
                switch (absence) {
                    case BROKEN -> "its recipe is broken: " + file() + ":3:1";
                    case DELETED -> "its recipe file " + file() + " does not exist";
                    case NO_FOLDER -> "the recipes folder " + place.recipes() + " does not exist";
                    case EMPTY_FOLDER -> "the recipes folder " + place.recipes() + " is empty, and had recipes before";
                });
        switch (absence) {
            case BROKEN, DELETED -> assertThat(health()).isEmpty();
            case NO_FOLDER -> {
                assertThat(health()).contains(place.recipes() + " does not exist; mount it");
                assertThat(place.client("daemon", "reload").code()).isEqualTo(1);
                assertThat(place.client("why", "hooked").out()).contains("is not loaded: the recipes folder");
            }
            case EMPTY_FOLDER ->
                assertThat(health()).contains(place.recipes() + " is empty", "`leprechaun daemon reload`");
        }
        if (absence == Absence.EMPTY_FOLDER) {
            Files.delete(place.recipes());
        }
        if (Files.exists(aside)) {
            move(aside, place.recipes());
        }
        place.recipe("file", text("new"));
        assertRan(daemon, waiting);
        eventually(() -> assertThat(health()).isEmpty());
        assertThat(daemon.stop()).isZero();
        place.assertVerified();
    }

    @Test
    void a_start_with_an_empty_folder_that_is_confirmed_rejects_what_waited() throws Exception {
        var before = place.start();
        var runs = accepted(before, 2);
        before.killHard();
        move(place.recipes(), aside);
        Files.createDirectory(place.recipes());
        var daemon = place.start();
        assertWaiting(
                daemon,
                runs.subList(1, 2),
                "the recipes folder " + place.recipes() + " is empty, and had recipes before");
        assertThat(place.client("scheduler", "stop").code()).isZero();
        assertThat(place.client("scheduler", "start").code())
                .as("confirms nothing")
                .isZero();
        assertThat(daemon.run(runs.get(1)).get("state").asString()).isEqualTo("waiting");
        assertThat(place.json("daemon", "reload").get("recipes").asInt()).isZero();
        JsonNode over = daemon.over(runs.get(1));
        assertThat(over.get("state").asString()).isEqualTo("rejected");
        assertThat(over.get("reason").asString()).isEqualTo("recipe removed");
        eventually(() -> assertThat(health()).isEmpty());
        eventually(() -> assertThat(lines(told)).anyMatch(line -> line.contains("hooked REJECTED (recipe removed)")));
        assertThat(daemon.stop()).isZero();
        place.assertVerified();
    }
}
