package io.leprechaun.daemon.recipe;

import io.leprechaun.daemon.posix.User;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The user and group of a recipe's steps, as written. The existence of the user is checked when the run starts.
 *
 * @param user a name or a number
 * @param group a name or a number; empty: the user's own group
 * @param otherwise the user where {@code user} is empty and the daemon runs as root
 * @param owner the uid of the ordinary user who owns the recipe, which overrides everything else; empty: the daemon
 *     owns it
 */
public record Who(Optional<String> user, Optional<String> group, Optional<String> otherwise, OptionalInt owner) {
    /** Creates the value for a recipe of the daemon's own. */
    public Who(Optional<String> user, Optional<String> group, Optional<String> otherwise) {
        this(user, group, otherwise, OptionalInt.empty());
    }

    /** Returns the value for a recipe of an ordinary user. */
    public static Who of(User owner) {
        return new Who(Optional.of(owner.name()), Optional.empty(), Optional.empty(), OptionalInt.of(owner.uid()));
    }

    /**
     * Returns the user that is named for the steps; empty: the daemon's own.
     *
     * @param root whether the daemon runs as root
     */
    public Optional<String> named(boolean root) {
        return user.or(() -> root ? otherwise : Optional.empty());
    }
}
