package io.leprechaun.daemon.settings;

import io.leprechaun.daemon.yaml.Value;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the daemon is told by {@code leprechaun.yml}. Immutable; {@link SettingsReader} makes it.
 *
 * @param file the file it was read from; empty: there is none, all is default
 * @param recipes the folder of the recipes
 * @param zone what people read times in, and of the recipes that name none
 * @param shell the words before a step's text, {@code /bin/sh -c} by default; never empty
 * @param runAs the user of recipes that name none, where the daemon is root's; empty: the daemon's own
 * @param history how much is kept of a recipe's runs
 * @param total how much is kept of all runs together
 * @param agents by name, in their order: always all, disabled or not
 * @param state the state folder, where the file names one
 * @param socket the API's socket, where the file names one
 * @param access who may use the daemon
 * @param users the recipes that ordinary users may have
 * @param notices who is told about what
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
        Optional<Value.Mapping> written) {
    /** The agents of this version. */
    public static final List<AgentName> AGENTS = List.of(AgentName.SCHEDULER, AgentName.CRON, AgentName.SERVER);
    /** How a step's text is run unless something else is asked for. */
    public static final List<String> DEFAULT_SHELL = List.of("/bin/sh", "-c");

    public Settings {
        shell = List.copyOf(shell);
        agents = Collections.unmodifiableMap(new LinkedHashMap<>(agents));
    }

    /**
     * What holds without any settings file.
     *
     * @param folder where a settings file would stand: the recipes are in {@code recipes} beside it
     * @param host the host's zone
     */
    public static Settings defaults(Path folder, ZoneId host) {
        return defaults(folder, host, AGENTS);
    }

    /** The same with other agents than this version has. */
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
                Optional.empty());
    }

    /** The same with another folder of recipes. */
    public Settings withRecipes(Path folder) {
        return new Settings(
                file, folder, zone, shell, runAs, history, total, agents, state, socket, access, users, notices,
                written);
    }

    /** The same, read from a file. */
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
                written);
    }

    /** {@code defaults:} as it stands; read by the recipes' reader. */
    public Optional<Value.Mapping> defaults() {
        return written.flatMap(file -> file.section("defaults"));
    }

    /** The settings of an agent. */
    public AgentSettings agent(AgentName name) {
        AgentSettings agent = agents.get(name);
        if (agent == null) {
            throw new IllegalArgumentException("there is no agent " + name);
        }
        return agent;
    }
}
