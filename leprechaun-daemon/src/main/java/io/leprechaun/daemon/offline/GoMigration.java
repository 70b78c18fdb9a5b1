package io.leprechaun.daemon.offline;

import io.leprechaun.daemon.recipe.Recipe;
import io.leprechaun.daemon.recipe.Step;
import io.leprechaun.daemon.recipe.Trigger;
import io.leprechaun.daemon.trust.Trust;
import io.leprechaun.daemon.yaml.Place;
import io.leprechaun.daemon.yaml.Problems;
import io.leprechaun.daemon.yaml.YamlErrors;
import io.leprechaun.daemon.yaml.YamlText;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The translation of a {@code config.ini} of the Leprechaun that was written in Go. It yields settings with the same
 * meaning, and a warning for each difference.
 */
final class GoMigration {
    private static final int FIELDS_WITHOUT_SECONDS = 5;

    private final Path file;
    private final Problems problems;
    /** The values by name; a section's name and a dot precede its own values. */
    private final Map<String, IniValue> values = new LinkedHashMap<>();

    private final Map<String, String> variables = new TreeMap<>();

    private record IniValue(String text, int line) {}

    private GoMigration(Path file, Problems problems) {
        this.file = file;
        this.problems = problems;
    }

    /** Reads a file. Differences are added as warnings. */
    static GoMigration read(Path file, Problems problems) {
        var original = new GoMigration(file, problems);
        YamlText.read(file, Trust.lenient(), problems)
                .ifPresent(text -> original.parse(text.text().lines().toList()));
        original.values.forEach(original::judge);
        return original;
    }

    private void parse(List<String> lines) {
        String section = "";
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            int equals = line.indexOf('=');
            if (line.startsWith("[") && line.endsWith("]")) {
                section = line.substring(1, line.length() - 1).strip();
            } else if (!line.isEmpty() && !line.startsWith("#") && !line.startsWith(";") && equals > 0) {
                String key = line.substring(0, equals).strip();
                String text = bare(line.substring(equals + 1).strip());
                if (section.equals("variables")) {
                    variables.put(key, text);
                } else {
                    values.put(section.isEmpty() ? key : section + "." + key, new IniValue(text, i + 1));
                }
            }
        }
    }

    private static String bare(String text) {
        boolean quoted = text.length() >= 2 && text.startsWith("\"") && text.endsWith("\"");
        return quoted ? text.substring(1, text.length() - 1) : text.replaceFirst("\\s[#;].*$", "");
    }

    private void judge(String key, IniValue value) {
        String name = key.substring(key.lastIndexOf('.') + 1);
        boolean own = key.contains(".");
        String change = switch (name) {
            case "error_log", "info_log" -> "the log goes to stderr, where systemd's journal keeps it";
            case "lock_file", "command_socket" -> "no longer used: the state folder has its own lock";
            case "worker_output_dir" -> "the output of steps is in the state folder: use `leprechaun logs RECIPE`";
            case "retry_recipe_after" -> "no longer used: a waiting run starts when a worker becomes free";
            case "error_reporting" -> "no longer used: no errors are sent to a third party";
            case "port" ->
                "hooks are accepted on 127.0.0.1 only, unless `listen` is set; the original listened on every address";
            case "domain" ->
                value.text().isEmpty()
                        ? ""
                        : "certificates are not fetched: use files, tls: { certificate: FILE, key: FILE }";
            case "smtp_password" ->
                value.text().isEmpty()
                        ? ""
                        : "passwords are not allowed in the settings: store the password in a separate file";
            case "recipes_path" -> own ? "all agents share one folder of recipes: move the recipes there" : "";
            case "max_allowed_workers",
                    "max_allowed_queue_workers",
                    "smtp_host",
                    "smtp_username",
                    "notifications_email" -> "";
            default -> key.startsWith("remote.") ? "remote steps are not in this version yet" : "unknown key";
        };
        if (!change.isEmpty()) {
            problems.warn(new Place(file, value.line(), 1, key), change);
        }
    }

    /**
     * Returns the folder of its recipes. A relative one was relative to the working folder of the old daemon: the
     * current folder is tried, then the file's.
     */
    Optional<Path> recipes() {
        return text("recipes_path").map(Path::of).flatMap(path -> {
            var here = path.toAbsolutePath().normalize();
            var beside = file.toAbsolutePath().resolveSibling(path).normalize();
            return List.of(here, beside).stream().filter(Files::isDirectory).findFirst();
        });
    }

    private Optional<String> text(String key) {
        return Optional.ofNullable(values.get(key)).map(IniValue::text).filter(text -> !text.isEmpty());
    }

    /** Returns settings with the same meaning, as YAML. */
    String settings() {
        var lines = new ArrayList<String>();
        text("recipes_path")
                .ifPresent(path -> lines.add("recipes: "
                        + YamlErrors.quoted(recipes().map(Path::toString).orElse(path))));
        lines.add("workers: " + workers("").orElse("{ max: 5, queue: 5 }"));
        if (!variables.isEmpty()) {
            lines.add("defaults:");
            lines.add("  env:");
            variables.forEach((name, value) -> lines.add("    " + name + ": " + YamlErrors.quoted(value)));
        }
        var agents = new ArrayList<String>();
        for (String agent : List.of("scheduler", "cron", "server")) {
            var parts = new ArrayList<String>();
            (agent.equals("scheduler") ? workers("client.").or(() -> workers("scheduler.")) : workers(agent + "."))
                    .ifPresent(workers -> parts.add("workers: " + workers));
            if (agent.equals("server")) {
                text("server.port").ifPresent(port -> parts.add("listen: \"127.0.0.1:" + port + "\""));
            }
            if (!parts.isEmpty()) {
                agents.add("  " + agent + ": { " + String.join(", ", parts) + " }");
            }
        }
        if (!agents.isEmpty()) {
            lines.add("agents:");
            lines.addAll(agents);
        }
        lines.addAll(mail());
        return String.join("\n", lines) + "\n";
    }

    private Optional<String> workers(String prefix) {
        var parts = new ArrayList<String>();
        text(prefix + "max_allowed_workers").ifPresent(max -> parts.add("max: " + max));
        text(prefix + "max_allowed_queue_workers").ifPresent(queue -> parts.add("queue: " + queue));
        return parts.isEmpty() ? Optional.empty() : Optional.of("{ " + String.join(", ", parts) + " }");
    }

    private List<String> mail() {
        Optional<String> host = text("smtp_host");
        Optional<String> to = text("notifications_email");
        if (host.isEmpty() || to.isEmpty()) {
            return List.of();
        }
        Optional<String> user = text("smtp_username");
        var mail = new ArrayList<>(List.of(
                "notify:",
                "  mail:",
                "    smtp: smtp://"
                        + user.map(name -> name.replace("@", "%40") + "@").orElse("") + host.get()));
        user.ifPresent(name -> mail.add("    password: { file: /etc/leprechaun/smtp-password }"));
        mail.add("    from: " + user.filter(name -> name.contains("@")).orElse(to.get()));
        mail.add("    to: [" + to.get() + "]");
        return mail;
    }

    /** Warns of differences in a recipe that loads. */
    static void changes(Path file, Recipe recipe, Problems problems) {
        recipe.trigger(Trigger.Cron.class)
                .filter(cron -> cron.text().strip().split("\\s+", -1).length == FIELDS_WITHOUT_SECONDS)
                .ifPresent(cron -> problems.warn(
                        Place.of(file),
                        "pattern: five fields begin with the minute, as in a crontab; in the original the first field"
                                + " was the second, and `* * * * *` ran every second"));
        recipe.trigger(Trigger.Interval.class)
                .ifPresent(interval -> problems.warn(
                        Place.of(file), "schedule: the recipe runs after every interval; in the original it ran once"));
        boolean changed = recipe.steps().stream()
                .map(Step::action)
                .anyMatch(action -> action.text().matches("(?s).*[0-9'\">$|&;*].*"));
        if (changed) {
            problems.warn(
                    Place.of(file),
                    "steps: /bin/sh runs them unchanged; without a shell, the original dropped digits and quotes of"
                            + " arguments and ignored `>`, `|`, `$`: check each step");
        }
    }
}
