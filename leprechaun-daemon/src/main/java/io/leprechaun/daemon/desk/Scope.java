package io.leprechaun.daemon.desk;

import io.leprechaun.api.Problem;
import io.leprechaun.api.ProblemException;
import io.leprechaun.daemon.posix.User;
import io.leprechaun.daemon.recipe.Origin;
import io.leprechaun.daemon.run.Run;
import java.util.Optional;

/**
 * The recipes and runs that are answered for.
 *
 * @param owner the user whose recipes and runs are the only ones; empty: all are
 */
public record Scope(Optional<User> owner) {
    /** Every recipe and every run. */
    public static final Scope ALL = new Scope(Optional.empty());

    /** The most that one user is answered of a list. */
    private static final int MOST = 200;

    /** The recipes and runs of one user. */
    public static Scope of(User user) {
        return new Scope(Optional.of(user));
    }

    /** Whether every recipe and every run is answered for. */
    public boolean isAll() {
        return owner.isEmpty();
    }

    /** Whether a run is answered for: of one user those of his own recipes, by number, because a name may have been another's. */
    public boolean shows(Run run) {
        return owner.isEmpty() || Origin.isOf(owner.get(), run.order().version());
    }

    /** Refuses a user who asks for very many of something, which keeps others waiting. */
    public void requireFew(Optional<String> number) {
        if (owner.isPresent()
                && number.filter(text -> TimeParser.count(text) > MOST).isPresent()) {
            throw new ProblemException(Problem.usage("-n: use at most " + MOST));
        }
    }

    /** The whole name of a recipe; a user may leave out his own. */
    String whole(String text) {
        return owner.isEmpty() || text.isEmpty() || text.contains("/")
                ? text
                : owner.get().name() + "/" + text;
    }
}
