package io.leprechaun.daemon.keys;

import static org.assertj.core.api.Assertions.assertThat;

import io.leprechaun.api.Form;
import io.leprechaun.api.Resolver;
import io.leprechaun.api.Verb;
import io.leprechaun.api.Verbs;
import io.leprechaun.daemon.recipe.reader.RecipeKeys;
import io.leprechaun.daemon.settings.SettingsKeys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Each file that is generated from the tables of keys or the list of verbs is up to date. {@code build/keys} writes
 * them.
 */
class GeneratedFilesTest {
    private static final String SCHEMAS = "leprechaun-daemon/src/main/resources/io/leprechaun/daemon/schema/";
    private static final String DESCRIPTION =
            "leprechaun-daemon/src/main/resources/io/leprechaun/daemon/http/description/openapi.json";
    private static final String RECIPES = "docs/reference/recipes.md";
    private static final String SETTINGS = "docs/reference/settings.md";
    private static final String HTTP = "docs/reference/http.md";
    private static final Pattern MARKED = Pattern.compile("(?s)(<!-- keys: ([a-z.]+) -->\n).*?(<!-- /keys -->)");

    private static Path root() {
        Path here = Path.of("").toAbsolutePath();
        return Files.isDirectory(here.resolve("docs")) ? here : Objects.requireNonNull(here.getParent());
    }

    /** Returns the tables of the documentation by the name in their marker. */
    private static Map<String, String> tables() {
        List<Key<?>> recipe = RecipeKeys.TABLE.keys();
        List<String> shared = List.of(RecipeKeys.SHARED.names());
        List<Key<?>> own =
                recipe.stream().filter(key -> !shared.contains(key.name())).toList();
        List<Key<?>> settings = SettingsKeys.TABLE.keys();
        return Map.of(
                "recipe", KeyRows.of(own),
                "defaults", KeyRows.of(RecipeKeys.SHARED.keys()),
                "hook", KeyRows.of(below(recipe, "hook")),
                "steps", KeyRows.of(below(recipe, "steps")),
                "settings", KeyRows.of(settings),
                "notify.mail", KeyRows.of(below(settings, "notify", "mail")),
                "notify.webhooks", KeyRows.of(below(settings, "notify", "webhooks")),
                "routes", routes());
    }

    /** Returns the table of the routes of all commands without an agent. */
    private static String routes() {
        String rows = Verbs.ALL.stream()
                .flatMap(verb -> verb.forms().stream().flatMap(form -> row(verb, form)))
                .collect(Collectors.joining());
        return "| command | route |\n| --- | --- |\n" + rows;
    }

    private static Stream<String> row(Verb verb, Form form) {
        return form.route().stream()
                .map(route ->
                        "| `" + verb.nameOf(form) + "` | `" + route.access().method() + " "
                                + Resolver.path(route.registrator(), route.command()) + "` |\n");
    }

    private static List<Key<?>> below(List<Key<?>> keys, String... path) {
        Key<?> key = keys.stream()
                .filter(one -> one.name().equals(path[0]))
                .findFirst()
                .orElseThrow();
        List<Key<?>> below = KeyRows.below(key);
        return path.length == 1 ? below : below(below, Arrays.copyOfRange(path, 1, path.length));
    }

    private static String page(Path file) throws IOException {
        Map<String, String> tables = tables();
        return MARKED.matcher(Files.readString(file))
                .replaceAll(found -> Matcher.quoteReplacement(found.group(1)
                        + Objects.requireNonNull(tables.get(found.group(2)), found.group(2))
                        + found.group(3)));
    }

    private static void compare(String name, String made) throws IOException {
        Path file = root().resolve(name);
        if (Boolean.getBoolean("leprechaun.write")) {
            Files.writeString(file, made);
        }
        assertThat(Files.readString(file))
                .as("%s is stale: run build/keys and commit what it writes", name)
                .isEqualTo(made);
    }

    @Test
    void the_schema_of_recipes_is_made_of_the_keys() throws IOException {
        compare(SCHEMAS + "leprechaun-recipe.schema.json", SchemaWriter.recipe());
    }

    @Test
    void the_schema_of_settings_is_made_of_the_keys() throws IOException {
        compare(SCHEMAS + "leprechaun.schema.json", SchemaWriter.settings());
    }

    @Test
    void the_description_of_the_api_is_made_of_the_verbs() throws IOException {
        compare(DESCRIPTION, OpenApiWriter.document());
    }

    @Test
    void the_shipped_settings_are_made_of_the_keys() throws IOException {
        compare("configs/leprechaun.yml", SettingsFile.make());
    }

    @ParameterizedTest
    @ValueSource(strings = {RECIPES, SETTINGS, HTTP})
    void the_tables_of_the_documentation_are_made_of_the_keys(String page) throws IOException {
        compare(page, page(root().resolve(page)));
    }

    @Test
    void each_key_has_a_meaning_of_at_most_25_words() {
        var keys = new ArrayList<Key<?>>();
        collect(RecipeKeys.TABLE.keys(), keys);
        collect(SettingsKeys.TABLE.keys(), keys);

        assertThat(keys).allSatisfy(key -> {
            assertThat(key.description()).as(key.name()).endsWith(".");
            assertThat(KeyText.plain(key.description()).split(" "))
                    .as(key.name())
                    .hasSizeLessThanOrEqualTo(25);
        });
    }

    private static void collect(List<Key<?>> keys, List<Key<?>> all) {
        keys.forEach(key -> {
            all.add(key);
            collect(KeyRows.below(key), all);
        });
    }

    /** A table that no page has would be forgotten. */
    @Test
    void each_table_stands_on_one_page() throws IOException {
        var found = new TreeMap<String, Integer>();
        for (String page : List.of(RECIPES, SETTINGS, HTTP)) {
            MARKED.matcher(Files.readString(root().resolve(page)))
                    .results()
                    .forEach(marked -> found.merge(marked.group(2), 1, Integer::sum));
        }
        assertThat(found.keySet()).isEqualTo(new TreeSet<>(tables().keySet()));
        assertThat(found.values()).containsOnly(1);
    }
}
