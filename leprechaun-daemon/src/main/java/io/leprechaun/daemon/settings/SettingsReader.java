package io.leprechaun.daemon.settings;

import io.leprechaun.daemon.secret.Secrets;
import io.leprechaun.daemon.trust.Trust;
import io.leprechaun.daemon.yaml.Problems;
import io.leprechaun.daemon.yaml.YamlParser;
import io.leprechaun.daemon.yaml.YamlText;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The reader of {@code leprechaun.yml}. */
public final class SettingsReader {
    private final ZoneId host;
    private final Map<String, String> environment;
    private final List<AgentName> agents;

    /**
     * Creates a reader of the settings of this version's agents.
     *
     * @param host the host's zone
     * @param environment the daemon's environment, which may hold secrets
     */
    public SettingsReader(ZoneId host, Map<String, String> environment) {
        this(host, environment, Settings.AGENTS);
    }

    /** @param agents the agents that a settings file may name */
    public SettingsReader(ZoneId host, Map<String, String> environment, List<AgentName> agents) {
        this.host = host;
        this.environment = Map.copyOf(environment);
        this.agents = List.copyOf(agents);
    }

    /**
     * Reads a settings file and notes every error in it. In the result, the default stands in place of everything
     * invalid. The {@code defaults:} in it are checked by {@code RecipeReader.of(settings, problems)}.
     */
    public Settings read(Path file, Trust trust, Problems problems) {
        Path folder = Optional.ofNullable(file.toAbsolutePath().getParent()).orElse(Path.of("/"));
        Settings defaults = Settings.defaults(folder, host, agents);
        return YamlText.read(file, trust, problems)
                .flatMap(text -> YamlParser.parse(text, problems))
                .map(root -> SettingsKeys.read(defaults.of(file), root, new Secrets(environment, problems), problems))
                .orElse(defaults);
    }
}
