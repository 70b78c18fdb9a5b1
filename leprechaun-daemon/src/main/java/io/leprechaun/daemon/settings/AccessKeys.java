package io.leprechaun.daemon.settings;

import io.leprechaun.daemon.keys.Key;
import io.leprechaun.daemon.keys.KeyTable;
import io.leprechaun.daemon.keys.Shape;
import io.leprechaun.daemon.keys.Type;
import io.leprechaun.daemon.keys.Types;
import io.leprechaun.daemon.yaml.MappingReader;
import java.time.Duration;
import java.util.List;

/** The keys of {@code access:} and {@code users:}. */
final class AccessKeys {
    private static final int MOST = 10_000;

    private static final KeyTable<AccessSettings> ROLES = new KeyTable<>();
    static final Key<List<AccessSettings.Member>> ADMINISTER = ROLES.add(members("administer", "[root, \"@adm\"]")
            .says("Users and groups that may do everything, as root and the daemon's own user may.")
            .unless("none"));
    static final Key<List<AccessSettings.Member>> OPERATE = ROLES.add(members("operate", "[\"@users\"]")
            .says("The members of the socket's group that may make changes.")
            .unless("all members"));
    static final Key<List<AccessSettings.Member>> READ = ROLES.add(members("read", "[\"@staff\"]")
            .says("Users and groups that may read without being in the socket's group, through `read.sock` beside"
                    + " the socket.")
            .unless("none"));

    private static final KeyTable<UserSettings> LIMITS = new KeyTable<>();
    static final Key<Duration> TIMEOUT =
            LIMITS.add(Key.of("timeout", Types.duration(Duration.ofSeconds(1), Duration.ofDays(3650)))
                    .says("The longest `timeout` of a recipe; a longer default is reduced to it.")
                    .usually(Duration.ofHours(24)));
    static final Key<Long> OUTPUT = LIMITS.add(Key.of("output", Types.size(64 << 10, Long.MAX_VALUE))
            .says("The limit on the stored output of a run.")
            .usually(HistoryKeys.OUTPUT.usual()));
    static final Key<Integer> PRIORITY = LIMITS.add(Key.of("priority", Types.integer(-1000, 1000))
            .says("The highest priority of a recipe.")
            .usually(0));

    private static final KeyTable<UserSettings> RECIPES = new KeyTable<>();
    static final Key<List<AccessSettings.Member>> ALLOW = RECIPES.add(members("allow", "[\"@users\"]")
            .says("Users and groups that may have recipes of their own.")
            .unless("none"));
    static final Key<Integer> RUNS = RECIPES.add(Key.of("runs", Types.integer(1, MOST))
            .says("The largest number of active runs of one user.")
            .usually(4));
    static final Key<Integer> RECIPES_OF_ONE = RECIPES.add(Key.of("recipes", Types.integer(1, MOST))
            .says("The number of recipes that one user may have.")
            .usually(100));
    static final Key<MappingReader> LIMITS_OF_RECIPES =
            RECIPES.add(Key.of("limits", Types.section(() -> LIMITS)).says("Limits on users' recipes."));

    /** The group whose members may write to the socket. */
    static final Key<String> SOCKET_GROUP = Key.of("socket_group", Types.account())
            .says("The group whose members may write to the socket; the daemon's user must be in it, or be root.")
            .unless("for a system installation `leprechaun-operators` if it exists, else usually the daemon's own, see"
                    + " [below](#socket-group)")
            .example("leprechaun-operators");

    /** The roles. */
    static final Key<MappingReader> ACCESS = Key.of("access", Types.section(() -> ROLES))
            .says("Users, and groups as `\"@GROUP\"`, that have a role of their own, see [below](#access).");

    /** The recipes that ordinary users may have. */
    static final Key<MappingReader> USERS = Key.of("users", Types.section(() -> RECIPES))
            .says("Recipes of ordinary users; requires a daemon that runs as root, see"
                    + " [below](#recipes-of-ordinary-users).");

    private AccessKeys() {}

    private static Key<List<AccessSettings.Member>> members(String name, String example) {
        Type<List<AccessSettings.Member>> type =
                Type.listed(AccessSettings::members, () -> Shape.of(Types.ref("members"), "users and `\"@GROUP\"`s"));
        return Key.of(name, type).example(example);
    }
}
