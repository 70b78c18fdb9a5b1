package io.leprechaun.daemon.recipe;

import io.leprechaun.daemon.posix.User;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * As whom a recipe's steps run, as it is written; whether there are such users is for the moment of the run.
 *
 * @param user a name or a number
 * @param group a name or a number; empty: the user's own
 * @param otherwise the user where {@code user} is empty and the daemon is root's
 * @param owner the number of the ordinary user whose recipe it is, which goes before everything else; empty: it is the daemon's own
 */
public record Who(Optional<String> user, Optional<String> group, Optional<String> otherwise, OptionalInt owner) {
    /** Of a recipe of the daemon's own. */
    public Who(Optional<String> user, Optional<String> group, Optional<String> otherwise) {
        this(user, group, otherwise, OptionalInt.empty());
    }

    /** Of a recipe of an ordinary user's. */
    public static Who of(User owner) {
        return new Who(Optional.of(owner.name()), Optional.empty(), Optional.empty(), OptionalInt.of(owner.uid()));
    }

    /**
     * The user that is named for the steps; empty: the daemon's own.
     *
     * @param root whether the daemon is root's
     */
    public Optional<String> named(boolean root) {
        return user.or(() -> root ? otherwise : Optional.empty());
    }
}
