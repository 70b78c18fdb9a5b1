package io.leprechaun.daemon.settings;

import io.leprechaun.daemon.settings.notify.NotifySettings;
import io.leprechaun.daemon.yaml.Value;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The settings of the daemon from {@code leprechaun.yml}. Immutable; {@link SettingsReader} creates them.
 *
 * @param file the file that the settings were read from; empty: there is none, all is default
 * @param recipes the folder of the recipes
 * @param zone the zone of times for people, and of the recipes that name none
 * @param shell the words before a step's text, {@code /bin/sh -c} by default; never empty
 * @param runAs the user of recipes that name none, where the daemon is root's; empty: the daemon's own
 * @param history the limits on the output and the runs of a recipe that are kept
 * @param total the limits on the runs of all recipes together that are kept
 * @param agents the settings of the agents by name, in their order: always all, disabled or not
 * @param state the state folder, where the file names one
 * @param socket the API's socket, where the file names one
 * @param access the users and groups that may use the daemon
 * @param users the recipes that ordinary users may have
 * @param notices the targets of notices, and the rules for sending them
 * @param console the API over TCP
 * @param metrics the metrics for Prometheus
 * @param written the file as it stands; empty: there is none
 */
public record Settings(
        Optional<Path> file,
        Path recipes,
        ZoneId zone,
        List<String> shell,
        Optional<String> runAs,
        HistorySettings history,
        RetentionLimits total,
        Map<AgentName, AgentSettings> agents,
        Optional<Path> state,
        Optional<Path> socket,
        AccessSettings access,
        UserSettings users,
        NotifySettings notices,
        ConsoleSettings console,
        MetricsSettings metrics,
        Optional<Value.Mapping> written) {
    /** The agents of this version. */
    public static final List<AgentName> AGENTS = List.of(AgentName.SCHEDULER, AgentName.CRON, AgentName.SERVER);
    /** The default command that runs a step's text. */
    public static final List<String> DEFAULT_SHELL = List.of("/bin/sh", "-c");

    public Settings {
        shell = List.copyOf(shell);
        agents = Collections.unmodifiableMap(new LinkedHashMap<>(agents));
    }

    /**
     * Returns the settings that hold without any settings file.
     *
     * @param folder the folder of the settings file, if there were one: the recipes are in {@code recipes} beside it
     * @param host the host's zone
     */
    public static Settings defaults(Path folder, ZoneId host) {
        return defaults(folder, host, AGENTS);
    }

    /** Returns the same with other agents than this version has. */
    public static Settings defaults(Path folder, ZoneId host, List<AgentName> names) {
        var agents = new LinkedHashMap<AgentName, AgentSettings>();
        for (AgentName name : names) {
            agents.put(name, AgentSettings.usual(name, host));
        }
        return new Settings(
                Optional.empty(),
                folder.resolve("recipes"),
                host,
                DEFAULT_SHELL,
                Optional.empty(),
                HistorySettings.DEFAULTS,
                RetentionLimits.OF_ALL,
                agents,
                Optional.empty(),
                Optional.empty(),
                AccessSettings.DEFAULTS,
                UserSettings.DEFAULTS,
                NotifySettings.DEFAULTS,
                ConsoleSettings.DEFAULTS,
                MetricsSettings.DEFAULTS,
                Optional.empty());
    }

    /** Returns the same with another folder of recipes. */
    public Settings withRecipes(Path folder) {
        return new Settings(
                file, folder, zone, shell, runAs, history, total, agents, state, socket, access, users, notices,
                console, metrics, written);
    }

    /** Returns the same, read from a file. */
    Settings of(Path read) {
        return new Settings(
                Optional.of(read),
                recipes,
                zone,
                shell,
                runAs,
                history,
                total,
                agents,
                state,
                socket,
                access,
                users,
                notices,
                console,
                metrics,
                written);
    }

    /** Returns {@code defaults:} as it stands; read by the recipes' reader. */
    public Optional<Value.Mapping> defaults() {
        return written.flatMap(file -> file.section("defaults"));
    }

    /** Returns the settings of an agent. */
    public AgentSettings agent(AgentName name) {
        AgentSettings agent = agents.get(name);
        if (agent == null) {
            throw new IllegalArgumentException("unknown agent " + name);
        }
        return agent;
    }
}
