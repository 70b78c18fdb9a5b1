package io.leprechaun.daemon.e2e;

import static io.leprechaun.daemon.e2e.Installation.TREE;
import static io.leprechaun.daemon.e2e.Installation.eventually;
import static io.leprechaun.daemon.e2e.RunningDaemon.texts;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

/** A first start with the shipped settings and recipes. */
@Timeout(180)
class ShippedSettingsIT {
    @RegisterExtension
    private final Installation place = new Installation();

    /**
     * Starts with the shipped settings, except for the hook port, which another daemon of this machine may have, and
     * for shorter intervals.
     */
    private RunningDaemon startShipped() throws Exception {
        String settings = Files.readString(TREE.resolve("configs/leprechaun.yml"));
        Files.writeString(
                place.settingsFile(),
                settings.replace("127.0.0.1:11400", "127.0.0.1:0").replace("recipes: ../recipes", "recipes: recipes"));
        try (Stream<Path> files = Files.list(TREE.resolve("recipes"))) {
            for (Path file : files.toList()) {
                String text = Files.readString(file)
                        .replace("schedule: { sec: 20 }", "schedule: { sec: 1 }")
                        .replace("pattern: \"* * * * *\"", "pattern: \"* * * * * *\"");
                Files.writeString(place.recipes().resolve(file.getFileName().toString()), text);
            }
        }
        return place.start();
    }

    @Test
    void every_shipped_recipe_is_in_force() throws Exception {
        startShipped();
        JsonNode recipes = place.json("ls").get("recipes");
        assertThat(recipes.size()).isGreaterThanOrEqualTo(5);
        assertThat(texts(RunningDaemon.list(recipes), "status")).containsOnly("ok");
    }

    @Test
    void an_interval_recipe_repeats_and_a_pattern_fires_and_a_hook_is_taken_and_the_history_tells() throws Exception {
        var daemon = startShipped();
        long hook = RunningDaemon.ticket(daemon.post("/hook?id=example-hook-45DE2239F"));
        eventually(() -> {
            assertThat(succeeded(daemon, "hello")).hasSizeGreaterThanOrEqualTo(3);
            assertThat(succeeded(daemon, "minute")).hasSizeGreaterThanOrEqualTo(2);
            assertThat(succeeded(daemon, "deploy")).hasSize(1);
        });
        var runs = RunningDaemon.list(place.json("runs", "-n", "1000").get("runs"));
        assertThat(runs)
                .allSatisfy(run -> assertThat(run.get("trigger").asString())
                        .isEqualTo(
                                switch (run.get("recipe").asString()) {
                                    case "hello" -> "schedule";
                                    case "minute" -> "cron";
                                    case "deploy" -> "hook";
                                    default -> "none";
                                }));
        assertThat(daemon.run(hook).get("steps").size()).isEqualTo(4);
        var hello = succeeded(daemon, "hello").subList(0, 3);
        for (JsonNode run : hello) {
            var due = time(run, "due_at");
            assertThat(time(run, "started_at")).isBetween(due, due.plusSeconds(10));
            assertThat(time(run, "ended_at")).isAfterOrEqualTo(time(run, "started_at"));
            assertThat(run.get("exit_code").asInt()).isZero();
        }
        assertThat(Duration.between(time(hello.get(0), "due_at"), time(hello.get(1), "due_at")))
                .isEqualTo(Duration.ofSeconds(1));
        assertThat(Duration.between(time(hello.get(1), "due_at"), time(hello.get(2), "due_at")))
                .isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void a_second_terminal_without_settings_finds_the_daemon() throws Exception {
        var daemon = startShipped();
        Files.delete(place.settingsFile());
        assertThat(place.json("daemon", "info").get("pid").asLong()).isEqualTo(daemon.pid());
    }

    @Test
    void without_a_runtime_folder_daemon_and_client_meet_in_the_state_folder() throws Exception {
        place.environment().keySet().removeIf(name -> name.startsWith("XDG_RUNTIME") || name.startsWith("XDG_STATE"));
        var daemon = startShipped();
        Files.delete(place.settingsFile());
        JsonNode info = place.json("daemon", "info");
        assertThat(info.get("pid").asLong()).isEqualTo(daemon.pid());
        assertThat(info.get("socket").asString())
                .isEqualTo(place.folder() + "/home/.local/state/leprechaun/leprechaun.sock");
    }

    private static List<JsonNode> succeeded(RunningDaemon daemon, String recipe) throws Exception {
        return daemon.runs(recipe).stream()
                .filter(run -> run.get("state").asString().equals("succeeded"))
                .toList();
    }

    private static OffsetDateTime time(JsonNode run, String key) {
        return OffsetDateTime.parse(run.get(key).asString());
    }
}
