package io.leprechaun.daemon.recipe;

import io.leprechaun.daemon.config.Fields;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;

/** What holds for a recipe that does not say otherwise: the keys that a recipe and {@code defaults:} in the settings share. */
record RecipeDefaults(Policy policy, Surroundings surroundings) {
    private static final Duration TIMEOUT = Duration.ofHours(24);
    private static final Duration GRACE = Duration.ofSeconds(10);
    private static final Duration LONGEST_GRACE = Duration.ofHours(1);
    private static final Duration SHORTEST_TIMEOUT = Duration.ofMillis(1);
    private static final Duration LONGEST_TIMEOUT = Duration.ofDays(3650);
    private static final int UMASK = 022;

    /** Keys of the language that no recipe can use yet. */
    private static final String[] NOT_YET = {
        "user",
        "group",
        "nice",
        "retry",
        "catch_up",
        "catch_up_window",
        "jitter",
        "lock",
        "after",
        "only",
        "not",
        "from",
        "until",
        "notify",
        "history",
        "secrets",
        "expect",
        "hook",
        "limits",
        "node",
        "on_lost",
        "on_restart",
        "linger",
        "deadline"
    };

    /** What holds without any settings. */
    static RecipeDefaults of(ZoneId zone, List<String> shell) {
        return new RecipeDefaults(
                new Policy(true, Optional.empty(), 0, Optional.of(TIMEOUT), GRACE, OnStop.WAIT),
                new Surroundings(shell, new HashMap<>(), Optional.empty(), UMASK, zone));
    }

    /** These, with what the keys say instead. */
    RecipeDefaults with(Fields fields) {
        var around = surroundings;
        var environment = new HashMap<>(around.environment());
        environment.putAll(fields.environment("env"));
        var newPolicy = new Policy(
                fields.flag("enabled").orElse(policy.enabled()),
                fields.choice("overlap", Overlap.class).or(policy::overlap),
                fields.integer("priority", -1000, 1000).orElse(policy.priority()),
                fields.read("timeout", RecipeDefaults::timeout).orElse(policy.timeout()),
                fields.duration("grace", Duration.ZERO, LONGEST_GRACE).orElse(policy.grace()),
                fields.choice("on_stop", OnStop.class).orElse(policy.onStop()));
        var newSurroundings = new Surroundings(
                fields.shell("shell").orElse(around.shell()),
                environment,
                directory(fields).or(around::directory),
                fields.read("umask", RecipeDefaults::umask).orElse(around.umask()),
                fields.zone("timezone").orElse(around.zone()));
        fields.notYet(NOT_YET);
        return new RecipeDefaults(newPolicy, newSurroundings);
    }

    /** The whole path of a folder. */
    static Optional<Path> directory(Fields fields) {
        return fields.read("dir", text -> {
            Path path = Path.of(text);
            if (!path.isAbsolute()) {
                throw new IllegalArgumentException("'" + text + "' is no whole path; write one that begins with /");
            }
            return path.normalize();
        });
    }

    /** @return empty for {@code none} */
    static Optional<Duration> timeout(String text) {
        return text.equals("none")
                ? Optional.empty()
                : Optional.of(Fields.between(text, SHORTEST_TIMEOUT, LONGEST_TIMEOUT));
    }

    private static int umask(String text) {
        if (!text.matches("0?[0-7]{3}")) {
            throw new IllegalArgumentException("'" + text + "' is no umask; write three octal digits, 022 for example");
        }
        return Integer.parseInt(text, 8);
    }
}
