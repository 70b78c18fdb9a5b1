package io.leprechaun.daemon.keys;

import io.leprechaun.api.Access;
import io.leprechaun.api.AgentCommands;
import io.leprechaun.api.Form;
import io.leprechaun.api.Option;
import io.leprechaun.api.Resolver;
import io.leprechaun.api.Verb;
import io.leprechaun.api.Verbs;
import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The generator of the OpenAPI document. Words, options and roles of commands come from {@link Verbs} and
 * {@link AgentCommands}, answers from a skeleton, examples from a file that a test fetches from a live daemon.
 *
 * <p>A route of the skeleton has these keys: {@code answer}, the type of the JSON document, with alternatives separated
 * by {@code |}; {@code media}, the type of any other answer; {@code stream}, the type of a stream beside the answer;
 * {@code refuses}, the statuses besides the general ones; {@code scope}, a stronger scope over TCP; {@code socket},
 * whether it is answered at a socket only; {@code usage} and {@code says}, the words and the summary where no verb has
 * them; {@code more}, a further sentence. A resource also has its {@code id} and its {@code parameters}, or the command
 * ({@code as}) that it equals.
 */
final class OpenApiWriter {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String SKELETON = "openapi.skeleton.yml";
    private static final String EXAMPLES = "openapi.examples.json";
    private static final int LINE = 100;
    private static final String AGENT = "/AGENT/";
    private static final List<String> OF_TEXT = List.of("columns", "color", "quiet");

    private final ObjectNode skeleton;
    private final ObjectNode examples;
    private final Map<String, Described> commands = commands();

    private OpenApiWriter(ObjectNode skeleton, ObjectNode examples) {
        this.skeleton = skeleton;
        this.examples = examples;
    }

    /**
     * A command with a route.
     *
     * @param typed the words before its arguments
     * @param usage its arguments
     */
    private record Described(String typed, String usage, String summary, Form form, Access access) {
        private static Described of(String typed, String usage, String summary, Form form) {
            return new Described(
                    typed, usage, summary, form, form.route().orElseThrow().access());
        }

        boolean takesArguments() {
            return form.operands() > 0 || !form.options().isEmpty();
        }
    }

    /** Returns the document, as the daemon sends it. */
    static String document() throws IOException {
        try (InputStream written = OpenApiWriter.class.getResourceAsStream(SKELETON);
                InputStream fetched = OpenApiWriter.class.getResourceAsStream(EXAMPLES)) {
            Object skeleton =
                    new Yaml(new SafeConstructor(new LoaderOptions())).load(Objects.requireNonNull(written, SKELETON));
            var writer = new OpenApiWriter(
                    JSON.valueToTree(skeleton), (ObjectNode) JSON.readTree(Objects.requireNonNull(fetched, EXAMPLES)));
            var text = new StringBuilder();
            print(writer.write(), "\n", text);
            return text.append('\n').toString();
        }
    }

    /** Writes JSON in lines that a diff shows well: a node that fits into one line is one. */
    private static void print(JsonNode node, String line, StringBuilder text) {
        String whole = JSON.writeValueAsString(node);
        if (node.isEmpty() || whole.length() <= LINE) {
            text.append(whole);
            return;
        }
        String inner = line + "  ";
        String before = inner;
        text.append(node.isArray() ? '[' : '{');
        if (node.isArray()) {
            for (JsonNode item : node) {
                print(item, inner, text.append(before));
                before = "," + inner;
            }
        }
        for (Map.Entry<String, JsonNode> entry : node.properties()) {
            text.append(before).append(JSON.writeValueAsString(entry.getKey())).append(": ");
            print(entry.getValue(), inner, text);
            before = "," + inner;
        }
        text.append(line).append(node.isArray() ? ']' : '}');
    }

    private static Map<String, Described> commands() {
        var commands = new LinkedHashMap<String, Described>();
        for (Verb verb : Verbs.routed()) {
            for (Form form : verb.forms()) {
                form.route()
                        .ifPresent(route -> commands.put(
                                key(route.registrator(), form),
                                Described.of(
                                        "leprechaun " + verb.nameOf(form), usage(verb, form), verb.summary(), form)));
            }
        }
        for (var agent : AgentCommands.AGENTS) {
            AgentCommands.OF_AGENTS.forEach(verb -> put(commands, agent.name(), verb));
        }
        for (String agent : List.of("scheduler", "cron")) {
            put(commands, agent, AgentCommands.NEXT);
        }
        AgentCommands.OF_DAEMON.forEach(verb -> put(commands, AgentCommands.DAEMON, verb));
        for (String command : List.of("text", "put", "remove")) {
            Form form = Verbs.ofOwners(command);
            commands.put(key(form.route().orElseThrow().registrator(), form), Described.of("", "", "", form));
        }
        return commands;
    }

    private static void put(Map<String, Described> commands, String agent, Verb verb) {
        commands.put(
                key(agent, verb.form()),
                Described.of(
                        "leprechaun " + agent + " " + verb.name(),
                        verb.synopsis(),
                        sentence(verb.summary()),
                        verb.form()));
    }

    private static String key(String registrator, Form form) {
        var route = form.route().orElseThrow();
        return route.access().method() + " " + Resolver.path(registrator, route.command());
    }

    private static String sentence(String summary) {
        return summary.isEmpty() ? "" : summary.substring(0, 1).toUpperCase(Locale.ROOT) + summary.substring(1) + ".";
    }

    /** Returns the arguments of a form, without the word that selects it. */
    private static String usage(Verb verb, Form form) {
        return form.isSubcommand()
                ? verb.subcommands().stream()
                        .filter(words -> (words + " ").startsWith(form.word() + " "))
                        .map(words -> words.substring(form.word().length()).strip())
                        .findFirst()
                        .orElseThrow()
                : verb.synopsis();
    }

    private ObjectNode write() {
        ObjectNode document = skeleton.withObject("/document").deepCopy();
        ObjectNode components = document.withObject("/components");
        ObjectNode responses = components.putObject("responses");
        skeleton.withObject("/problems")
                .forEachEntry((status, problem) -> responses.set(status, refusal(status, problem)));
        ObjectNode schemas = components.putObject("schemas");
        skeleton.withObject("/types").forEachEntry((name, type) -> schemas.set(name, type((ObjectNode) type)));
        ObjectNode paths = document.putObject("paths");
        Map<String, Entry> entries = entries();
        requireComplete(entries);
        entries.forEach((key, entry) -> {
            String[] route = key.split(" ", 2);
            ObjectNode path = paths.has(route[1]) ? (ObjectNode) paths.get(route[1]) : paths.putObject(route[1]);
            path.set(route[0].toLowerCase(Locale.ROOT), operation(key, entry));
        });
        return document;
    }

    private record Entry(String tag, ObjectNode keys) {
        Optional<String> text(String key) {
            return keys.has(key) ? Optional.of(keys.get(key).asString()) : Optional.empty();
        }

        boolean isResource() {
            return keys.has("id");
        }
    }

    /** Returns the entries by method and path; one for all agents becomes one for each. */
    private Map<String, Entry> entries() {
        var entries = new LinkedHashMap<String, Entry>();
        skeleton.withObject("/routes")
                .forEachEntry((tag, routes) -> routes.forEachEntry((key, keys) -> {
                    var entry = new Entry(tag, (ObjectNode) keys);
                    if (key.contains(AGENT)) {
                        AgentCommands.AGENTS.forEach(
                                agent -> entries.put(key.replace(AGENT, "/" + agent.name() + "/"), entry));
                    } else {
                        entries.put(key, entry);
                    }
                }));
        return entries;
    }

    private void requireComplete(Map<String, Entry> entries) {
        var missing = new TreeSet<>(commands.keySet());
        missing.removeAll(entries.keySet());
        var unknown = new TreeSet<>(entries.keySet());
        unknown.removeIf(key -> commands.containsKey(key) || entries.get(key).isResource());
        if (!missing.isEmpty() || !unknown.isEmpty()) {
            throw new IllegalStateException(SKELETON + ": add an entry for each of " + missing
                    + ", and remove those without a command: " + unknown);
        }
    }

    private ObjectNode operation(String key, Entry entry) {
        Optional<Described> command =
                Optional.ofNullable(commands.get(entry.text("as").orElse(entry.isResource() ? "" : key)));
        boolean table = entry.text("media").isEmpty();
        boolean words = command.filter(Described::takesArguments).isPresent();
        ObjectNode operation = JSON.createObjectNode();
        operation.put("operationId", entry.text("id").orElseGet(() -> id(key)));
        operation.put(
                "summary",
                entry.text("says").orElseGet(() -> command.orElseThrow().summary()));
        operation.put("description", description(entry, command));
        operation.putArray("tags").add(entry.tag());
        ArrayNode security = operation.putArray("security");
        if (!entry.keys().has("socket")) {
            security.addObject()
                    .putArray("token")
                    .add(entry.text("scope")
                            .orElseGet(
                                    () -> scope(command.map(Described::access).orElse(Access.READ))));
        }
        security.addObject(); // the socket
        ArrayNode parameters = operation.putArray("parameters");
        entry.keys()
                .path("parameters")
                .forEach(name -> reference(parameters.addObject(), "parameters", name.asString()));
        if (words) {
            parameters.add(arguments(key));
        }
        if (table) {
            OF_TEXT.forEach(name -> reference(parameters.addObject(), "parameters", name));
        }
        if (words && key.startsWith("POST")) {
            body(operation.putObject("requestBody"));
        }
        ObjectNode responses = operation.putObject("responses");
        responses.set("200", answer(key, entry));
        for (int status : statuses(entry)) {
            reference(responses.putObject(Integer.toString(status)), "responses", Integer.toString(status));
        }
        return operation;
    }

    private static String scope(Access access) {
        return access == Access.ADMINISTER ? "admin" : access.role();
    }

    /** Returns {@code schedulerWorkersList} for {@code GET /scheduler/workers/list}. */
    private static String id(String key) {
        String words = Stream.of(key.substring(key.indexOf('/') + 1).split("/"))
                .map(word -> word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1))
                .collect(Collectors.joining());
        return words.substring(0, 1).toLowerCase(Locale.ROOT) + words.substring(1);
    }

    private static String description(Entry entry, Optional<Described> command) {
        var text = new StringBuilder();
        command.ifPresent(known -> {
            String usage = entry.text("usage").orElse(known.usage());
            text.append(
                    known.typed().isEmpty() || known.summary().isEmpty()
                            ? usage.isEmpty() ? "" : "Arguments: `" + usage + "`.\n"
                            : "Command: `" + (known.typed() + " " + usage).strip() + "`.\n");
            List<Option> options = known.form().options().stream()
                    .filter(option -> option.isDocumented() && !isClients(option))
                    .toList();
            if (!options.isEmpty()) {
                text.append('\n');
                options.forEach(option -> text.append("- `")
                        .append(option.synopsis())
                        .append("`: ")
                        .append(option.meaning())
                        .append('\n'));
            }
            text.append('\n');
            known.form().options().stream()
                    .filter(OpenApiWriter::isClients)
                    .forEach(option -> text.append('`').append(option.name()).append("` is for the client alone.\n"));
            text.append(
                    entry.tag().equals("own")
                            ? "For users in the setting `users: { allow: [...] }`."
                            : "Needs the role `" + known.access().role() + "`.");
            if (known.form().isForOwners()) {
                text.append(" Users may use it at `own.sock` for recipes of their own.");
            }
            text.append('\n');
        });
        if (command.isEmpty()) {
            text.append("Needs the role `read`.\n");
        }
        if (entry.keys().has("socket")) {
            text.append(entry.tag().equals("own") ? "It exists at `own.sock` only.\n" : "Over TCP it is refused.\n");
        }
        entry.text("more").ifPresent(sentence -> text.append(sentence).append('\n'));
        return text.toString().strip();
    }

    private static boolean isClients(Option option) {
        return option.form().equals("client");
    }

    private ObjectNode arguments(String key) {
        ObjectNode words = JSON.createObjectNode();
        words.put("name", "args");
        words.put("in", "query");
        words.put("description", "The arguments of the command, each as a parameter of its own, in their order.");
        words.put("style", "form");
        words.put("explode", true);
        words.set("schema", arrayOf("string"));
        ObjectNode shown = JSON.createObjectNode();
        for (JsonNode example : examples.path(key)) {
            if (!example.path("arguments").isEmpty()) {
                shown.putObject(example.path("name").asString()).set("value", example.get("arguments"));
            }
        }
        if (!shown.isEmpty()) {
            words.set("examples", shown);
        }
        return words;
    }

    private static void body(ObjectNode body) {
        body.put("description", "The arguments, where they are too long for an address.");
        ObjectNode schema = body.putObject("content")
                .putObject("application/x-www-form-urlencoded")
                .putObject("schema");
        schema.put("type", "object");
        schema.putObject("properties").set("args", arrayOf("string"));
    }

    private static ObjectNode arrayOf(String type) {
        ObjectNode array = JSON.createObjectNode();
        array.put("type", "array");
        array.putObject("items").put("type", type);
        return array;
    }

    private ObjectNode answer(String key, Entry entry) {
        ObjectNode answer = JSON.createObjectNode();
        Optional<String> media = entry.text("media");
        answer.put("description", media.isEmpty() ? "The document." : "The content.");
        ObjectNode headers = answer.putObject("headers");
        reference(headers.putObject("Leprechaun-Exit"), "headers", "Leprechaun-Exit");
        ObjectNode content = answer.putObject("content");
        ObjectNode shown = content.putObject(media.orElse("application/json"));
        if (media.isPresent()) {
            ObjectNode schema = shown.putObject("schema");
            schema.put("type", media.get().equals("application/json") ? "object" : "string");
        } else {
            reference(headers.putObject("Leprechaun-Note"), "headers", "Leprechaun-Note");
            String type = entry.text("answer")
                    .or(() ->
                            entry.text("as").flatMap(same -> entries().get(same).text("answer")))
                    .orElseThrow(() -> new IllegalStateException(key + " has no answer"));
            shown.set("schema", schema(type));
            content.putObject("text/plain").putObject("schema").put("type", "string");
            entry.text("stream")
                    .ifPresent(
                            form -> content.putObject(form).putObject("schema").put("type", "string"));
        }
        ObjectNode fetched = JSON.createObjectNode();
        for (JsonNode example : examples.path(key)) {
            ObjectNode one = fetched.putObject(example.path("name").asString());
            one.set("value", example.get("answer"));
        }
        if (!fetched.isEmpty()) {
            shown.set("examples", fetched);
        }
        return answer;
    }

    private TreeSet<Integer> statuses(Entry entry) {
        var statuses = new TreeSet<Integer>();
        skeleton.withObject("/problems").forEachEntry((status, problem) -> {
            if (problem.has("general")) {
                statuses.add(Integer.valueOf(status));
            }
        });
        entry.keys().path("refuses").forEach(status -> statuses.add(status.asInt()));
        return statuses;
    }

    private ObjectNode refusal(String status, JsonNode problem) {
        ObjectNode refusal = JSON.createObjectNode();
        String codes =
                problem.path("code").valueStream().map(JsonNode::asString).collect(Collectors.joining(" or "));
        refusal.put("description", problem.path("says").asString() + " The exit code is " + codes + ".");
        ObjectNode headers = refusal.putObject("headers");
        reference(headers.putObject("Leprechaun-Exit"), "headers", "Leprechaun-Exit");
        if (status.equals("401")) {
            reference(headers.putObject("WWW-Authenticate"), "headers", "WWW-Authenticate");
        } else if (List.of("429", "503").contains(status)) {
            reference(headers.putObject("Retry-After"), "headers", "Retry-After");
        }
        ObjectNode content = refusal.putObject("content");
        reference(content.putObject("application/problem+json").putObject("schema"), "schemas", "Problem");
        content.putObject("text/plain").putObject("schema").put("type", "string");
        return refusal;
    }

    private static void reference(ObjectNode node, String kind, String name) {
        node.put("$ref", "#/components/" + kind + "/" + name);
    }

    /** Returns the schema of a type of the skeleton: its members, or those of another type and its own. */
    private ObjectNode type(ObjectNode type) {
        ObjectNode schema = JSON.createObjectNode();
        schema.put("type", "object");
        if (type.has("says")) {
            schema.put("description", type.get("says").asString());
        }
        ObjectNode properties = schema.putObject("properties");
        ArrayNode required = schema.putArray("required");
        if (type.has("extends")) {
            members(skeleton.withObject("/types").get(type.get("extends").asString()), properties, required);
        }
        members(type, properties, required);
        return schema;
    }

    private static void members(JsonNode type, ObjectNode properties, ArrayNode required) {
        type.forEachEntry((key, value) -> {
            if (key.equals("says") || key.equals("extends")) {
                return;
            }
            String name = key.endsWith("?") ? key.substring(0, key.length() - 1) : key;
            String[] words = value.asString().split(" -- ", 2);
            ObjectNode member = schema(words[0]);
            member.put("description", words[1]);
            properties.set(name, member);
            if (!key.endsWith("?")) {
                required.add(name);
            }
        });
    }

    /**
     * Returns the schema of a type's name: {@code string}, {@code time}, {@code array of Run}, {@code map of string},
     * {@code enum RunState}, {@code const true}, {@code Run}, {@code Run|Token}, {@code ok|paused}; with {@code ?} null
     * is allowed.
     */
    private static ObjectNode schema(String name) {
        if (name.endsWith("?")) {
            return nullable(schema(name.substring(0, name.length() - 1)));
        }
        ObjectNode schema = JSON.createObjectNode();
        if (name.startsWith("array of ")) {
            schema.put("type", "array");
            schema.set("items", schema(name.substring("array of ".length())));
        } else if (name.startsWith("map of ")) {
            schema.put("type", "object");
            schema.set("additionalProperties", schema(name.substring("map of ".length())));
        } else if (name.startsWith("enum ")) {
            words(schema, ApiWords.of(name.substring("enum ".length())));
        } else if (name.startsWith("const ")) {
            schema.set("const", JSON.readTree(name.substring("const ".length())));
        } else if (name.contains("|") && Character.isUpperCase(name.charAt(0))) {
            ArrayNode some = schema.putArray("oneOf");
            Stream.of(name.split("\\|")).forEach(one -> some.add(schema(one)));
        } else if (name.contains("|")) {
            words(schema, List.of(name.split("\\|")));
        } else if (name.equals("time")) {
            schema.put("type", "string").put("format", "date-time");
        } else if (Character.isUpperCase(name.charAt(0))) {
            reference(schema, "schemas", name);
        } else {
            schema.put("type", name);
            if (name.equals("integer")) {
                schema.put("format", "int64");
            }
        }
        return schema;
    }

    private static void words(ObjectNode schema, List<String> words) {
        schema.put("type", "string");
        ArrayNode all = schema.putArray("enum");
        words.forEach(all::add);
    }

    private static ObjectNode nullable(ObjectNode schema) {
        if (!schema.has("type")) {
            ObjectNode either = JSON.createObjectNode();
            either.putArray("anyOf").add(schema).addObject().put("type", "null");
            return either;
        }
        String type = schema.get("type").asString();
        schema.putArray("type").add(type).add("null");
        if (schema.has("enum")) {
            ((ArrayNode) schema.get("enum")).addNull();
        }
        return schema;
    }
}
