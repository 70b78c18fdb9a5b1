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

/** Where a secret lies. What lies there is asked for when it is needed: it may change. */
public sealed interface SecretSource {
    /** The form that a file has to have: anything else would have to be altered to be given to a step. */
    String AS_TEXT = "as UTF-8 text of at most " + Secret.LONGEST / 1024 + " KiB without NUL";

    /** The secret; empty when there is none, an empty one, one that is no text, or one that others can change. */
    Optional<Secret> fetch(Map<String, String> daemon);

    /** What to do when it is not there. */
    String fix();

    /** Where it lies, for people: {@code file /etc/leprechaun/smtp}. */
    default String where() {
        return switch (this) {
            case File(Path path) -> "file " + path;
            case OwnFile own -> "file " + own.path();
            case Variable(String name) -> "env " + name;
            case Credential(String name) -> "credential " + name;
            case Inline _ -> "***";
        };
    }

    /** A file, without the end of line that editors put at its end. */
    record File(Path path) implements SecretSource {
        @Override
        public Optional<Secret> fetch(Map<String, String> daemon) {
            return contents(path, Trust.strict());
        }

        @Override
        public String fix() {
            return Trust.strict().distrust(path).orElse("put it into " + path + ", readable by the daemon, " + AS_TEXT);
        }
    }

    /**
     * The same of an ordinary user's recipe, which reads only that user's files.
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
            return "put it into " + path
                    + ", a file that belongs to the recipe's owner and that nobody else can change, "
                    + AS_TEXT; // no more: the owner may not be allowed to know what is there
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

    /** A credential that systemd hands over. */
    record Credential(String name) implements SecretSource {
        @Override
        public Optional<Secret> fetch(Map<String, String> daemon) {
            return Optional.ofNullable(daemon.get("CREDENTIALS_DIRECTORY"))
                    .flatMap(folder -> contents(Path.of(folder, name), Trust.strict()));
        }

        @Override
        public String fix() {
            return "give the unit LoadCredential=" + name + ":PATH, the file " + AS_TEXT;
        }
    }

    /** The secret itself, for trying things out. */
    record Inline(Secret secret) implements SecretSource {
        @Override
        public Optional<Secret> fetch(Map<String, String> daemon) {
            return Optional.of(secret);
        }

        @Override
        public String fix() {
            return "write it into a file, and { file: PATH }";
        }
    }

    /** The source that a section names, which may be the section itself; what is wrong with it is noted. */
    static Optional<SecretSource> readAny(MappingReader section) {
        if (!section.has("value")) {
            return read(section);
        }
        Optional<SecretSource> inline = section.read("value", text -> new Inline(new Secret(text)));
        section.suspect(
                "value", "who can read this file knows the secret; put it into a file of its own: { file: PATH }");
        section.done();
        return inline;
    }

    /** The source that a section names; what is wrong with it is noted. */
    static Optional<SecretSource> read(MappingReader section) {
        Optional<SecretSource> file = section.path("file").map(File::new);
        Optional<SecretSource> variable = section.text("env").map(Variable::new);
        Optional<SecretSource> credential =
                section.read("credential", SecretSource::plainName).map(Credential::new);
        section.done();
        if (List.of("file", "env", "credential").stream().filter(section::has).count() != 1) {
            section.wrong("say once where the secret lies: { file: PATH }, { env: NAME } or { credential: NAME }");
            return Optional.empty();
        }
        return file.or(() -> variable).or(() -> credential);
    }

    /** Names of variables and where the secrets lie that are their values, which a section of a key names. */
    static Map<String, SecretSource> readAll(MappingReader fields, String key) {
        Optional<MappingReader> all = fields.section(key);
        return fields.variables(
                key,
                entry -> all.flatMap(section -> section.secret(entry.name())).flatMap(SecretSource::read));
    }

    private static String plainName(String name) {
        if (!name.matches("[A-Za-z0-9._-]+") || name.startsWith(".")) {
            throw new IllegalArgumentException(
                    "'" + name + "' is no credential's name; letters, digits, . _ and - are allowed");
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
