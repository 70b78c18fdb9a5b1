package io.leprechaun.daemon.settings;

import io.leprechaun.daemon.posix.User;
import io.leprechaun.daemon.yaml.MappingReader;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The recipes that ordinary users of this host may have of their own. Immutable.
 *
 * @param allow the users that may; empty: nobody
 * @param runs the number of runs that one user may have at work at a time, at least 1
 * @param recipes the number of recipes that one user may have, at least 1
 * @param timeout the longest that an attempt of theirs may take
 * @param output the most that is kept of what a run of theirs prints, in bytes
 * @param priority the highest that a recipe of theirs may have
 */
public record UserSettings(
        List<AccessSettings.Member> allow, int runs, int recipes, Duration timeout, long output, int priority) {
    /** What holds where nothing is set: nobody may. */
    public static final UserSettings DEFAULTS =
            new UserSettings(List.of(), 4, 100, Duration.ofHours(24), HistorySettings.DEFAULTS.output(), 0);

    private static final Duration SHORTEST_TIMEOUT = Duration.ofSeconds(1);
    private static final Duration LONGEST_TIMEOUT = Duration.ofDays(3650);
    private static final long SMALLEST_OUTPUT = 64 << 10;
    private static final int MOST = 10_000;

    public UserSettings {
        allow = List.copyOf(allow);
    }

    static UserSettings read(MappingReader root) {
        return root.section("users").map(UserSettings::of).orElse(DEFAULTS);
    }

    private static UserSettings of(MappingReader users) {
        List<AccessSettings.Member> allow = AccessSettings.members(users, "allow");
        int runs = users.integer("runs", 1, MOST).orElse(DEFAULTS.runs);
        int recipes = users.integer("recipes", 1, MOST).orElse(DEFAULTS.recipes);
        Optional<MappingReader> limits = users.section("limits");
        var settings = new UserSettings(
                allow,
                runs,
                recipes,
                limits.flatMap(fields -> fields.duration("timeout", SHORTEST_TIMEOUT, LONGEST_TIMEOUT))
                        .orElse(DEFAULTS.timeout),
                limits.flatMap(fields -> fields.size("output", SMALLEST_OUTPUT, Long.MAX_VALUE))
                        .orElse(DEFAULTS.output),
                limits.flatMap(fields -> fields.integer("priority", -1000, 1000))
                        .orElse(DEFAULTS.priority));
        limits.ifPresent(MappingReader::done);
        users.done();
        return settings;
    }

    /** Whether any user may have recipes. */
    public boolean isOn() {
        return !allow.isEmpty();
    }

    /** Whether a user may have recipes, by its number and the groups that it is in now. */
    public boolean allows(User user) {
        return AccessSettings.names(allow, user.uid(), user.groups(user.gid()));
    }
}
