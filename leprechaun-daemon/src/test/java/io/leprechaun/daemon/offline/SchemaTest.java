package io.leprechaun.daemon.offline;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.dialect.Dialects;
import io.leprechaun.daemon.keys.Key;
import io.leprechaun.daemon.keys.KeyTable;
import io.leprechaun.daemon.recipe.Origin;
import io.leprechaun.daemon.recipe.reader.RecipeKeys;
import io.leprechaun.daemon.recipe.reader.RecipeReader;
import io.leprechaun.daemon.settings.Settings;
import io.leprechaun.daemon.settings.SettingsKeys;
import io.leprechaun.daemon.settings.SettingsReader;
import io.leprechaun.daemon.trust.Trust;
import io.leprechaun.daemon.yaml.Problem;
import io.leprechaun.daemon.yaml.Problems;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The JSON Schemas for editors say what the readers say. Files in which every key stands are changed in every place in
 * every way, and both are asked. JSON is YAML, so one text serves both.
 */
class SchemaTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Pattern ALLOWED = Pattern.compile("unknown key 'zzqqzz'; use one of (.*)");

    private static final String RECIPE = """
        {"name": "backup", "description": "all", "definition": ["cron", "schedule", "hook"],
         "pattern": ["30 2 * * *", "@daily"], "every": "2w", "schedule": {"day": 1, "hour": 2, "min": 3, "sec": 4}, "id": "0123456789abcdef",
         "hook": {"methods": ["POST"],
                  "auth": {"scheme": "hmac", "header": "X-S", "algorithm": "sha512", "encoding": "hex", "prefix": "x=",
                           "secrets": [{"file": "/s"}, {"env": "S"}, {"credential": "s"}]},
                  "allow_from": ["10.0.0.0/8"], "accepted": 201, "otherwise": 204, "body_limit": "64k", "dedupe": "1h", "wait": "30s", "coalesce": "branch",
                  "rules": [{"and": [{"json": "a.b", "match": "x"}, {"not": {"query": "q", "regex": "^x"}}]},
                            {"or": [{"header": "H",
                                    "in": ["a", "b"]}, {"form": "f", "match": "y"}, {"address": ["10.0.0.1"]}]}],
                  "params": {"branch": {"json": "ref", "max": 200, "required": true}, "who": {"query": "user"}}},
         "after": ["other", {"recipe": "third", "on": "failure"}],
         "enabled": true, "overlap": "queue", "priority": 5, "lock": ["a", {"name": "b", "mode": "shared"}],
         "only": ["mon-fri 22:00-06:00"], "not": "12-24..12-26", "from": "2026-12-01", "until": "2027-12-01", "deadline": "1h", "jitter": "5m",
         "retry": {"times": 3, "delay": "10s", "backoff": 2, "max_delay": "1h"}, "catch_up": "latest", "catch_up_window": "1d",
         "on_stop": "kill", "timeout": "1h", "grace": "20s", "linger": "kill", "expect": {"min": "1s", "max": "2h", "output": "rows"},
         "history": {"output": "1m", "keep": {"runs": 10, "days": 5, "bytes": "1g"}}, "timezone": "Europe/Berlin",
         "notify": {"on": ["failure", "slow"], "after": 3, "repeat": "4h", "to": ["d@e.f"], "ping": "https://hc.example.org/x"},
         "shell": ["/bin/bash", "-c"], "user": "nobody", "group": "nogroup", "dir": "/tmp", "env": {"A": "1"},
         "secrets": {"B": {"file": "/b"}}, "umask": "027", "nice": 5,
         "steps": ["true", {"run": "echo x", "name": "say", "must": true, "detach": false, "pipe": true, "timeout": "5m", "env": {"C": "d"},
                            "dir": "/tmp"}, {"argv": ["cat", "-n"]}, "sleep 1", {"run": "echo bad", "when": "failure"}]}
        """;

    private static final String SETTINGS = """
        {"recipes": "recipes",
                "timezone": "UTC", "shell": ["/bin/sh", "-c"], "run_as": "nobody", "workers": {"max": 3, "queue": 10},
         "defaults": {"timeout": "1h", "env": {"A": "b"}, "retry": {"times": 1}}, "state": "/s", "socket": "/s/x",
         "socket_group": "nogroup", "access": {"administer": "root", "operate": ["games", "@0"], "read": ["@nogroup"]},
         "users": {"allow": ["@nogroup", "games"], "runs": 2, "recipes": 9, "limits": {"timeout": "1h", "output": "1m", "priority": 5}},
         "history": {"output": "1m", "keep": {"runs": 5, "days": 9, "bytes": "1m"}, "total": {"runs": 9, "days": 9, "bytes": "1g"}},
         "agents": {"scheduler": {"enabled": true, "workers": {"max": 1, "queue": 2}, "timezone": "UTC", "shell": ["/bin/sh", "-c"], "run_as": "nobody",
                                  "defaults": {"grace": "5s"}},
                    "cron": {}, "server": {"listen": "127.0.0.1:0", "tls": {"certificate": "/c", "key": "/k"},
                                           "trusted_proxies": ["127.0.0.1"], "limits": {"connections": 9, "per_source": 3, "bytes_per_minute": "1m"}}},
         "notify": {"mail": {"smtp": "smtp://u@localhost:25", "security": "plain", "password": {"env": "PW"}, "from": "a@b.c", "to": ["d@e.f"]},
                    "webhooks": [{"name": "chat", "url": "https://chat.example.org/x", "preset": "slack", "body": "{}", "token": {"env": "PW"}},
                                 "http://localhost/hook"], "command": ["/bin/page", "ops"],
                    "on": ["failure", "missed"], "after": 2, "repeat": "never", "quiet": "22:00-07:00"},
         "console": {"listen": "127.0.0.1:11401", "open": "always", "url": "https://runs.example.org", "tls": {"certificate": "c.pem", "key": "k.pem"}}, "metrics": {"recipes": 100, "textfile": "x.prom"}, "store": "embedded"}
        """;

    // A number or a boolean where a text is meant is read as a text; an editor may say that it is none.

    /**
     * Where the readers know more than a schema can say: what a text means, and what goes with what. A text that is
     * none there passes the schema.
     */
    private static final Set<String> MEANING = Set.of(
            "timezone",
            "pattern",
            "only",
            "not",
            "from",
            "until",
            "coalesce",
            "params",
            "allow_from",
            "address",
            "trusted_proxies",
            "password",
            "token");

    /**
     * Keys that the samples cannot have: targets, of which a recipe alone knows none, and an agent that is not there
     * yet.
     */
    private static final Set<String> LEFT_OUT = Set.of("/notify/by", "/agents/remote");

    /** Maps that need not hold every key: names of one's own, schemes, what all agents have. */
    private static final Set<String> APART = Set.of("/hook/auth", "/hook/params", "/agents/cron", "/agents/server");

    @TempDir
    private Path folder;

    private interface Loader {
        List<Problem> errors(String text) throws IOException;
    }

    private List<Problem> recipe(String text) {
        var problems = new Problems();
        RecipeReader.of(Settings.defaults(folder, ZoneOffset.UTC), new Problems())
                .read(new Origin(folder.resolve("backup.yml"), text, ""), problems);
        return problems.errors();
    }

    private List<Problem> settings(String text) throws IOException {
        Path file = Files.writeString(folder.resolve("leprechaun.yml"), text);
        var problems = new Problems();
        RecipeReader.of(
                new SettingsReader(ZoneOffset.UTC, Map.of("PW", "secret")).read(file, Trust.lenient(), problems),
                problems);
        return problems.errors();
    }

    private static String resource(String name) throws IOException {
        try (InputStream in = SchemaTest.class.getResourceAsStream("/io/leprechaun/daemon/schema/" + name)) {
            return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8)
                    .replaceFirst("\"\\$id\": \"[^\"]*\",", "");
        }
    }

    private static JsonNode recipeSchema() throws IOException {
        return JSON.readTree(resource("leprechaun-recipe.schema.json"));
    }

    /** The settings' schema with the recipes' in it, which it refers to. */
    private static JsonNode settingsSchema() throws IOException {
        String recipe = resource("leprechaun-recipe.schema.json").replace("#/definitions/", "#/recipe/definitions/");
        var settings = (ObjectNode) JSON.readTree(
                resource("leprechaun.schema.json").replace("leprechaun-recipe.schema.json#/", "#/recipe/"));
        return settings.set("recipe", JSON.readTree(recipe));
    }

    private static Schema schema(JsonNode node) {
        return SchemaRegistry.withDefaultDialect(Dialects.getDraft7()).getSchema(node);
    }

    @Test
    void a_recipe_with_every_key_pleases_both() throws IOException {
        assertThat(recipe(RECIPE)).isEmpty();
        assertThat(schema(recipeSchema()).validate(JSON.readTree(RECIPE))).isEmpty();
    }

    @Test
    void settings_with_every_key_please_both() throws IOException {
        assertThat(settings(SETTINGS)).isEmpty();
        assertThat(schema(settingsSchema()).validate(JSON.readTree(SETTINGS))).isEmpty();
    }

    /** A key that is not in the samples would not be changed, and so not be judged. */
    @Test
    void every_key_of_the_tables_is_in_the_samples() throws IOException {
        assertThat(missing(RecipeKeys.TABLE, JSON.readTree(RECIPE), "")).isEmpty();
        assertThat(missing(SettingsKeys.TABLE, JSON.readTree(SETTINGS), "")).isEmpty();
    }

    /**
     * Where the sample has a map, the keys that it has not. What excludes each other in {@code auth} cannot be there
     * together.
     */
    private static List<String> missing(KeyTable<?> table, JsonNode sample, String at) {
        var missing = new ArrayList<String>();
        for (Key<?> key : table.keys()) {
            String path = at + "/" + key.name();
            if (!sample.has(key.name())) {
                Stream.of(path).filter(one -> !LEFT_OUT.contains(one)).forEach(missing::add);
            } else if (sample.get(key.name()).isObject() && !APART.contains(path)) {
                key.type()
                        .below()
                        .ifPresent(below -> missing.addAll(missing(below.get(), sample.get(key.name()), path)));
            }
        }
        return missing;
    }

    @Test
    void both_know_the_same_keys_in_every_place() throws IOException {
        assertThat(keys(RECIPE, this::recipe, recipeSchema())).isGreaterThan(15);
        assertThat(keys(SETTINGS, this::settings, settingsSchema())).isGreaterThan(15);
    }

    /**
     * Adds an unknown key in every map: the reader's error lists those it knows, and the schema has to take each of
     * them.
     */
    private int keys(String base, Loader loader, JsonNode schemaNode) throws IOException {
        var schema = schema(schemaNode);
        int asked = 0;
        for (String at : maps(JSON.readTree(base), "")) {
            JsonNode mutant = JSON.readTree(base);
            ((ObjectNode) mutant.at(at)).put("zzqqzz", 1);
            for (Problem problem : loader.errors(mutant.toString())) {
                Matcher allowed = ALLOWED.matcher(problem.message());
                if (!allowed.find()) {
                    continue;
                }
                asked++;
                assertThat(schema.validate(mutant)).as("%s of %s", "zzqqzz", at).isNotEmpty();
                for (String key : allowed.group(1).split(", ", -1)) {
                    JsonNode with = JSON.readTree(base);
                    ((ObjectNode) with.at(at)).put(key, "x");
                    assertThat(schema.validate(with))
                            .as("the reader knows %s at %s", key, at)
                            .noneMatch(error -> error.getKeyword().equals("additionalProperties")
                                    && error.toString().contains("'" + key + "'"));
                }
            }
        }
        return asked;
    }

    private static List<String> maps(JsonNode node, String at) {
        var found = new ArrayList<String>();
        if (node.isObject()) {
            found.add(at);
            node.properties().forEach(entry -> found.addAll(maps(entry.getValue(), at + "/" + entry.getKey())));
        } else if (node.isArray()) {
            for (int i = 0; i < node.size(); i++) {
                found.addAll(maps(node.get(i), at + "/" + i));
            }
        }
        return found;
    }

    @Test
    @Tag("proof")
    void every_change_of_a_recipe_is_judged_alike() throws IOException {
        assertThat(mutants(RECIPE, this::recipe, recipeSchema())).isGreaterThan(600);
    }

    @Test
    @Tag("proof")
    void every_change_of_settings_is_judged_alike() throws IOException {
        assertThat(mutants(SETTINGS, this::settings, settingsSchema())).isGreaterThan(300);
    }

    private int mutants(String base, Loader loader, JsonNode schemaNode) throws IOException {
        var schema = schema(schemaNode);
        var changes = Map.<String, JsonNode>of(
                "a map", JSON.readTree("{\"zzqqzz\": 1}"),
                "a list of a list", JSON.readTree("[[1]]"),
                "an empty list", JSON.readTree("[]"),
                "a word", JSON.readTree("\"zz qq\""),
                "a number", JSON.readTree("77777777777"),
                "minus one", JSON.readTree("-1"),
                "a fraction", JSON.readTree("1.5"),
                "true", JSON.readTree("true"));
        var differ = new TreeSet<String>();
        int count = 0;
        for (String at : places(JSON.readTree(base), "")) {
            for (var change : changes.entrySet()) {
                JsonNode mutant = JSON.readTree(base);
                replace(mutant, at, change.getValue());
                count++;
                judge(mutant, at + " is " + change.getKey(), at, schema, loader, differ);
            }
            JsonNode without = JSON.readTree(base);
            remove(without, at);
            count++;
            judge(without, at + " is gone", at, schema, loader, differ);
        }
        assertThat(differ).isEmpty();
        return count;
    }

    private static void judge(JsonNode mutant, String what, String at, Schema schema, Loader loader, Set<String> differ)
            throws IOException {
        boolean loads = loader.errors(mutant.toString()).isEmpty();
        boolean fits = schema.validate(mutant).isEmpty();
        boolean mayKnowMore = MEANING.stream().anyMatch(key -> ("/" + at + "/").contains("/" + key + "/"));
        boolean mayPreferText =
                List.of("a number", "minus one", "a fraction", "true").stream().anyMatch(what::endsWith);
        if (loads && !fits && !mayPreferText) {
            differ.add("loads, and the schema is against it: " + what + " " + schema.validate(mutant));
        } else if (!loads && fits && !mayKnowMore) {
            differ.add("does not load, and the schema is for it: " + what + " " + loader.errors(mutant.toString()));
        }
    }

    private static List<String> places(JsonNode node, String at) {
        var found = new ArrayList<String>();
        if (!at.isEmpty()) {
            found.add(at);
        }
        if (node.isObject()) {
            node.properties().forEach(entry -> found.addAll(places(entry.getValue(), at + "/" + entry.getKey())));
        } else if (node.isArray()) {
            for (int i = 0; i < node.size(); i++) {
                found.addAll(places(node.get(i), at + "/" + i));
            }
        }
        return found;
    }

    private static void replace(JsonNode root, String at, JsonNode by) {
        in(root, at, (map, key) -> map.set(key, by), (list, index) -> list.set(index, by));
    }

    private static void remove(JsonNode root, String at) {
        in(root, at, ObjectNode::remove, ArrayNode::remove);
    }

    private static void in(
            JsonNode root, String at, BiConsumer<ObjectNode, String> ofMap, BiConsumer<ArrayNode, Integer> ofList) {
        int slash = at.lastIndexOf('/');
        String key = at.substring(slash + 1);
        switch (root.at(at.substring(0, slash))) {
            case ObjectNode map -> ofMap.accept(map, key);
            case ArrayNode list -> ofList.accept(list, Integer.parseInt(key));
            default -> throw new IllegalStateException("nothing stands in " + at);
        }
    }
}
