package io.leprechaun.daemon.e2e;

import static io.leprechaun.daemon.e2e.Installation.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Each mistake of a tired administrator is answered with a sentence that gives the remedy. */
@Timeout(180)
class MistakesIT {
    @RegisterExtension
    private final Installation place = new Installation();

    private Installation.Ended refused(String... words) throws Exception {
        var ended = place.daemon(words);
        assertThat(ended.code()).as(ended.err()).isEqualTo(2);
        assertThat(ended.err()).doesNotContain("Exception", "\tat ");
        return ended;
    }

    @Test
    void every_mistake_in_the_settings_is_told_with_its_place_and_the_nearest_key() throws Exception {
        Files.writeString(place.settingsFile(), """
            recipes: recipes
            workerz: { max: 5 }
            workers: { max: many }
            timezone: Europe/Berln
            agents:
              croon: {}
            """);
        String file = place.settingsFile().toString();
        for (String[] words : new String[][] {{}, {"--check"}}) {
            var ended = refused(words);
            assertThat(ended.err() + ended.out())
                    .contains(file + ":2:1", "workerz", "did you mean 'workers'")
                    .contains(file + ":3:17", "many")
                    .contains(file + ":4:", "Berln")
                    .contains(file + ":6:3", "croon", "did you mean 'cron'");
        }
        assertThat(place.socket()).doesNotExist();
    }

    @Test
    void settings_that_are_no_yaml_are_told_with_their_place() throws Exception {
        Files.writeString(place.settingsFile(), "recipes: [ a\nworkers: 5\n");
        assertThat(refused().err()).contains(place.settingsFile() + ":2:");
    }

    @Test
    void settings_that_were_named_and_are_not_there_are_missed() throws Exception {
        String file = place.folder().resolve("nowhere.yml").toString();
        assertThat(refused("--config", file).err()).contains(file).hasLineCount(1);
    }

    @Test
    void an_empty_settings_file_means_the_defaults() throws Exception {
        Files.writeString(place.settingsFile(), "");
        assertThat(place.daemon("--check").code()).isZero();
    }

    @Test
    void a_recipes_folder_that_is_missing_is_warned_of_and_taken_when_it_comes() throws Exception {
        Files.delete(place.recipes());
        var daemon = place.start();
        assertThat(daemon.log()).contains("WARN").contains(place.recipes().toString());
        assertThat(place.client("ls").out()).contains(place.recipes().toString());
        Files.createDirectory(place.recipes());
        place.recipe("late", "steps: [ 'true' ]\n");
        assertThat(place.client("daemon", "reload").code()).isZero();
        eventually(
                () -> assertThat(place.client("run", "late", "--wait").code()).isZero());
    }

    @Test
    void a_state_folder_that_cannot_be_one_is_named() throws Exception {
        var file = Files.writeString(place.folder().resolve("file"), "x");
        assertThat(refused("--state", file.toString()).err()).hasLineCount(1).contains(file.toString(), "--state");
        assertThat(refused("--state", file.resolve("below").toString()).err())
                .hasLineCount(1)
                .contains(file.toString(), "--state");
        assertThat(refused("--state", "/proc/leprechaun").err())
                .hasLineCount(1)
                .contains("/proc/leprechaun", "--state");
    }

    @Test
    void a_state_of_another_kind_is_not_taken_for_an_empty_one() throws Exception {
        Files.createDirectories(place.state());
        Files.writeString(
                place.state().resolve("leprechaun.db"), "this is no database, it is a text of mine\n".repeat(100));
        assertThat(refused().err()).hasLineCount(1).contains("leprechaun.db");
        assertThat(place.state().resolve("leprechaun.db")).content().startsWith("this is no database");
    }

    @Test
    void a_store_that_was_emptied_is_not_taken_for_a_new_one() throws Exception {
        Files.createDirectories(place.state());
        Files.createFile(place.state().resolve("leprechaun.db"));
        assertThat(refused().err()).hasLineCount(1).contains("leprechaun.db", "restore a backup");
    }

    @Test
    void a_socket_path_that_is_too_long_is_measured() throws Exception {
        String path = place.folder()
                .resolve("x".repeat(100))
                .resolve("leprechaun.sock")
                .toString();
        assertThat(refused("--socket", path).err()).hasLineCount(1).contains(path, "107", "--socket");
        var client = place.client("daemon", "info", "--socket", path);
        assertThat(client.code()).isEqualTo(5);
        assertThat(client.err()).contains(path, "107");
    }

    /** An address of another network; HookPortIT has one that is in use. */
    @Test
    void a_port_that_cannot_be_had_is_named_and_stops_nothing_else() throws Exception {
        Files.writeString(place.settingsFile(), "agents: { server: { listen: '192.0.2.1:8080' } }\n");
        var daemon = place.recipe("hook", "definition: hook\nid: knock-knock\nsteps: [ 'true' ]\n")
                .start();
        assertThat(daemon.log()).contains("cannot listen for hooks on 192.0.2.1:8080", "set agents: server: listen:");
        assertThat(place.client("daemon", "health").code()).isEqualTo(1);
        assertThat(place.client("run", "hook", "--wait").code()).isZero();
        assertThat(daemon.stop()).isZero();
    }

    @Test
    void an_unknown_flag_is_named() throws Exception {
        assertThat(refused("--confg", "x").err()).contains("--confg").contains("--config");
        var client = place.client("--jsn", "ls");
        assertThat(client.code()).isEqualTo(2);
        assertThat(client.err()).contains("--jsn").hasLineCount(1);
        assertThat(refused("surplus").err()).contains("surplus");
    }

    @Test
    void a_daemon_that_does_not_run_is_looked_for_in_each_place_and_each_is_named() throws Exception {
        var ended = place.client("daemon", "info");
        assertThat(ended.code()).isEqualTo(5);
        assertThat(ended.out()).isEmpty();
        assertThat(ended.err())
                .hasLineCount(1)
                .contains(
                        place.socket().toString(),
                        place.state().resolve("leprechaun.sock").toString(),
                        "/run/leprechaun/leprechaun.sock");
        var json = place.client("daemon", "info", "--json");
        assertThat(json.code()).isEqualTo(5);
        assertThat(json.json().get("code").asInt()).isEqualTo(5);
    }

    @Test
    void a_change_takes_a_whole_name_and_a_look_its_beginning() throws Exception {
        place.recipe("backup", "steps: [ 'true' ]\n").start();
        var recipe = place.client("run", "bakcup");
        assertThat(recipe.code()).isEqualTo(3);
        assertThat(recipe.err()).hasLineCount(1).contains("there is no recipe 'bakcup'", "did you mean 'backup'?");
        assertThat(place.client("run", "back").code())
                .as("a change needs the whole name")
                .isEqualTo(3);
        assertThat(place.client("show", "back").code()).as("a look does not").isZero();
    }

    @Test
    void nothing_on_the_disk_is_open_to_others() throws Exception {
        var daemon = place.recipe("hook", "definition: hook\nid: knock\nsteps: [ echo x ]\n")
                .start();
        long id = RunningDaemon.ticket(daemon.post("/hook?id=knock", new byte[] {1}));
        daemon.over(id);
        try (var files = Files.walk(place.state())) {
            assertThat(files)
                    .allSatisfy(file -> assertThat(
                                    Files.getPosixFilePermissions(file).stream().map(Enum::name))
                            .as(file.toString())
                            .noneMatch(right -> right.startsWith("OTHERS") || right.startsWith("GROUP")));
        }
    }
}
