package io.leprechaun.daemon.secret;

import io.leprechaun.daemon.yaml.MappingReader;
import io.leprechaun.daemon.yaml.Problems;
import java.util.Map;
import java.util.Optional;

/** The reader of the secrets that the settings name. It fetches them at once: a missing secret is an error. */
public final class Secrets {
    private final Map<String, String> environment;
    private final Problems problems;

    /**
     * Creates a reader.
     *
     * @param environment the daemon's own
     * @param problems gets the errors
     */
    public Secrets(Map<String, String> environment, Problems problems) {
        this.environment = environment;
        this.problems = problems;
    }

    /** Returns the secret behind a key. A missing or empty secret is noted. */
    public Optional<Secret> read(MappingReader fields, String key) {
        Optional<MappingReader> section = fields.secret(key);
        return section.flatMap(SecretSource::read).flatMap(source -> {
            Optional<Secret> secret = source.fetch(environment);
            if (secret.isEmpty()) {
                problems.error(section.get().place(), "missing or empty secret; " + source.fix());
            }
            return secret;
        });
    }
}
