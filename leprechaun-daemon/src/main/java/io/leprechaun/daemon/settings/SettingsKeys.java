package io.leprechaun.daemon.settings;

import io.leprechaun.daemon.keys.Key;
import io.leprechaun.daemon.keys.KeyTable;
import io.leprechaun.daemon.keys.Shape;
import io.leprechaun.daemon.keys.Type;
import io.leprechaun.daemon.keys.Types;
import io.leprechaun.daemon.secret.Secrets;
import io.leprechaun.daemon.settings.notify.NotifyKeys;
import io.leprechaun.daemon.settings.notify.NotifySettings;
import io.leprechaun.daemon.yaml.MappingReader;
import io.leprechaun.daemon.yaml.Problems;
import io.leprechaun.daemon.yaml.Value;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** All keys of the settings, and the conversion of their values into {@link Settings}. */
public final class SettingsKeys {
    /** The keys, in the order of the documentation. */
    public static final KeyTable<Settings> TABLE = new KeyTable<>();

    private static final Key<Path> RECIPES = TABLE.add(Key.of("recipes", Types.path())
            .says("The folder of the recipes; relative to this file, like all paths here.")
            .unless("`recipes` beside this file")
            .shipped("../recipes"));
    private static final Key<ZoneId> TIMEZONE = TABLE.add(Key.of("timezone", Types.zone())
            .says("The time zone of messages and tables, and of recipes that name none.")
            .unless("the host's")
            .example("Europe/Berlin"));
    private static final Key<List<String>> SHELL = TABLE.add(Key.of("shell", Types.shell())
            .says("The command that runs the text of a step; the text is added as its last argument.")
            .usually(Settings.DEFAULT_SHELL)
            .shipped());
    private static final Key<String> RUN_AS = TABLE.add(Key.of("run_as", Types.account())
            .says("The user of recipes that name no `user`, if the daemon runs as root.")
            .unless("the daemon's own")
            .example("leprechaun"));

    static {
        TABLE.add(AgentKeys.WORKERS);
    }

    private static final Key<Value.Mapping> DEFAULTS = TABLE.add(AgentKeys.defaults()
            .says("Recipe keys for every recipe that does not set them itself, see"
                    + " [recipes.md](recipes.md#other-keys).")
            .unless("none")
            .shipped("{ timeout: 24h, grace: 10s, umask: \"022\" }"));

    static {
        TABLE.add(HistoryKeys.OF_SETTINGS);
    }

    private static final Key<Path> STATE = TABLE.add(Key.of("state", Types.path())
            .says("The folder of history, queue and output; created with mode 0700, for one daemon at a time.")
            .unless("`/var/lib/leprechaun` for a system installation, else `$XDG_STATE_HOME/leprechaun`"
                    + " (`~/.local/state/leprechaun` unless set)")
            .example("/var/lib/leprechaun"));
    private static final Key<Path> SOCKET = TABLE.add(Key.of("socket", Types.path())
            .says("The socket of the API; its path has at most 107 bytes.")
            .unless("`/run/leprechaun/leprechaun.sock` for a system installation, else"
                    + " `$XDG_RUNTIME_DIR/leprechaun.sock`, else `leprechaun.sock` in the state folder")
            .example("/run/leprechaun/leprechaun.sock"));

    static {
        TABLE.add(AccessKeys.SOCKET_GROUP);
        TABLE.add(AccessKeys.ACCESS);
        TABLE.add(AccessKeys.USERS);
        TABLE.add(AgentKeys.ALL);
        TABLE.add(NotifyKeys.OF_SETTINGS);
        TABLE.add(ConsoleKeys.OF_SETTINGS);
        TABLE.add(MetricsKeys.OF_SETTINGS);
    }

    private static final Key<Value> STORE =
            TABLE.add(Key.of("store", Type.asItStands(() -> Shape.of("{\"const\": \"embedded\"}", "`embedded` only")))
                    .says("The store of the history.")
                    .unless("`embedded`")
                    .shipped("embedded"));

    private SettingsKeys() {}

    /**
     * Returns settings with the values of a file instead. Errors are noted.
     *
     * @param secrets the reader of the secrets that the file names
     */
    static Settings read(Settings usual, Value.Mapping written, Secrets secrets, Problems problems) {
        var root = new MappingReader(written, problems);
        Path recipes = RECIPES.or(root, usual.recipes());
        ZoneId zone = TIMEZONE.or(root, usual.zone());
        List<String> shell = SHELL.or(root, usual.shell());
        Optional<String> runAs = RUN_AS.read(root);
        Optional<MappingReader> history = HistoryKeys.OF_SETTINGS.read(root);
        RetentionLimits total = history.flatMap(HistoryKeys.TOTAL::read)
                .map(RetentionLimits.OF_ALL::with)
                .orElse(usual.total());
        var perRecipe = history.map(usual.history()::read).orElse(usual.history());
        AgentKeys.WorkerLimits limits = AgentKeys.WorkerLimits.read(root);
        var unused = DEFAULTS.read(root); // the recipes' reader reads it
        Map<AgentName, AgentSettings> agents = AgentKeys.read(
                root, usual.agents(), agent -> agent.with(limits.or(agent.workers()), zone, shell, runAs), problems);
        Optional<Path> state = STATE.read(root);
        Optional<Path> socket = SOCKET.read(root);
        AccessSettings access = AccessSettings.read(root);
        UserSettings users = UserSettings.read(root);
        NotifySettings notices = NotifyKeys.OF_SETTINGS
                .read(root)
                .map(section -> NotifyKeys.read(section, secrets, problems))
                .orElse(usual.notices());
        ConsoleSettings console = ConsoleKeys.OF_SETTINGS
                .read(root)
                .map(value -> ConsoleKeys.read(value, problems))
                .orElse(usual.console());
        MetricsSettings metrics =
                MetricsKeys.OF_SETTINGS.read(root).map(MetricsKeys::read).orElse(usual.metrics());
        only(root, STORE, "embedded", "a store other than `embedded`", problems);
        root.notYet("remotes", "public_url");
        root.done();
        return new Settings(
                usual.file(),
                recipes,
                zone,
                shell,
                runAs,
                perRecipe,
                total,
                agents,
                state,
                socket,
                access,
                users,
                notices,
                console,
                metrics,
                Optional.of(written));
    }

    /** Notes an error where a key has another value than the only one of this version. */
    private static void only(MappingReader root, Key<Value> key, String allowed, String otherwise, Problems problems) {
        key.read(root)
                .filter(value ->
                        !(value instanceof Value.Scalar text && text.text().equals(allowed)))
                .ifPresent(value -> {
                    problems.error(
                            value.place(),
                            otherwise + " is not in this version yet; use `" + key.name() + ": " + allowed + "`");
                });
    }
}
