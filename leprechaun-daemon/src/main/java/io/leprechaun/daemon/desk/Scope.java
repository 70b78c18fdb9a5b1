package io.leprechaun.daemon.desk;

import io.leprechaun.api.Problem;
import io.leprechaun.api.ProblemException;
import io.leprechaun.daemon.posix.User;
import io.leprechaun.daemon.recipe.Origin;
import io.leprechaun.daemon.run.Run;
import java.util.Optional;

/**
 * The recipes and runs that a set of commands covers.
 *
 * @param owner the only user whose recipes and runs are covered; empty: all are
 */
public record Scope(Optional<User> owner) {
    /** Every recipe and every run. */
    public static final Scope ALL = new Scope(Optional.empty());

    /** The largest number of list items in an answer to one user. */
    static final int MOST = 200;

    /** Returns the scope of one user's recipes and runs. */
    public static Scope of(User user) {
        return new Scope(Optional.of(user));
    }

    /** Returns whether every recipe and every run is covered. */
    public boolean isAll() {
        return owner.isEmpty();
    }

    /**
     * Returns whether a run is covered. For one user, these are the runs of his own recipes, by user number, because
     * the name may have been another user's.
     */
    public boolean shows(Run run) {
        return owner.isEmpty() || Origin.isOf(owner.get(), run.order().version());
    }

    /** Refuses a user's request for a large number of items, which would delay other users. */
    public void requireFew(Optional<String> number) {
        if (owner.isPresent()
                && number.filter(text -> TimeParser.count(text) > MOST).isPresent()) {
            throw new ProblemException(Problem.usage("-n: use at most " + MOST));
        }
    }

    /** Returns the full name of a recipe; a user may leave out his own name. */
    String whole(String text) {
        return owner.isEmpty() || text.isEmpty() || text.contains("/")
                ? text
                : owner.get().name() + "/" + text;
    }
}
