package io.leprechaun.daemon.recipe.reader;

import io.leprechaun.daemon.keys.Key;
import io.leprechaun.daemon.keys.KeyTable;
import io.leprechaun.daemon.keys.Shape;
import io.leprechaun.daemon.keys.Type;
import io.leprechaun.daemon.keys.Types;
import io.leprechaun.daemon.recipe.Surroundings;
import io.leprechaun.daemon.recipe.Who;
import io.leprechaun.daemon.secret.SecretSource;
import io.leprechaun.daemon.settings.Settings;
import io.leprechaun.daemon.yaml.MappingReader;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** The keys of a recipe's {@link Surroundings}, and their reader. */
final class SurroundingsKeys {
    /** All keys of surroundings. */
    static final KeyTable<Surroundings> TABLE = new KeyTable<>();

    private static final Key<ZoneId> TIMEZONE = TABLE.add(
            Key.of("timezone", Types.zone())
                    .says("The zone of its patterns and windows, and the TZ of its steps.")
                    .unless("the agent's, else the settings'")
                    .example("Europe/Berlin"),
            Surroundings::zone);
    private static final Key<String> USER = TABLE.addIfAny(
            Key.of("user", Types.account())
                    .says("The user of its steps; requires a daemon that runs as root.")
                    .unless("`run_as` of the settings, else the daemon's own"),
            around -> around.who().user().or(around.who()::otherwise));
    private static final Key<String> GROUP = TABLE.addIfAny(
            Key.of("group", Types.account()).says("The group of its steps.").unless("the user's own"),
            around -> around.who().group());
    private static final Key<Integer> UMASK = TABLE.addText(
            Key.of(
                            "umask",
                            Type.parsed(SurroundingsKeys::umask, SurroundingsKeys::octal)
                                    .written(mask -> String.format(Locale.ROOT, "%03o", mask)))
                    .says("The umask of its steps.")
                    .usually(022),
            around -> String.format(Locale.ROOT, "%04o", around.umask()));
    private static final Key<Integer> NICE = TABLE.addText(
            Key.of("nice", Types.integer(-20, 19))
                    .says("The nice value of its steps; a value below the daemon's own requires a daemon that runs as"
                            + " root.")
                    .unless("the daemon's"),
            around -> around.nice().isPresent() ? Integer.toString(around.nice().getAsInt()) : "");
    private static final Key<List<String>> SHELL = TABLE.addText(
            Key.of("shell", Types.shell())
                    .says("The command that runs the text of a step; the text is added as its last argument.")
                    .usually(Settings.DEFAULT_SHELL),
            around -> String.join(" ", around.shell()));
    private static final Key<Path> DIR = TABLE.addIfAny(
            directoryKey("The working directory of its steps.").unless("the home of the run's user"),
            Surroundings::directory);
    private static final Key<Map<String, String>> ENV =
            TABLE.addAll(environmentKey("Variables of its steps."), Surroundings::environment);
    private static final Key<Map<String, SecretSource>> SECRETS = TABLE.addAll(
            Key.of(
                            "secrets",
                            Type.of(
                                    (fields, key) -> Optional.of(SecretSource.readAll(fields, key)),
                                    () -> Shape.of(Types.ref("secrets"), "names, and the places of the values")))
                    .says("Variables whose values come from other places and are never shown.")
                    .unless("none")
                    .example("{ DB_PASSWORD: { file: /etc/leprechaun/db } }"),
            around -> Shown.secrets(around.secrets()));

    private SurroundingsKeys() {}

    /**
     * Returns the surroundings of a recipe that sets none.
     *
     * @param runAs the user of steps where no recipe names one and the daemon runs as root
     */
    static Surroundings usual(ZoneId zone, List<String> shell, Optional<String> runAs) {
        return new Surroundings(
                shell,
                Map.of(),
                Map.of(),
                Optional.empty(),
                UMASK.usual(),
                OptionalInt.empty(),
                new Who(Optional.empty(), Optional.empty(), runAs),
                zone);
    }

    /** Reads surroundings: the keys override the defaults. Errors in them are noted. */
    static Surroundings read(MappingReader fields, Surroundings usual) {
        var environment = new HashMap<>(usual.environment());
        environment.putAll(ENV.or(fields, Map.of()));
        var secrets = new HashMap<>(usual.secrets());
        secrets.putAll(SECRETS.or(fields, Map.of()));
        return new Surroundings(
                SHELL.or(fields, usual.shell()),
                environment,
                secrets,
                DIR.read(fields).or(usual::directory),
                UMASK.or(fields, usual.umask()),
                NICE.read(fields).map(OptionalInt::of).orElse(usual.nice()),
                new Who(
                        USER.read(fields).or(usual.who()::user),
                        GROUP.read(fields).or(usual.who()::group),
                        usual.who().otherwise()),
                TIMEZONE.or(fields, usual.zone()));
    }

    /** Returns the key of a folder by its absolute path. */
    static Key<Path> directoryKey(String description) {
        Type<Path> type = Type.parsed(SurroundingsKeys::directory, () -> Types.matching("^/", "an absolute path"));
        return Key.of("dir", type).says(description).example("/srv/backup");
    }

    /** Returns the key of variables and their values. */
    static Key<Map<String, String>> environmentKey(String description) {
        Type<Map<String, String>> type = Type.of(
                (fields, key) -> Optional.of(fields.environment(key)),
                () -> Shape.of(Types.ref("variables"), "names and values"));
        return Key.of("env", type).says(description).unless("none").example("{ TARGET: backup.example.org }");
    }

    private static Path directory(String text) {
        Path path = Path.of(text);
        if (!path.isAbsolute()) {
            throw new IllegalArgumentException("invalid path '" + text + "': use an absolute path");
        }
        return path.normalize();
    }

    private static Shape octal() {
        return Shape.of(
                "{\"anyOf\": [{\"type\": \"string\", \"pattern\": \"^0?[0-7]{3}$\"}, {\"type\": \"integer\","
                        + " \"minimum\": 0, \"maximum\": 777}]}",
                "three octal digits");
    }

    private static int umask(String text) {
        if (!text.matches("0?[0-7]{3}")) {
            throw new IllegalArgumentException("invalid umask '" + text + "': use three octal digits, such as 022");
        }
        return Integer.parseInt(text, 8);
    }
}
