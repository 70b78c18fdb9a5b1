package io.leprechaun.daemon.desk;

import io.leprechaun.api.Problem;
import io.leprechaun.api.ProblemException;
import io.leprechaun.daemon.execution.Executions;
import io.leprechaun.daemon.history.RunStore;
import io.leprechaun.daemon.output.Mask;
import io.leprechaun.daemon.posix.User;
import io.leprechaun.daemon.recipe.Origin;
import io.leprechaun.daemon.recipe.Recipe;
import io.leprechaun.daemon.recipe.folder.RecipeBook;
import io.leprechaun.daemon.run.Run;
import io.leprechaun.daemon.view.RunDocument;
import io.leprechaun.daemon.worker.Dispatcher;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * What lies on the desk of whoever answers people.
 *
 * @param recipes as they are now
 * @param owner the user whose recipes and runs are the only ones that are answered for; empty: all are
 */
public record Desk(
        Supplier<RecipeBook> recipes,
        RunStore store,
        Dispatcher dispatcher,
        RunDocument documents,
        Executions executions,
        Optional<User> owner) {
    /** The most that one user is answered of a list. */
    private static final int MOST = 200;

    /** A desk that answers for all. */
    public Desk(
            Supplier<RecipeBook> recipes,
            RunStore store,
            Dispatcher dispatcher,
            RunDocument documents,
            Executions executions) {
        this(recipes, store, dispatcher, documents, executions, Optional.empty());
    }

    /** The same for one user: others' recipes and runs are not there. */
    public Desk of(User user) {
        return new Desk(() -> recipes.get().of(user), store, dispatcher, documents, executions, Optional.of(user));
    }

    /** Whether a run is there: of one user those of his own recipes, by number, because a name may have been another's. */
    boolean shows(Run run) {
        return owner.isEmpty() || Origin.isOf(owner.get(), run.order().version());
    }

    /** The last run of each recipe that has run, whether or not it is there. */
    public Stream<Run> last() {
        return store.last().values().stream().filter(this::shows);
    }

    /** Refuses a user who asks for very many of something, which keeps others waiting. */
    void requireFew(Optional<String> number) {
        if (owner.isPresent()
                && number.filter(text -> TimeParser.count(text) > MOST).isPresent()) {
            throw new ProblemException(Problem.usage("-n: use at most " + MOST));
        }
    }

    /** The whole name that somebody means, who may leave out his own. */
    String whole(String text) {
        return owner.isEmpty() || text.isEmpty() || text.contains("/")
                ? text
                : owner.get().name() + "/" + text;
    }

    /** A recipe by its whole name, if it is in force. */
    Optional<Recipe> inForce(String name) {
        return recipes.get().entry(name).flatMap(RecipeBook.Entry::recipe);
    }

    InstantSource clock() {
        return executions.clock();
    }

    /** Hides the secrets of a run: those that it was given, and once it is over, those of its recipe as it is now and those that what it left behind was given. */
    Mask mask(Run run) {
        Mask mask = dispatcher
                .mask(run.id())
                .orElseGet(() -> inForce(run.order().recipe().value())
                        .map(executions::mask)
                        .orElse(Mask.NONE));
        return mask.and(executions.maskLeft(run.id()));
    }
}
