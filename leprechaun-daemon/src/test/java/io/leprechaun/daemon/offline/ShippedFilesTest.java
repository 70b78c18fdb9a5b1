package io.leprechaun.daemon.offline;

import static org.assertj.core.api.Assertions.assertThat;

import io.leprechaun.daemon.recipe.Recipe;
import io.leprechaun.daemon.recipe.Step;
import io.leprechaun.daemon.recipe.Trigger;
import io.leprechaun.daemon.recipe.folder.Claims;
import io.leprechaun.daemon.recipe.folder.RecipeFolder;
import io.leprechaun.daemon.recipe.reader.RecipeReader;
import io.leprechaun.daemon.settings.Settings;
import io.leprechaun.daemon.settings.SettingsReader;
import io.leprechaun.daemon.trust.Trust;
import io.leprechaun.daemon.yaml.Problem;
import io.leprechaun.daemon.yaml.Problems;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.yaml.snakeyaml.Yaml;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Loads every file in {@code configs/} and {@code recipes/}. */
class ShippedFilesTest {
    private static final ZoneId UTC = ZoneId.of("UTC");
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private final Problems problems = new Problems();

    /** The folder that holds the modules. */
    private static Path root() {
        Path here = Path.of("").toAbsolutePath();
        return Files.isDirectory(here.resolve("configs"))
                ? here
                : here.resolve("..").normalize();
    }

    private Settings settings() {
        return new SettingsReader(UTC, Map.of())
                .read(root().resolve("configs/leprechaun.yml"), Trust.lenient(), problems);
    }

    private List<Recipe> recipes() {
        RecipeReader reader = RecipeReader.of(settings(), problems);
        var claims = new Claims();
        var recipes = new ArrayList<Recipe>();
        for (Path file : RecipeFolder.files(root().resolve("recipes"))) {
            RecipeFolder.origin(file, Trust.lenient(), problems)
                    .flatMap(origin -> reader.read(origin, problems))
                    .ifPresent(recipes::add);
        }
        assertThat(recipes).allSatisfy(recipe -> assertThat(claims.take(recipe)).isEmpty());
        return recipes;
    }

    @Test
    void the_settings_are_the_defaults() {
        Settings shipped = settings();
        Settings defaults = Settings.defaults(root().resolve("configs"), UTC);

        assertThat(problems.all()).isEmpty();
        assertThat(shipped.recipes()).isEqualTo(root().resolve("recipes"));
        assertThat(shipped.agents()).isEqualTo(defaults.agents());
        assertThat(shipped.notices()).isEqualTo(defaults.notices());
        assertThat(shipped.shell()).isEqualTo(defaults.shell());
        assertThat(shipped.zone()).isEqualTo(UTC);
        assertThat(shipped.history()).isEqualTo(defaults.history());
        assertThat(shipped.total()).isEqualTo(defaults.total());
        assertThat(shipped.runAs()).isEqualTo(defaults.runAs());
    }

    @Test
    void every_other_settings_file_loads() throws IOException {
        try (var files = Files.list(root().resolve("configs"))) {
            files.filter(file -> file.toString().endsWith(".yml"))
                    .forEach(file -> new SettingsReader(UTC, Map.of()).read(file, Trust.lenient(), problems));
        }
        assertThat(problems.all()).isEmpty();
    }

    @Test
    void every_recipe_loads_without_a_warning() throws IOException {
        List<Recipe> recipes = recipes();

        assertThat(problems.all()).extracting(Problem::toString).isEmpty();
        try (var files = Files.list(root().resolve("recipes"))) {
            assertThat(recipes).hasSize((int) files.count());
        }
    }

    @Test
    void there_is_an_example_for_each_trigger_and_marker() {
        List<Recipe> recipes = recipes();
        List<Step> steps =
                recipes.stream().flatMap(recipe -> recipe.steps().stream()).toList();

        assertThat(recipes)
                .anyMatch(recipe -> recipe.trigger(Trigger.Interval.class).isPresent());
        assertThat(recipes)
                .anyMatch(recipe -> recipe.trigger(Trigger.Cron.class).isPresent());
        assertThat(recipes)
                .anyMatch(recipe -> recipe.trigger(Trigger.Hook.class).isPresent());
        assertThat(recipes).anyMatch(recipe -> recipe.triggers().isEmpty());
        assertThat(steps).anyMatch(Step::must).anyMatch(Step::detached).anyMatch(Step::piped);
        assertThat(steps).anyMatch(step -> step.action() instanceof Step.Action.Program);
        assertThat(steps).anyMatch(step -> step.action().text().lines().count() > 1);
    }

    /** What is commented out must be right too, or people find it wrong when they need it. */
    @Test
    void the_settings_that_are_commented_out_are_right(@TempDir Path temp) throws IOException {
        Path file = Files.writeString(temp.resolve("leprechaun.yml"), uncommented());

        Settings settings = new SettingsReader(UTC, Map.of("SMTP", "x")).read(file, Trust.lenient(), problems);

        assertThat(problems.all()).extracting(Problem::toString).isEmpty();
        assertThat(settings.notices().mail()).isPresent();
        assertThat(settings.state()).contains(Path.of("/var/lib/leprechaun"));
        assertThat(settings.zone()).isEqualTo(ZoneId.of("Europe/Berlin"));
        assertThat(settings.runAs()).contains("leprechaun");
    }

    /** The shipped settings with every key that is commented out in force. */
    private static String uncommented() throws IOException {
        String text = Files.readString(root().resolve("configs/leprechaun.yml"));
        return text.substring(0, text.indexOf("# Not in this version yet"))
                .replaceAll("(?m)^( *)# ( *(?:- |[a-z_]+: ?))", "$1$2")
                .replaceAll("\\{ file: /etc/leprechaun/(smtp|chat) }", "{ env: SMTP }");
    }

    /**
     * Held against the schema, which SchemaTest holds against the reader: the shipped file names every key, and so does
     * docs/reference/settings.md.
     */
    @Test
    void every_key_stands_in_the_shipped_settings_and_in_the_docs() throws IOException {
        JsonNode schema = schema();
        JsonNode shipped = JSON.valueToTree(new Yaml().load(uncommented().replace("  on:", "  \"on\":")));
        String text = uncommented();
        String docs = Files.readString(root().resolve("docs/reference/settings.md"));
        for (String path : keys(schema, schema.get("properties"), "")) {
            String key = path.substring(path.lastIndexOf('/') + 1);
            if (path.startsWith("/defaults/")) {
                assertThat(text.substring(0, text.indexOf("defaults:")))
                        .as("the list of recipe keys in configs/leprechaun.yml")
                        .containsPattern("[ ,]" + key + "[,.\\n]");
            } else if (!path.matches(
                    "/agents/(remote|scheduler|cron)/.*|/agents/server/(enabled|workers|timezone|shell|run_as|defaults).*|/notify/webhooks/.*")) {
                assertThat(shipped.at(path).isMissingNode())
                        .as("%s in configs/leprechaun.yml", path)
                        .isFalse();
            }
            assertThat(docs)
                    .as("%s in docs/reference/settings.md", path)
                    .containsPattern("(?m)(^|[`{ ,.])" + key + "[`:,.]");
        }
    }

    private static JsonNode schema() throws IOException {
        try (var in =
                ShippedFilesTest.class.getResourceAsStream("/io/leprechaun/daemon/schema/leprechaun.schema.json")) {
            return JSON.readTree(Objects.requireNonNull(in));
        }
    }

    /** The paths of all keys below a schema's properties, those of lists' elements left out. */
    private static List<String> keys(JsonNode root, JsonNode properties, String at) {
        var keys = new ArrayList<String>();
        properties.properties().forEach(entry -> {
            String path = at + "/" + entry.getKey();
            keys.add(path);
            for (JsonNode one : alternatives(root, entry.getValue())) {
                if (one.has("properties") && !path.startsWith("/defaults/")) {
                    keys.addAll(keys(root, one.get("properties"), path));
                }
            }
        });
        return keys;
    }

    private static List<JsonNode> alternatives(JsonNode root, JsonNode schema) {
        var all = new ArrayList<JsonNode>(List.of(schema));
        for (String many : List.of("allOf", "anyOf")) {
            schema.path(many).forEach(all::add);
        }
        return all.stream()
                .map(one -> one.path("$ref").asString("").startsWith("#/")
                        ? root.at(one.get("$ref").asString().substring(1))
                        : one)
                .toList();
    }

    /** What is not in this version yet is an error that says so. */
    @Test
    void the_keys_that_are_toCome_are_refused(@TempDir Path temp) throws IOException {
        String text = Files.readString(root().resolve("configs/leprechaun.yml"));
        String toCome = text.substring(text.indexOf("# remotes")).replace("# ", "");
        Path file = Files.writeString(temp.resolve("leprechaun.yml"), toCome);

        new SettingsReader(UTC, Map.of()).read(file, Trust.lenient(), problems);

        assertThat(problems.errors())
                .hasSize(2)
                .allMatch(problem -> problem.message().contains("is not in this version yet"));
    }
}
