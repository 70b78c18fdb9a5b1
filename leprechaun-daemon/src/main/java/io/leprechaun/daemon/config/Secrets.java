package io.leprechaun.daemon.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Fetches secrets from where the settings say they lie: {@code {file: PATH}}, {@code {env: NAME}} or {@code {credential: NAME}}. */
final class Secrets {
    private static final int LARGEST = 64 * 1024;
    private static final List<String> SOURCES = List.of("file", "env", "credential");

    private final Map<String, String> environment;
    private final Problems problems;

    Secrets(Map<String, String> environment, Problems problems) {
        this.environment = environment;
        this.problems = problems;
    }

    /** The secret behind a key; noted when there is none, or an empty one. */
    Optional<Secret> read(Fields fields, String key) {
        Optional<Value> value = fields.value(key);
        if (value.isPresent() && value.get() instanceof Value.Scalar) {
            problems.error(
                    value.get().place(),
                    "a secret is not written here; say where it lies: { file: PATH }, { env: NAME } or { credential:"
                            + " NAME }");
            return Optional.empty();
        }
        return fields.section(key).flatMap(this::read);
    }

    private Optional<Secret> read(Fields source) {
        Optional<Path> file = source.path("file");
        Optional<String> variable = source.text("env");
        Optional<String> credential = source.read("credential", Secrets::plainName);
        source.done();
        if (SOURCES.stream().filter(source::has).count() != 1) {
            problems.error(
                    source.place(),
                    "say once where the secret lies: { file: PATH }, { env: NAME } or { credential: NAME }");
            return Optional.empty();
        }
        if (variable.isPresent()) {
            return known(
                    source.place("env"),
                    environment.get(variable.get()),
                    "set " + variable.get() + " in the daemon's environment");
        }
        if (credential.isPresent()) {
            return credential(source.place("credential"), credential.get());
        }
        return file.flatMap(path ->
                known(source.place("file"), contents(path), "put it into " + path + ", readable by the daemon"));
    }

    private Optional<Secret> credential(Place place, String name) {
        String folder = environment.get("CREDENTIALS_DIRECTORY");
        String value = folder == null ? null : contents(Path.of(folder, name));
        return known(place, value, "give the unit LoadCredential=" + name + ":PATH");
    }

    private Optional<Secret> known(Place place, @Nullable String value, String fix) {
        if (value == null || value.isEmpty()) {
            problems.error(place, "the secret is not there, or empty; " + fix);
            return Optional.empty();
        }
        return Optional.of(new Secret(value));
    }

    private static String plainName(String name) {
        if (!name.matches("[A-Za-z0-9._-]+") || name.startsWith(".")) {
            throw new IllegalArgumentException(
                    "'" + name + "' is no credential's name; letters, digits, . _ and - are allowed");
        }
        return name;
    }

    /** Without the end of line that editors put at the end. */
    private static @Nullable String contents(Path file) {
        if (!Files.isRegularFile(file)) {
            return null;
        }
        try (InputStream in = Files.newInputStream(file)) {
            return new String(in.readNBytes(LARGEST), StandardCharsets.UTF_8).replaceFirst("\\R\\z", "");
        } catch (IOException e) {
            return null;
        }
    }
}
