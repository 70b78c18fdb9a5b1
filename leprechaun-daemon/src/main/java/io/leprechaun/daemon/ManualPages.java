package io.leprechaun.daemon;

import io.leprechaun.api.ExitCode;
import io.leprechaun.api.text.Roff;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.stream.StreamSupport;
import picocli.CommandLine.Model.OptionSpec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The generator of the manual pages: {@code leprechaund(8)} from the daemon's flags, and {@code leprechaun.yml(5)} and
 * {@code leprechaun-recipe(5)} from the schemas that editors use. Run by the build.
 */
public final class ManualPages {
    private static final String SCHEMAS = "schema/";
    private static final String EVERY_STEP = """
        name: backup
        definition: cron
        pattern: "30 2 * * *"
        steps:
          - ! pg_dump app }>
          - gzip -c > app.gz
          - -> curl -fsS https://hc.example.org/ping
        """;

    private ManualPages() {}

    /**
     * Writes the pages.
     *
     * @param args the folder, with {@code man5} and {@code man8} in it
     * @throws IOException when one cannot be written
     */
    public static void main(String[] args) throws IOException {
        Path folder = Path.of(args[0]);
        String version = Build.version();
        Files.writeString(folder.resolve("man8/leprechaund.8"), daemon(version));
        Files.writeString(folder.resolve("man5/leprechaun.yml.5"), settings(version));
        Files.writeString(folder.resolve("man5/leprechaun-recipe.5"), recipe(version));
    }

    static String daemon(String version) {
        var page = new Roff("leprechaund", 8, version, "runs recipes when they are due")
                .section("Interface")
                .example("leprechaund [OPTIONS]")
                .text("The daemon stays in the foreground and logs to stderr. It runs the recipes of its folder on an"
                        + " interval, by cron pattern, by webhook and by hand, and keeps a history. `leprechaun`(1)"
                        + " is its client. Each daemon has its own state folder.")
                .section("Options");
        for (OptionSpec option : Flags.specification().options()) {
            String label = option.arity().max() == 0 ? "" : " " + option.paramLabel();
            page.item(option.longestName() + label, String.join(" ", option.description()));
        }
        return page.section("Exit codes")
                .item("0", "stopped, or `--check` found no problems")
                .item("1", "`--check` found a recipe that does not load")
                .item("2", "invalid usage, settings that do not load, or a failed start")
                .item("70", "the daemon did not stop cleanly")
                .item("75", ExitCode.NOT_NOW.meaning())
                .section("Signals")
                .item("TERM, INT", "stop: running runs have a minute to finish, waiting runs stay on disk")
                .item("HUP", "read the recipes again")
                .section("Files")
                .item("/etc/leprechaun/leprechaun.yml", "settings, see `leprechaun.yml`(5)")
                .item("/etc/leprechaun/recipes/*.yml", "recipes, see `leprechaun-recipe`(5)")
                .item("/var/lib/leprechaun", "history, queue and output; `leprechaun backup` copies the history")
                .item("/run/leprechaun/leprechaun.sock", "socket of the API; all users who can write to it have access")
                .text("An ordinary user has them in `~/.config/leprechaun`, `~/.local/state/leprechaun` and"
                        + " `$XDG_RUNTIME_DIR`.")
                .section("Environment")
                .item(
                        "LEPRECHAUN_CONFIG, LEPRECHAUN_STATE, LEPRECHAUN_SOCKET, LEPRECHAUN_RECIPES",
                        "as the options; an option takes precedence")
                .item("LEPRECHAUN_JAVA_OPTS", "options for the Java virtual machine")
                .item("LEPRECHAUN_TRUST_TREE", "if set, root starts a tree that others can write to")
                .section("See also")
                .text("`leprechaun`(1), `leprechaun.yml`(5), `leprechaun-recipe`(5)")
                .toString();
    }

    static String settings(String version) throws IOException {
        JsonNode schema = schema("leprechaun.schema.json");
        var page = new Roff("leprechaun.yml", 5, version, "settings of the Leprechaun daemon")
                .section("Interface")
                .text("A YAML file. Every key has a default, so an empty file is valid. An unknown key, a wrong type"
                        + " or a value out of range is an error, and the daemon does not start. `leprechaund --check`"
                        + " and `leprechaun check` report all errors at once. The daemon reads the file at its start.")
                .section("Keys");
        keys(page, schema.get("properties"), "");
        return page.section("Files")
                .item("/etc/leprechaun/leprechaun.yml", "of the system")
                .item("~/.config/leprechaun/leprechaun.yml", "of a user")
                .section("See also")
                .text("`leprechaund`(8), `leprechaun-recipe`(5)")
                .toString();
    }

    static String recipe(String version) throws IOException {
        JsonNode schema = schema("leprechaun-recipe.schema.json");
        var page = new Roff("leprechaun-recipe", 5, version, "recipe of the Leprechaun daemon")
                .section("Interface")
                .text("A recipe is a YAML file in the recipes folder, `*.yml` or `*.yaml`. The daemon loads it when"
                        + " it is saved; if it does not load, the last good version stays in force. `leprechaun check"
                        + " FILE` reports errors, `leprechaun show NAME` shows the values in force and their places.")
                .example(EVERY_STEP)
                .section("Keys");
        keys(page, schema.get("properties"), "");
        page.section("Keys of a step").text("A step is a text, or a map with these keys.");
        JsonNode step = schema.at("/definitions/step/anyOf/1/properties");
        keys(page, step, "");
        page.section("Environment").text("Steps see PATH, HOME, USER, LOGNAME, SHELL, LANG, TZ, PWD, and:");
        Map.of(
                        "LEPRECHAUN_RUN", "the run's number",
                        "LEPRECHAUN_RECIPE", "the recipe's name",
                        "LEPRECHAUN_AGENT", "the agent whose workers it uses",
                        "LEPRECHAUN_TRIGGER", "schedule, cron, hook, manual, after, catch-up or retry",
                        "LEPRECHAUN_SCHEDULED_AT", "the due time, in RFC 3339",
                        "LEPRECHAUN_ATTEMPT", "number of the attempt, from 1",
                        "LEPRECHAUN_OUTCOME", "where `when` is set: the state of the run",
                        "LEPRECHAUN_PARAM_NAME", "values from `hook.params` and `run -p`",
                        "LEPRECHAUN_HOOK_BODY", "a file with a hook's body")
                .entrySet()
                .stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(variable -> page.item(variable.getKey(), variable.getValue()));
        return page.section("See also")
                .text("`leprechaun`(1), `leprechaun.yml`(5)")
                .toString();
    }

    /** Writes keys with their meanings; nested keys have the name of their parent before theirs. */
    private static void keys(Roff page, JsonNode properties, String above) {
        properties.properties().forEach(key -> {
            String name = above + key.getKey();
            text(key.getValue(), "description")
                    .ifPresent(meaning -> page.item(name + choices(key.getValue()), meaning));
            if (key.getValue().has("properties")) {
                keys(page, key.getValue().get("properties"), name + ".");
            }
        });
    }

    /** Returns the words that are valid for a value. */
    private static String choices(JsonNode schema) {
        JsonNode words = schema.get("enum");
        return words == null
                ? ""
                : StreamSupport.stream(words.spliterator(), false)
                        .map(JsonNode::asString)
                        .reduce((one, other) -> one + "|" + other)
                        .map(all -> ": " + all)
                        .orElse("");
    }

    private static Optional<String> text(JsonNode node, String key) {
        return Optional.ofNullable(node.get(key)).map(JsonNode::asString);
    }

    private static JsonNode schema(String name) throws IOException {
        try (InputStream in = ManualPages.class.getResourceAsStream(SCHEMAS + name)) {
            return JsonMapper.shared().readTree(in);
        }
    }
}
