package io.leprechaun.daemon.http.description;

import java.util.Locale;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The page of an OpenAPI document: plain HTML without script, style and links to other hosts. All lines wrap, so that
 * it can be read in a terminal and on a phone.
 */
record DescriptionPage(JsonNode document) {
    private static final Pattern CODE = Pattern.compile("`([^`]*)`");
    private static final Pattern INDENT = Pattern.compile("^ +");
    private static final JsonMapper JSON = JsonMapper.shared();

    /** Returns the page as HTML. */
    String html() {
        String title = escaped(document.at("/info/title").asString()) + " API";
        return """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8"/>
            <meta name="viewport" content="width=device-width, initial-scale=1"/>
            <title>%s</title>
            </head>
            <body>
            <h1>%s</h1>
            %s<p>Programs read this as an <a href="%s">OpenAPI document</a>.</p>
            <ul>
            %s</ul>
            %s<h2 id="problems">Problems</h2>
            <dl>
            %s</dl>
            <h2 id="types">Types</h2>
            %s</body>
            </html>
            """.formatted(
                title,
                title,
                prose(document.at("/info/description")),
                Description.DOCUMENT,
                each(document.path("tags"), tag -> item("tag-", tag.path("name").asString()))
                        + item("", "problems")
                        + item("", "types"),
                each(document.path("tags"), this::section),
                entries(
                        document.at("/components/responses"),
                        (status, problem) -> term(code(status), spans(described(problem)))),
                entries(document.at("/components/schemas"), this::type));
    }

    private static String item(String prefix, String name) {
        return "<li><a href=\"#" + prefix + name + "\">" + name + "</a></li>\n";
    }

    private String section(JsonNode tag) {
        String name = tag.path("name").asString();
        return "<h2 id=\"tag-" + name + "\">" + name + "</h2>\n" + prose(tag.path("description"))
                + entries(
                        document.path("paths"),
                        (path, methods) -> entries(
                                methods,
                                (method, operation) ->
                                        operation.at("/tags/0").asString().equals(name)
                                                ? operation(method.toUpperCase(Locale.ROOT) + " " + path, operation)
                                                : ""));
    }

    private String operation(String route, JsonNode operation) {
        String parameters = each(operation.path("parameters"), reference -> {
            JsonNode parameter = resolved(reference);
            return term(code(parameter.path("name").asString()), spans(described(parameter)));
        });
        JsonNode answer = operation.at("/responses/200");
        String refusals = operation
                .path("responses")
                .propertyStream()
                .filter(response -> response.getValue().has("$ref"))
                .map(response -> code(response.getKey()))
                .collect(Collectors.joining(", "));
        return "<h3 id=\"" + operation.path("operationId").asString() + "\">" + code(route) + "</h3>\n"
                + prose(operation.path("summary"))
                + prose(operation.path("description"))
                + (parameters.isEmpty() ? "" : "<p>Parameters:</p>\n<dl>\n" + parameters + "</dl>\n")
                + "<p>Answers:</p>\n<dl>\n"
                + entries(
                        answer.path("content"),
                        (media, content) -> term(code("200 " + media), type(content.path("schema"))))
                + term(refusals, "<a href=\"#problems\">problems</a>")
                + "</dl>\n"
                + entries(
                        answer.path("content"),
                        (media, content) -> entries(
                                content.path("examples"), (name, example) -> example(name, example.path("value"))));
    }

    private static String example(String name, JsonNode value) {
        String text = value.isString()
                ? value.asString()
                : JSON.writerWithDefaultPrettyPrinter().writeValueAsString(value);
        return "<details><summary>Example: " + escaped(name) + "</summary>\n<p><code>"
                + text.lines().map(DescriptionPage::line).collect(Collectors.joining("<br/>\n"))
                + "</code></p></details>\n";
    }

    /** Returns a line whose indentation stays, and which still wraps. */
    private static String line(String text) {
        return INDENT.matcher(escaped(text))
                .replaceFirst(indent -> "&#160;".repeat(indent.group().length()));
    }

    private String type(String name, JsonNode type) {
        return "<h3 id=\"type-" + name + "\">" + escaped(name) + "</h3>\n"
                + prose(type.path("description"))
                + "<dl>\n"
                + entries(
                        type.path("properties"),
                        (member, schema) -> term(code(member) + ": " + type(schema), spans(described(schema))))
                + "</dl>\n";
    }

    /** Returns the words for a schema. */
    private static String type(JsonNode schema) {
        for (String either : new String[] {"oneOf", "anyOf"}) {
            if (schema.has(either)) {
                return joined(schema.get(either).valueStream().map(DescriptionPage::type));
            }
        }
        if (schema.has("$ref")) {
            String name = schema.get("$ref").asString();
            String type = name.substring(name.lastIndexOf('/') + 1);
            return "<a href=\"#type-" + type + "\">" + type + "</a>";
        }
        if (schema.has("const")) {
            return code(schema.get("const").toString());
        }
        if (schema.has("enum")) {
            return joined(schema.get("enum").valueStream().map(word -> code(word.asString("null"))));
        }
        if (schema.has("items")) {
            return "array of " + type(schema.get("items"));
        }
        JsonNode type = schema.path("type");
        return joined(type.isArray() ? type.valueStream().map(JsonNode::asString) : Stream.of(type.asString("any")));
    }

    private static String joined(Stream<String> words) {
        return words.collect(Collectors.joining(" or "));
    }

    private JsonNode resolved(JsonNode node) {
        return node.has("$ref") ? document.at(node.get("$ref").asString().substring(1)) : node;
    }

    private static String described(JsonNode node) {
        return node.path("description").asString("");
    }

    private static String each(JsonNode array, Function<JsonNode, String> html) {
        return array.valueStream().map(html).collect(Collectors.joining());
    }

    private static String entries(JsonNode object, BiFunction<String, JsonNode, String> html) {
        return object.propertyStream()
                .map(entry -> html.apply(entry.getKey(), entry.getValue()))
                .collect(Collectors.joining());
    }

    private static String term(String term, String meaning) {
        return "<dt>" + term + "</dt>\n<dd>" + meaning + "</dd>\n";
    }

    /** Returns the paragraphs and lists of a text. */
    private static String prose(JsonNode text) {
        return Stream.of(text.asString("").strip().split("\n\n"))
                .filter(block -> !block.isBlank())
                .map(block -> block.startsWith("- ")
                        ? "<ul>\n"
                                + block.lines()
                                        .map(line -> "<li>" + spans(line.substring(2)) + "</li>\n")
                                        .collect(Collectors.joining())
                                + "</ul>\n"
                        : "<p>" + spans(block) + "</p>\n")
                .collect(Collectors.joining());
    }

    /** Returns a text whose words in backquotes are code. */
    private static String spans(String text) {
        return CODE.matcher(escaped(text)).replaceAll("<code>$1</code>");
    }

    private static String code(String text) {
        return "<code>" + escaped(text) + "</code>";
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
