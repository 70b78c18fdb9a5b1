package io.leprechaun.daemon.settings;

import io.leprechaun.daemon.yaml.Value;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;

/**
 * One agent's settings: its own where it has them, else those of all agents.
 *
 * @param enabled false: the daemon leaves the agent out
 * @param zone the zone of the recipes that name none
 * @param shell the words before a step's text; never empty
 * @param runAs the user of its recipes that name none, where the daemon is root's; empty: the daemon's own
 * @param hooks the reception of hooks by the {@code server}; empty for every other agent
 * @param defaults the agent's own {@code defaults:}, which take precedence over those of all agents; read by the
 *     recipes' reader
 */
public record AgentSettings(
        boolean enabled,
        WorkerSettings workers,
        ZoneId zone,
        List<String> shell,
        Optional<String> runAs,
        Optional<HookSettings> hooks,
        Optional<Value.Mapping> defaults) {
    public AgentSettings {
        shell = List.copyOf(shell);
    }

    /**
     * Returns the default settings of an agent.
     *
     * @param host the host's zone
     */
    static AgentSettings usual(AgentName name, ZoneId host) {
        boolean server = name.equals(AgentName.SERVER);
        return new AgentSettings(
                true,
                server ? WorkerSettings.SERVER : WorkerSettings.DEFAULTS,
                host,
                Settings.DEFAULT_SHELL,
                Optional.empty(),
                server ? Optional.of(HookSettings.DEFAULTS) : Optional.empty(),
                Optional.empty());
    }

    /** Returns the same with the values of the settings for all agents. */
    AgentSettings with(WorkerSettings ofAll, ZoneId zoneOfAll, List<String> shellOfAll, Optional<String> runAsOfAll) {
        return new AgentSettings(enabled, ofAll, zoneOfAll, shellOfAll, runAsOfAll, hooks, defaults);
    }
}
