package io.leprechaun.daemon.settings;

import io.leprechaun.daemon.secret.Secret;
import io.leprechaun.daemon.secret.SecretSource;
import io.leprechaun.daemon.yaml.MappingReader;
import io.leprechaun.daemon.yaml.Problems;
import java.util.Map;
import java.util.Optional;

/** Fetches the secrets that the settings name, at once: one that is missing is a mistake. */
final class Secrets {
    private final Map<String, String> environment;
    private final Problems problems;

    Secrets(Map<String, String> environment, Problems problems) {
        this.environment = environment;
        this.problems = problems;
    }

    /** The secret behind a key; noted when there is none, or an empty one. */
    Optional<Secret> read(MappingReader fields, String key) {
        Optional<MappingReader> section = fields.secret(key);
        return section.flatMap(SecretSource::read).flatMap(source -> {
            Optional<Secret> secret = source.fetch(environment);
            if (secret.isEmpty()) {
                problems.error(section.get().place(), "the secret is not there, or empty; " + source.fix());
            }
            return secret;
        });
    }
}
