package io.leprechaun.daemon.settings;

import io.leprechaun.daemon.posix.User;
import io.leprechaun.daemon.yaml.MappingReader;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The recipes that ordinary users of this host may have of their own. Immutable.
 *
 * @param allow the users and groups that may have recipes; empty: none
 * @param runs the number of runs that one user may have at work at a time, at least 1
 * @param recipes the number of recipes that one user may have, at least 1
 * @param timeout the longest time that an attempt of theirs may take
 * @param output the most that is kept of the output of a run of theirs, in bytes
 * @param priority the highest priority that a recipe of theirs may have
 */
public record UserSettings(
        List<AccessSettings.Member> allow, int runs, int recipes, Duration timeout, long output, int priority) {
    /** The default settings: no user may have recipes. */
    public static final UserSettings DEFAULTS = new UserSettings(
            List.of(),
            AccessKeys.RUNS.usual(),
            AccessKeys.RECIPES_OF_ONE.usual(),
            AccessKeys.TIMEOUT.usual(),
            AccessKeys.OUTPUT.usual(),
            AccessKeys.PRIORITY.usual());

    public UserSettings {
        allow = List.copyOf(allow);
    }

    static UserSettings read(MappingReader root) {
        return AccessKeys.USERS.read(root).map(UserSettings::of).orElse(DEFAULTS);
    }

    private static UserSettings of(MappingReader users) {
        List<AccessSettings.Member> allow = AccessKeys.ALLOW.or(users, List.of());
        int runs = AccessKeys.RUNS.value(users);
        int recipes = AccessKeys.RECIPES_OF_ONE.value(users);
        Optional<MappingReader> limits = AccessKeys.LIMITS_OF_RECIPES.read(users);
        var settings = new UserSettings(
                allow,
                runs,
                recipes,
                limits.flatMap(AccessKeys.TIMEOUT::read).orElse(DEFAULTS.timeout),
                limits.flatMap(AccessKeys.OUTPUT::read).orElse(DEFAULTS.output),
                limits.flatMap(AccessKeys.PRIORITY::read).orElse(DEFAULTS.priority));
        limits.ifPresent(MappingReader::done);
        users.done();
        return settings;
    }

    /** Returns whether any user may have recipes. */
    public boolean isOn() {
        return !allow.isEmpty();
    }

    /** Returns whether a user may have recipes, by the number of the user and the present groups of the user. */
    public boolean allows(User user) {
        return AccessSettings.names(allow, user.uid(), user.groups(user.gid()));
    }
}
