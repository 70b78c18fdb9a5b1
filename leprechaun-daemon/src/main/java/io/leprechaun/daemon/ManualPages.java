package io.leprechaun.daemon;

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
                        + " interval, by cron pattern, by webhook and by hand, keeps a history, and is asked by"
                        + " `leprechaun`(1). There is one a state folder.")
                .section("Options");
        for (OptionSpec option : Flags.specification().options()) {
            String label = option.arity().max() == 0 ? "" : " " + option.paramLabel();
            page.item(option.longestName() + label, String.join(" ", option.description()));
        }
        return page.section("Exit codes")
                .item("0", "it was stopped, or `--check` found nothing wrong")
                .item("1", "`--check` found a recipe that does not load")
                .item("2", "wrong usage, settings that do not load, or a start that is not possible")
                .item("70", "it could not stop cleanly")
                .section("Signals")
                .item("TERM, INT", "stop it: what runs may finish for a minute, what waits stays on disk")
                .item("HUP", "reads the recipes now")
                .section("Files")
                .item("/etc/leprechaun/leprechaun.yml", "settings, see `leprechaun.yml`(5)")
                .item("/etc/leprechaun/recipes/*.yml", "recipes, see `leprechaun-recipe`(5)")
                .item("/var/lib/leprechaun", "history, queue and output; `leprechaun backup` copies the history")
                .item("/run/leprechaun/leprechaun.sock", "where it is asked; whoever may write to it may use it")
                .text("An ordinary user has them in `~/.config/leprechaun`, `~/.local/state/leprechaun` and"
                        + " `$XDG_RUNTIME_DIR`.")
                .section("Environment")
                .item(
                        "LEPRECHAUN_CONFIG, LEPRECHAUN_STATE, LEPRECHAUN_SOCKET, LEPRECHAUN_RECIPES",
                        "as the options; an option goes before them")
                .item("LEPRECHAUN_JAVA_OPTS", "options for the Java machine")
                .item("LEPRECHAUN_TRUST_TREE", "set: root starts a tree that others may write")
                .section("See also")
                .text("`leprechaun`(1), `leprechaun.yml`(5), `leprechaun-recipe`(5)")
                .toString();
    }

    static String settings(String version) throws IOException {
        JsonNode schema = schema("leprechaun.schema.json");
        var page = new Roff("leprechaun.yml", 5, version, "settings of the Leprechaun daemon")
                .section("Interface")
                .text("A YAML file. Every key has a default, so an empty file is right; a key that is not known, a"
                        + " wrong type or a value out of range is an error, and the daemon does not start."
                        + " `leprechaund --check` and `leprechaun check` tell all of them at once. It is read at"
                        + " the start.")
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
        var page = new Roff("leprechaun-recipe", 5, version, "what to run and when")
                .section("Interface")
                .text("A recipe is a YAML file in the recipes folder, `*.yml` or `*.yaml`. The daemon takes it when"
                        + " it is saved; one that does not load leaves the last good version in force. `leprechaun"
                        + " check FILE` tells what is wrong, `leprechaun show NAME` what holds and where it is"
                        + " written.")
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
                        "LEPRECHAUN_SCHEDULED_AT", "when it was due, in RFC 3339",
                        "LEPRECHAUN_ATTEMPT", "which attempt of the run it is, from 1",
                        "LEPRECHAUN_OUTCOME", "where `when` is set: how the run goes",
                        "LEPRECHAUN_PARAM_NAME", "what `hook.params` and `run -p` set",
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
