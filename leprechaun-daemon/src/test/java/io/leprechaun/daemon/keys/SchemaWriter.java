package io.leprechaun.daemon.keys;

import io.leprechaun.daemon.recipe.reader.RecipeKeys;
import io.leprechaun.daemon.settings.SettingsKeys;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The generator of a JSON Schema from a table of keys and a skeleton, in which {@code "@NAME"} stands for the
 * properties of a definition.
 */
final class SchemaWriter {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Pattern REFERENCE = Pattern.compile("#/definitions/(\\w+)");
    private static final String RECIPE = "leprechaun-recipe.schema.json";

    private final ObjectNode skeleton;
    private final boolean ofSettings;
    private final Map<String, ObjectNode> properties = new HashMap<>();

    private SchemaWriter(ObjectNode skeleton, boolean ofSettings) {
        this.skeleton = skeleton;
        this.ofSettings = ofSettings;
    }

    /** Returns the schema of recipes. */
    static String recipe() throws IOException {
        return write("leprechaun-recipe.skeleton.json", "recipe", RecipeKeys.TABLE, false);
    }

    /** Returns the schema of the settings. */
    static String settings() throws IOException {
        return write("leprechaun.skeleton.json", "settings", SettingsKeys.TABLE, true);
    }

    private static String write(String skeleton, String name, KeyTable<?> table, boolean ofSettings)
            throws IOException {
        try (InputStream in = Objects.requireNonNull(SchemaWriter.class.getResourceAsStream(skeleton))) {
            var writer = new SchemaWriter((ObjectNode) JSON.readTree(in), ofSettings);
            writer.properties.put(name, writer.properties(table));
            writer.properties.put("defaults", writer.defaults());
            writer.fill(writer.skeleton);
            var text = new StringBuilder();
            print(writer.skeleton, "\n", text);
            return text.append('\n').toString();
        }
    }

    private ObjectNode defaults() {
        ObjectNode all = JSON.createObjectNode();
        RecipeKeys.SHARED
                .keys()
                .forEach(key -> all.set(
                        key.name(), JSON.createObjectNode().put("$ref", RECIPE + "#/properties/" + key.name())));
        return all;
    }

    private ObjectNode properties(KeyTable<?> table) {
        ObjectNode all = JSON.createObjectNode();
        table.keys().forEach(key -> all.set(key.name(), property(key)));
        return all;
    }

    private ObjectNode property(Key<?> key) {
        String text = key.type().form().get().schema();
        key.type().below().ifPresent(below -> define(text, below.get()));
        ObjectNode schema = (ObjectNode) JSON.readTree(
                REFERENCE.matcher(text).replaceAll(found -> Matcher.quoteReplacement(reference(found.group(1)))));
        key.type().below().ifPresent(below -> replace(schema, "@", below.get()));
        String description = KeyText.description(key);
        if (description.isEmpty()) {
            return schema;
        }
        if (schema.has("$ref")) {
            ObjectNode wrapped = JSON.createObjectNode();
            wrapped.putArray("allOf").add(schema);
            return wrapped.put("description", description);
        }
        return schema.put("description", description);
    }

    /** Notes the keys below one whose schema is among the definitions. */
    private void define(String schema, KeyTable<?> below) {
        Matcher reference = REFERENCE.matcher(schema);
        if (!schema.contains("\"@\"") && reference.find() && !properties.containsKey(reference.group(1))) {
            properties.put(reference.group(1), properties(below));
        }
    }

    private void replace(JsonNode schema, String mark, KeyTable<?> below) {
        if (schema instanceof ObjectNode object
                && schema.path("properties").asString("").equals(mark)) {
            object.set("properties", properties(below));
        }
        schema.forEach(part -> replace(part, mark, below));
    }

    private String reference(String name) {
        boolean own = !ofSettings || skeleton.path("definitions").has(name);
        return (own ? "" : RECIPE) + "#/definitions/" + name;
    }

    private void fill(JsonNode node) {
        String mark = node.path("properties").asString("");
        if (mark.startsWith("@")) {
            ((ObjectNode) node)
                    .set(
                            "properties",
                            Objects.requireNonNull(properties.get(mark.substring(1)), "no keys for " + mark));
        }
        node.forEach(this::fill);
    }

    /** Prints two blanks deeper for each level, each value on a line of its own. */
    private static void print(JsonNode node, String line, StringBuilder text) {
        if (node.isEmpty()) {
            text.append(node);
            return;
        }
        String inner = line + "  ";
        String separator = inner;
        text.append(node instanceof ArrayNode ? '[' : '{');
        for (Map.Entry<String, JsonNode> entry : entries(node).entrySet()) {
            text.append(separator);
            if (node.isObject()) {
                text.append(JSON.writeValueAsString(entry.getKey())).append(": ");
            }
            print(entry.getValue(), inner, text);
            separator = "," + inner;
        }
        text.append(line).append(node instanceof ArrayNode ? ']' : '}');
    }

    private static Map<String, JsonNode> entries(JsonNode node) {
        var entries = new LinkedHashMap<String, JsonNode>();
        node.properties().forEach(entry -> entries.put(entry.getKey(), entry.getValue()));
        node.forEach(item -> {
            if (node.isArray()) {
                entries.put(Integer.toString(entries.size()), item);
            }
        });
        return entries;
    }
}
