package io.leprechaun.daemon.settings;

import io.leprechaun.daemon.trust.Trust;
import io.leprechaun.daemon.yaml.MappingReader;
import io.leprechaun.daemon.yaml.Problems;
import io.leprechaun.daemon.yaml.Value;
import io.leprechaun.daemon.yaml.YamlParser;
import io.leprechaun.daemon.yaml.YamlText;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads {@code leprechaun.yml}. */
public final class SettingsReader {
    private static final String NOT_YET = " is not in this version yet; remove it";

    private final ZoneId host;
    private final Map<String, String> environment;

    /**
     * @param host the host's zone
     * @param environment the daemon's: secrets may stand there
     */
    public SettingsReader(ZoneId host, Map<String, String> environment) {
        this.host = host;
        this.environment = Map.copyOf(environment);
    }

    /**
     * Reads a settings file and notes everything that is wrong with it; where it is wrong, the default stands in the answer.
     * The {@code defaults:} in it are checked by {@code RecipeReader.of(settings, problems)}.
     */
    public Settings read(Path file, Trust trust, Problems problems) {
        Path folder = Optional.ofNullable(file.toAbsolutePath().getParent()).orElse(Path.of("/"));
        Settings defaults = Settings.defaults(folder, host);
        return YamlText.read(file, trust, problems)
                .flatMap(text -> YamlParser.parse(text, problems))
                .map(root -> read(file, root, defaults, problems))
                .orElse(defaults);
    }

    private Settings read(Path file, Value.Mapping written, Settings defaults, Problems problems) {
        var root = new MappingReader(written, problems);
        Path recipes = root.path("recipes").orElse(defaults.recipes());
        ZoneId zone = root.zone("timezone").orElse(defaults.zone());
        List<String> shell = root.shell("shell").orElse(defaults.shell());
        Optional<String> runAs = root.account("run_as");
        Optional<MappingReader> history = root.section("history");
        RetentionLimits total = history.flatMap(section -> section.section("total"))
                .map(RetentionLimits.OF_ALL::with)
                .orElse(defaults.total());
        var perRecipe = history.map(defaults.history()::read).orElse(defaults.history());
        Limits limits = Limits.read(root);
        var unused = root.mapping("defaults"); // the recipes' reader reads it
        var agents = new LinkedHashMap<AgentName, AgentSettings>();
        Optional<MappingReader> sections = root.section("agents");
        for (AgentName name : Settings.AGENTS) {
            AgentSettings usual = defaults.agent(name);
            var inherited = new AgentSettings(
                    true, limits.or(usual.workers()), zone, shell, runAs, usual.hooks(), Optional.empty());
            Optional<MappingReader> own = sections.flatMap(all -> all.section(name.value()));
            agents.put(name, own.map(fields -> agent(fields, name, inherited)).orElse(inherited));
        }
        sections.flatMap(all -> all.section("remote")).ifPresent(remote -> remote(remote, problems));
        sections.ifPresent(MappingReader::done);
        Optional<Path> state = root.path("state");
        Optional<Path> socket = root.path("socket");
        AccessSettings access = AccessSettings.read(root);
        UserSettings users = UserSettings.read(root);
        NotifySettings notices = root.section("notify")
                .map(section -> notices(section, problems))
                .orElse(defaults.notices());
        only(root, "console", "off", "the web console", problems);
        only(root, "store", "embedded", "a store other than `embedded`", problems);
        root.notYet("remotes", "public_url");
        root.done();
        return new Settings(
                Optional.of(file),
                recipes,
                zone,
                shell,
                runAs,
                perRecipe,
                total,
                agents,
                state,
                socket,
                access,
                users,
                notices,
                Optional.of(written));
    }

    private static AgentSettings agent(MappingReader fields, AgentName name, AgentSettings inherited) {
        boolean server = name.equals(AgentName.SERVER);
        var agent = new AgentSettings(
                fields.flag("enabled").orElse(inherited.enabled()),
                Limits.read(fields).or(inherited.workers()),
                fields.zone("timezone").orElse(inherited.zone()),
                fields.shell("shell").orElse(inherited.shell()),
                fields.account("run_as").or(inherited::runAs),
                inherited.hooks().map(hooks -> hooks.with(fields)),
                fields.mapping("defaults"));
        fields.notYet("recipes");
        if (server) {
            fields.notYet("public_url");
        }
        fields.done();
        return agent;
    }

    /** The agent for remote steps may stand in the file as long as it is off. */
    private static void remote(MappingReader remote, Problems problems) {
        if (remote.flag("enabled").orElse(true)) {
            problems.error(remote.place(), "the agent `remote`" + NOT_YET + ", or write `enabled: false`");
        }
        List.of("listen", "tls", "allow", "workers", "timezone", "shell", "defaults", "recipes", "run_as")
                .forEach(remote::has);
        remote.done();
    }

    private NotifySettings notices(MappingReader section, Problems problems) {
        var secrets = new Secrets(environment, problems);
        Optional<MailSettings> mail = section.section("mail").flatMap(new MailReader(secrets, problems)::read);
        List<WebhookSettings> webhooks = new WebhookReader(secrets, problems).read(section);
        List<String> command = section.list("command", text -> text);
        if (!command.isEmpty() && !command.getFirst().startsWith("/")) {
            section.wrong("command", "'" + command.getFirst() + "' is no whole path; write one that begins with /");
        }
        var targets = new ArrayList<String>();
        mail.ifPresent(settings -> targets.add(NotifyRules.MAIL));
        webhooks.forEach(webhook -> targets.add(webhook.name()));
        if (!command.isEmpty()) {
            targets.add(NotifyRules.COMMAND);
        }
        NotifyRules telling = NotifyRules.DEFAULTS.read(section).by(targets);
        Optional<QuietHours> quiet = section.read("quiet", QuietHours::parse);
        section.done();
        return new NotifySettings(mail, webhooks, command, telling, quiet);
    }

    /** A key that this version knows one value of. */
    private static void only(MappingReader root, String key, String allowed, String otherwise, Problems problems) {
        root.value(key)
                .filter(value ->
                        !(value instanceof Value.Scalar text && text.text().equals(allowed)))
                .ifPresent(value -> {
                    problems.error(
                            value.place(),
                            otherwise + " is not in this version yet; write `" + key + ": " + allowed + "`");
                });
    }

    /** What a {@code workers:} section says. */
    private record Limits(Optional<Integer> max, Optional<Integer> queue) {
        static Limits read(MappingReader fields) {
            Optional<MappingReader> workers = fields.section("workers");
            var limits = new Limits(
                    workers.flatMap(w -> w.integer("max", 1, WorkerSettings.MOST_AT_ONCE)),
                    workers.flatMap(w -> w.integer("queue", 0, WorkerSettings.MOST_WAITING)));
            workers.ifPresent(MappingReader::done);
            return limits;
        }

        WorkerSettings or(WorkerSettings usual) {
            return new WorkerSettings(max.orElse(usual.max()), queue.orElse(usual.queue()));
        }
    }
}
