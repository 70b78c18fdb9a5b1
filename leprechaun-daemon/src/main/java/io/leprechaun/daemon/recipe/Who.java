package io.leprechaun.daemon.recipe;

import java.util.Optional;

/**
 * As whom a recipe's steps run, as it is written; whether there are such users is for the moment of the run.
 *
 * @param user a name or a number
 * @param group a name or a number; empty: the user's own
 * @param otherwise the user where {@code user} is empty and the daemon is root's
 */
public record Who(Optional<String> user, Optional<String> group, Optional<String> otherwise) {
    /**
     * The user that is named for the steps; empty: the daemon's own.
     *
     * @param root whether the daemon is root's
     */
    public Optional<String> named(boolean root) {
        return user.or(() -> root ? otherwise : Optional.empty());
    }
}
