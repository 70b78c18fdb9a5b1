package io.leprechaun.daemon.config;

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
    Optional<Secret> read(Fields fields, String key) {
        Optional<Fields> section = fields.secret(key);
        return section.flatMap(SecretSource::read).flatMap(source -> {
            Optional<Secret> secret = source.fetch(environment);
            if (secret.isEmpty()) {
                problems.error(section.get().place(), "the secret is not there, or empty; " + source.fix());
            }
            return secret;
        });
    }
}
