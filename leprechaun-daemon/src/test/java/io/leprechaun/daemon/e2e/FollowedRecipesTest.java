package io.leprechaun.daemon.e2e;

import static io.leprechaun.daemon.e2e.Installation.eventually;
import static io.leprechaun.daemon.e2e.Installation.lines;
import static io.leprechaun.daemon.e2e.RunningDaemon.list;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

/** Recipes come, change and go while the daemon runs. */
@Timeout(180)
class FollowedRecipesTest {
    @RegisterExtension
    private final Installation place = Installation.here();

    private static Map<String, String> listed(RunningDaemon daemon) throws Exception {
        return list(daemon.ask("/book/list").get("recipes")).stream()
                .collect(Collectors.toMap(
                        recipe -> recipe.get("name").asString(),
                        recipe -> recipe.get("status").asString()));
    }

    private static JsonNode entry(RunningDaemon daemon, String name) throws Exception {
        return list(daemon.ask("/book/list").get("recipes")).stream()
                .filter(recipe -> recipe.get("name").asString().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private List<String> fired() {
        return lines(place.work().resolve("fired"));
    }

    private static String firing(String word) {
        return "definition: cron\npattern: '* * * * * *'\noverlap: parallel\nsteps: [ echo " + word + " >> fired ]\n";
    }

    @Test
    void a_recipe_that_is_added_fires_and_one_that_is_deleted_does_not() throws Exception {
        var daemon = place.start();
        assertThat(listed(daemon)).isEmpty();
        place.recipe("each", firing("one"));
        eventually(() -> assertThat(fired()).contains("one"));
        assertThat(listed(daemon)).isEqualTo(Map.of("each", "ok"));
        Files.delete(place.recipes().resolve("each.yml"));
        eventually(() -> assertThat(listed(daemon)).isEmpty());
        eventually(() ->
                assertThat(daemon.ask("/cron/info").get("running").asInt()).isZero());
        var before = fired();
        place.recipe("other", firing("other"));
        eventually(() -> assertThat(fired().stream().filter("other"::equals)).hasSizeGreaterThanOrEqualTo(2));
        assertThat(fired().stream().filter("one"::equals)).hasSize(before.size());
        assertThat(place.client("run", "each").code()).isEqualTo(3);
    }

    @Test
    void an_edit_takes_effect_and_fires_once_an_instant() throws Exception {
        var daemon = place.recipe("each", firing("one")).start();
        eventually(() -> assertThat(fired()).contains("one"));
        place.recipe("each", firing("two"));
        eventually(() -> assertThat(fired()).contains("two"));
        int first = fired().indexOf("two");
        eventually(() -> assertThat(fired()).hasSizeGreaterThanOrEqualTo(first + 3));
        assertThat(fired().subList(first, fired().size())).containsOnly("two");
        var due = daemon.runs("each").stream()
                .map(run -> run.get("due_at").asString())
                .toList();
        assertThat(due).doesNotHaveDuplicates();
    }

    @Test
    void an_editors_way_to_save_is_an_edit() throws Exception {
        var daemon = place.recipe("each", firing("one")).start();
        eventually(() -> assertThat(fired()).contains("one"));
        Files.writeString(place.recipes().resolve(".each.yml.swp"), "junk");
        Files.copy(place.recipes().resolve("each.yml"), place.recipes().resolve("each.yml~"));
        Files.writeString(place.recipes().resolve("4913"), "");
        Files.writeString(place.recipes().resolve("each.yml.new"), firing("two"));
        Files.move(
                place.recipes().resolve("each.yml.new"),
                place.recipes().resolve("each.yml"),
                StandardCopyOption.ATOMIC_MOVE);
        eventually(() -> assertThat(fired()).contains("two"));
        assertThat(listed(daemon)).isEqualTo(Map.of("each", "ok"));
    }

    @Test
    void a_file_that_is_renamed_gives_its_recipe_the_new_name() throws Exception {
        var daemon = place.recipe("old", firing("one")).start();
        eventually(() -> assertThat(fired()).isNotEmpty());
        Files.move(place.recipes().resolve("old.yml"), place.recipes().resolve("new.yml"));
        eventually(() -> assertThat(listed(daemon)).isEqualTo(Map.of("new", "ok")));
        eventually(() -> assertThat(daemon.runs("new")).isNotEmpty());
        int old = daemon.runs("old").size();
        int fresh = daemon.runs("new").size();
        eventually(() -> assertThat(daemon.runs("new")).hasSizeGreaterThanOrEqualTo(fresh + 2));
        assertThat(daemon.runs("old")).hasSize(old);
    }

    @Test
    void a_broken_file_keeps_its_last_good_version_in_force_and_shows_where_it_is_broken() throws Exception {
        var daemon = place.recipe("each", firing("one")).start();
        eventually(() -> assertThat(fired()).isNotEmpty());
        place.recipe("each", firing("two") + "overlop: skip\n");
        eventually(() -> assertThat(listed(daemon)).isEqualTo(Map.of("each", "broken")));
        int before = fired().size();
        eventually(() -> assertThat(fired()).hasSizeGreaterThanOrEqualTo(before + 2));
        assertThat(fired()).containsOnly("one");
        assertThat(entry(daemon, "each").get("problem").asString())
                .contains(place.recipes().resolve("each.yml") + ":5:1")
                .contains("overlap");
        assertThat(place.client("ls").out()).contains("broken", "each.yml:5:1");
        place.recipe("each", firing("three"));
        eventually(() -> assertThat(fired()).contains("three"));
        assertThat(listed(daemon)).isEqualTo(Map.of("each", "ok"));
    }

    @Test
    void a_broken_recipe_is_not_in_force_at_a_start_and_harms_no_other() throws Exception {
        var daemon = place.recipe("bad", "steps: [ 'true'\n")
                .recipe("good", "steps: [ 'true' ]\n")
                .start();
        assertThat(listed(daemon)).isEqualTo(Map.of("bad", "broken", "good", "ok"));
        assertThat(daemon.runToEnd("good").get("state").asString()).isEqualTo("succeeded");
        assertThat(daemon.log()).contains("bad.yml:");
    }

    @Test
    void of_two_files_with_one_name_the_loaded_one_stays() throws Exception {
        var daemon = place.recipe("b", "name: same\nsteps: [ echo b ]\n").start();
        place.recipe("a", "name: same\nsteps: [ echo a ]\n");
        eventually(
                () -> assertThat(list(daemon.ask("/book/list").get("recipes"))).hasSize(2));
        JsonNode broken = list(daemon.ask("/book/list").get("recipes")).stream()
                .filter(recipe -> recipe.get("status").asString().equals("broken"))
                .findFirst()
                .orElseThrow();
        assertThat(broken.get("problem").asString()).contains("a.yml", "b.yml");
        assertThat(daemon.output(daemon.runToEnd("same").get("id").asLong())).isEqualTo("b\n");
    }

    @Test
    void a_queued_run_uses_the_text_it_was_accepted_with() throws Exception {
        var daemon = place.settings("workers: { max: 1 }")
                .recipe("gate", "steps: [ 'until test -e go; do sleep 0.1; done' ]\n")
                .recipe("text", "steps: [ echo old ]\n")
                .start();
        daemon.begin("gate");
        long id = daemon.begin("text");
        place.recipe("text", "steps: [ echo new ]\n");
        eventually(
                () -> assertThat(daemon.ask("/book/show?args=text").toString()).contains("echo new"));
        place.touch("go");
        daemon.over(id);
        assertThat(daemon.output(id)).isEqualTo("old\n");
        assertThat(daemon.output(daemon.runToEnd("text").get("id").asLong())).isEqualTo("new\n");
    }

    @Test
    void reload_takes_a_change_at_once() throws Exception {
        place.start();
        place.recipe("new", "steps: [ 'true' ]\n");
        assertThat(place.json("daemon", "reload").get("recipes").asInt()).isEqualTo(1);
        assertThat(place.client("run", "new", "--wait").code()).isZero();
    }
}
