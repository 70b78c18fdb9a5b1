package io.leprechaun.daemon.recipe.reader;

import io.leprechaun.daemon.posix.User;
import io.leprechaun.daemon.recipe.Lock;
import io.leprechaun.daemon.recipe.Recipe;
import io.leprechaun.daemon.recipe.RecipeName;
import io.leprechaun.daemon.recipe.Trigger;
import io.leprechaun.daemon.recipe.Who;
import io.leprechaun.daemon.secret.SecretSource;
import io.leprechaun.daemon.settings.HistorySettings;
import io.leprechaun.daemon.settings.UserSettings;
import io.leprechaun.daemon.units.Durations;
import io.leprechaun.daemon.units.Sizes;
import io.leprechaun.daemon.yaml.MappingReader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;

/**
 * An ordinary user of this host who has recipes. Whatever they contain, they run as this user. They read only this
 * user's secrets, use only this user's names, and stay within the limits of the settings.
 */
record Owner(User user, UserSettings settings) {
    /** The longest grace of a user's recipe: a daemon that stops waits no longer for it. */
    private static final Duration LONGEST_GRACE = Duration.ofMinutes(1);

    private static final String NEVER = "not allowed in a user's recipe: ";

    /**
     * Returns the owner with a uid.
     *
     * @throws IllegalArgumentException with a sentence about the reason when that user may have no recipes
     */
    static Owner of(int uid, UserSettings settings) {
        User user = User.numbered(uid)
                .orElseThrow(() -> new IllegalArgumentException(
                        "its owner, user " + Integer.toUnsignedString(uid) + ", no longer exists on this host"));
        if (!settings.allows(user)) {
            throw new IllegalArgumentException("the settings allow no recipes of " + user.name()
                    + ": ask an administrator to add the user to" + " `users: { allow: … }`");
        }
        if (!RecipeName.isOwner(user.name()) || User.number(user.name()).isPresent()) {
            throw new IllegalArgumentException(
                    "its owner's name '" + user.name() + "' cannot begin a recipe's name: only letters, digits, . _"
                            + " and - are allowed, not digits alone");
        }
        return new Owner(user, settings);
    }

    /** Returns the defaults for the user's recipes: without secrets of the settings, and within the limits. */
    RecipeDefaults limited(RecipeDefaults usual) {
        var policy = usual.policy();
        var bounds = usual.bounds();
        var around = usual.surroundings();
        Duration most = settings.timeout();
        var history = new HistorySettings(
                Math.min(bounds.history().output(), settings.output()),
                bounds.history().keep());
        return new RecipeDefaults(
                policy.with(List.of()).atMost(settings.priority()),
                bounds.with(
                        Optional.of(bounds.timeout()
                                .filter(time -> time.compareTo(most) < 0)
                                .orElse(most)),
                        bounds.grace().compareTo(LONGEST_GRACE) < 0 ? bounds.grace() : LONGEST_GRACE,
                        history,
                        bounds.telling().withoutPing()),
                around.of(Who.of(user)));
    }

    /**
     * Returns a recipe as the user's own, with names that belong to this user alone. Keys that it must not have are
     * noted.
     *
     * @param fields the keys of the recipe's file
     */
    Recipe own(Recipe read, MappingReader fields) {
        check(read, fields);
        var locks = new ArrayList<Lock>();
        read.policy().locks().forEach(lock -> locks.add(new Lock(mine(lock.name()), lock.mode())));
        locks.add(Lock.ofUser(user.name(), settings.runs()));
        var secrets = new HashMap<String, SecretSource>();
        read.surroundings().secrets().forEach((name, source) -> secrets.put(name, own(source)));
        return new Recipe(
                RecipeName.of(user.name(), read.name()),
                read.description(),
                read.triggers().stream().map(this::own).toList(),
                read.steps(),
                read.surroundings().with(secrets),
                read.policy().with(locks),
                read.bounds(),
                read.origin());
    }

    private void check(Recipe read, MappingReader fields) {
        for (String key : List.of("user", "group")) {
            if (fields.has(key)) {
                fields.wrong(key, NEVER + "its steps run as " + user.name() + "; remove it");
            }
        }
        if (fields.has("id") || fields.has("hook")) {
            fields.wrong(
                    fields.has("id") ? "id" : "hook",
                    NEVER + "only an administrator sets the addresses of hooks; ask for a recipe of the daemon's");
        }
        read.surroundings().secrets().forEach((name, source) -> {
            if (!(source instanceof SecretSource.File)) {
                fields.wrong("secrets", name + ": use { file: PATH }, a file of " + user.name());
            }
        });
        if (read.bounds().telling().ping().isPresent()) {
            fields.wrong("notify", NEVER + "the daemon sends `ping`; call the address in a step");
        }
        if (read.bounds().grace().compareTo(LONGEST_GRACE) > 0) {
            fields.wrong("grace", "use at most " + Durations.format(LONGEST_GRACE));
        }
        if (fields.section("history").filter(history -> history.has("keep")).isPresent()) {
            fields.wrong("history", NEVER + "only an administrator sets `keep`; remove it");
        }
        if (read.surroundings().nice().orElse(0) < 0) {
            fields.wrong("nice", "use 0 to 19");
        }
        if (read.policy().priority() > settings.priority()) {
            fields.wrong("priority", "use at most " + settings.priority() + ", the limit of users' recipes");
        }
        Duration most = settings.timeout();
        if (read.bounds().timeout().filter(time -> time.compareTo(most) <= 0).isEmpty()) {
            fields.wrong("timeout", "use at most " + Durations.format(most) + ", the limit of users' recipes");
        }
        if (read.bounds().history().output() > settings.output()) {
            fields.wrong(
                    "history",
                    "use at most `output: " + Sizes.format(settings.output()) + "`, the limit of users' recipes");
        }
    }

    private SecretSource own(SecretSource source) {
        return source instanceof SecretSource.File file
                ? new SecretSource.OwnFile(file.path(), user.uid())
                : source; // refused
    }

    private Trigger own(Trigger trigger) {
        return trigger instanceof Trigger.After after
                ? new Trigger.After(after.dependencies().stream()
                        .map(one -> new Trigger.Dependency(RecipeName.of(user.name(), one.recipe()), one.on()))
                        .toList())
                : trigger;
    }

    private String mine(String name) {
        return user.name() + "/" + name;
    }
}
