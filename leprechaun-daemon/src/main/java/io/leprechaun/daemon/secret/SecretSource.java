package io.leprechaun.daemon.secret;

import io.leprechaun.daemon.posix.User;
import io.leprechaun.daemon.trust.Trust;
import io.leprechaun.daemon.yaml.MappingReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The source of a secret. The secret is read when it is needed, because it may change. */
public sealed interface SecretSource {
    /** The form that a file must have: any other content would have to be altered before a step could receive it. */
    String AS_TEXT = "as UTF-8 text of at most " + Secret.LONGEST / 1024 + " KiB without NUL";

    /** Returns the secret; empty when it is missing, empty, not text, too long, or in a file that others can change. */
    Optional<Secret> fetch(Map<String, String> daemon);

    /** Returns the remedy for a missing secret. */
    String fix();

    /** Returns the place of the secret, for messages: {@code file /etc/leprechaun/smtp}. */
    default String where() {
        return switch (this) {
            case File(Path path) -> "file " + path;
            case OwnFile own -> "file " + own.path();
            case Variable(String name) -> "env " + name;
            case Credential(String name) -> "credential " + name;
            case Inline _ -> "***";
        };
    }

    /** The content of a file, without the line end that editors put at its end. */
    record File(Path path) implements SecretSource {
        @Override
        public Optional<Secret> fetch(Map<String, String> daemon) {
            return contents(path, Trust.strict());
        }

        @Override
        public String fix() {
            return Trust.strict().distrust(path).orElse("store it in " + path + ", readable by the daemon, " + AS_TEXT);
        }
    }

    /**
     * The content of a file in an ordinary user's recipe, which reads only that user's files.
     *
     * @param uid the user's number
     */
    record OwnFile(Path path, int uid) implements SecretSource {
        @Override
        public Optional<Secret> fetch(Map<String, String> daemon) {
            return User.numbered(uid).flatMap(user -> contents(path, Trust.ofOwner(user)));
        }

        @Override
        public String fix() {
            return "store it in " + path + ", a file of the recipe's owner that only the owner can change, "
                    + AS_TEXT; // no more: the owner may not be allowed to know the content of the folder
        }
    }

    /** A variable of the daemon's environment. */
    record Variable(String name) implements SecretSource {
        @Override
        public Optional<Secret> fetch(Map<String, String> daemon) {
            return Optional.ofNullable(daemon.get(name))
                    .filter(value -> !value.isEmpty())
                    .map(Secret::new);
        }

        @Override
        public String fix() {
            return "set " + name + " in the daemon's environment";
        }
    }

    /** A credential from systemd. */
    record Credential(String name) implements SecretSource {
        @Override
        public Optional<Secret> fetch(Map<String, String> daemon) {
            return Optional.ofNullable(daemon.get("CREDENTIALS_DIRECTORY"))
                    .flatMap(folder -> contents(Path.of(folder, name), Trust.strict()));
        }

        @Override
        public String fix() {
            return "set LoadCredential=" + name + ":PATH in the unit, with the file " + AS_TEXT;
        }
    }

    /** The secret itself, for trials. */
    record Inline(Secret secret) implements SecretSource {
        @Override
        public Optional<Secret> fetch(Map<String, String> daemon) {
            return Optional.of(secret);
        }

        @Override
        public String fix() {
            return "store it in a file, and use { file: PATH }";
        }
    }

    /** Returns the source that a section names, which may be the section itself. Errors in it are noted. */
    static Optional<SecretSource> readAny(MappingReader section) {
        if (!section.has("value")) {
            return read(section);
        }
        Optional<SecretSource> inline = section.read("value", text -> new Inline(new Secret(text)));
        section.suspect("value", "readers of this file can read the secret; move it to another file: { file: PATH }");
        section.done();
        return inline;
    }

    /** Returns the source that a section names. Errors in it are noted. */
    static Optional<SecretSource> read(MappingReader section) {
        Optional<SecretSource> file = section.path("file").map(File::new);
        Optional<SecretSource> variable = section.text("env").map(Variable::new);
        Optional<SecretSource> credential =
                section.read("credential", SecretSource::plainName).map(Credential::new);
        section.done();
        if (List.of("file", "env", "credential").stream().filter(section::has).count() != 1) {
            section.wrong(
                    "missing or ambiguous secret; use one of { file: PATH }, { env: NAME } or { credential: NAME }");
            return Optional.empty();
        }
        return file.or(() -> variable).or(() -> credential);
    }

    /**
     * Returns the names of variables, and the sources of the secrets that are their values, from the section of a key.
     */
    static Map<String, SecretSource> readAll(MappingReader fields, String key) {
        Optional<MappingReader> all = fields.section(key);
        return fields.variables(
                key,
                entry -> all.flatMap(section -> section.secret(entry.name())).flatMap(SecretSource::read));
    }

    private static String plainName(String name) {
        if (!name.matches("[A-Za-z0-9._-]+") || name.startsWith(".")) {
            throw new IllegalArgumentException(
                    "invalid credential name '" + name + "': use letters, digits, . _ and -");
        }
        return name;
    }

    private static Optional<Secret> contents(Path file, Trust trust) {
        try {
            byte[] bytes = trust.read(file, Secret.LONGEST + 1).bytes();
            if (bytes.length > Secret.LONGEST) {
                return Optional.empty(); // a part of it would be another secret
            }
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString()
                    .replaceFirst("\\A\uFEFF", "")
                    .replaceFirst("\r?\n\\z", "");
            return Optional.of(text)
                    .filter(value -> !value.isEmpty() && value.indexOf('\0') < 0)
                    .map(Secret::new);
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
