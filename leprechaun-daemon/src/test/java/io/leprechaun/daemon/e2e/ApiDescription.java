package io.leprechaun.daemon.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.dialect.Dialects;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * An OpenAPI document as a judge of answers. It is stricter than the document: an answer has no member that the
 * document does not name.
 */
final class ApiDescription {
    private static final String TYPES = "#/components/schemas/";

    private final JsonNode document;
    private final ObjectNode strict;
    private final Map<String, Schema> schemas = new HashMap<>();
    /** The members that had a value in a judged answer, as {@code Run.id}. */
    private final Set<String> seen = new TreeSet<>();

    ApiDescription(JsonNode document) {
        this.document = document;
        strict = Installation.JSON.createObjectNode();
        strict.putObject("components")
                .set("schemas", document.at("/components/schemas").deepCopy());
        strict.at("/components/schemas").forEach(type -> ((ObjectNode) type).put("additionalProperties", false));
    }

    /** Returns all routes: {@code GET /book/list} for example. */
    Set<String> routes() {
        var routes = new TreeSet<String>();
        document.path("paths")
                .forEachEntry((path, methods) ->
                        methods.forEachEntry((method, operation) -> routes.add(method.toUpperCase() + " " + path)));
        return routes;
    }

    JsonNode operation(String route) {
        String[] words = route.split(" ", 2);
        JsonNode operation = document.path("paths").path(words[1]).path(words[0].toLowerCase());
        assertThat(operation.isObject()).as("%s is described", route).isTrue();
        return operation;
    }

    /** Returns the response of a route with a status, without references. */
    JsonNode response(String route, int status) {
        JsonNode response = operation(route).path("responses").path(String.valueOf(status));
        assertThat(response.isObject()).as("%s answers %d", route, status).isTrue();
        return response.has("$ref")
                ? document.at(response.get("$ref").asString().substring(1))
                : response;
    }

    /** Judges a document by the schema of a media type. */
    void judge(String what, JsonNode content, JsonNode answer) {
        JsonNode type = content.path("schema");
        assertThat(type.isObject()).as("%s has a schema", what).isTrue();
        assertThat(schema(type).validate(answer)).as("%s: %s", what, answer).isEmpty();
        walk(type, answer, "");
    }

    private Schema schema(JsonNode type) {
        return schemas.computeIfAbsent(type.toString(), unused -> {
            ObjectNode root = strict.deepCopy();
            root.setAll((ObjectNode) type.deepCopy());
            return SchemaRegistry.withDefaultDialect(Dialects.getDraft202012()).getSchema(root);
        });
    }

    /** Collects the members with values, and parses the times. */
    private void walk(JsonNode type, JsonNode value, String within) {
        if (value.isNull()) {
            return;
        }
        for (String either : Set.of("oneOf", "anyOf")) {
            for (JsonNode one : type.path(either)) {
                if (schema(one).validate(value).isEmpty()) {
                    walk(one, value, within);
                }
            }
        }
        if (type.has("$ref")) {
            String name = type.get("$ref").asString();
            walk(document.at(name.substring(1)), value, name.substring(TYPES.length()));
        }
        type.path("properties").forEachEntry((name, member) -> {
            if (value.hasNonNull(name)) {
                seen.add(within + "." + name);
                walk(member, value.get(name), within);
            }
        });
        if (type.has("items")) {
            value.forEach(item -> walk(type.get("items"), item, within));
        }
        if (type.path("format").asString("").equals("date-time")) {
            assertThat(OffsetDateTime.parse(value.asString())).isNotNull();
        }
    }

    /** Returns the members that no judged answer had with a value. */
    Set<String> unseen() {
        var unseen = new TreeSet<String>();
        document.at("/components/schemas")
                .forEachEntry((type, schema) ->
                        schema.path("properties").forEachEntry((name, member) -> unseen.add(type + "." + name)));
        unseen.removeAll(seen);
        return unseen;
    }
}
