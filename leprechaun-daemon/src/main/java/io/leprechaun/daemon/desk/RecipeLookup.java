package io.leprechaun.daemon.desk;

import io.leprechaun.api.Problem;
import io.leprechaun.api.ProblemException;
import io.leprechaun.daemon.history.RunStore;
import io.leprechaun.daemon.recipe.Recipe;
import io.leprechaun.daemon.recipe.RecipeName;
import io.leprechaun.daemon.recipe.folder.RecipeBook;
import io.leprechaun.daemon.run.Run;
import io.leprechaun.daemon.yaml.Nearest;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Finds recipes by their names.
 *
 * @param recipes as they are now
 * @param store keeps the names of those that are gone
 */
public record RecipeLookup(Supplier<RecipeBook> recipes, RunStore store, Scope scope) {
    /** The recipes as they are now. */
    public RecipeBook book() {
        return recipes.get();
    }

    /** A recipe by its whole name, if it is in force. */
    public Optional<Recipe> inForce(String name) {
        return book().entry(name).flatMap(RecipeBook.BookEntry::recipe);
    }

    /** The whole name of a recipe: one user may leave out his own before it. */
    public String whole(String text) {
        return scope.whole(text);
    }

    /** The last run of each recipe that has run, whether or not the recipe is there. */
    public Stream<Run> last() {
        return store.last().values().stream().filter(scope::shows);
    }

    /**
     * The entry of a name or of the unique beginning of one, for commands that only read.
     *
     * @throws ProblemException (not found, or usage where several begin so)
     */
    public RecipeBook.BookEntry entry(String text) {
        var names = present();
        String name = unique(scope.whole(text), names);
        return book().entry(name).orElseThrow(() -> unknown(name, names));
    }

    /**
     * The recipe in force of exactly this name, for verbs that change.
     *
     * @throws ProblemException (not found, or usage where its file is broken and no good version is in force)
     */
    public Recipe recipe(String text) {
        String name = scope.whole(text);
        var entry = book().entry(name).orElseThrow(() -> unknown(name, present()));
        return entry.recipe()
                .orElseThrow(() -> new ProblemException(Problem.usage("the recipe " + name + " does not load: "
                        + entry.problem().map(Object::toString).orElse("see `leprechaun check`"))));
    }

    /** Exactly this name, of a recipe that is there or has been. */
    public RecipeName exact(String text) {
        var known = past();
        String name = scope.whole(text);
        if (!known.contains(name)) {
            throw unknown(name, known);
        }
        return new RecipeName(name);
    }

    /** The name or the unique beginning of one of a recipe that is there or has been. */
    public RecipeName past(String text) {
        return new RecipeName(unique(scope.whole(text), past()));
    }

    /** The names of all recipes that are there. */
    public Set<String> present() {
        return book().entries().stream().map(RecipeBook.BookEntry::name).collect(Collectors.toCollection(TreeSet::new));
    }

    /** The names of all recipes that are there or have been. */
    public Set<String> past() {
        var names = new TreeSet<String>();
        book().recipes().forEach(recipe -> names.add(recipe.name().value()));
        last().forEach(run -> names.add(run.order().recipe().value()));
        return names;
    }

    private static ProblemException unknown(String text, Collection<String> names) {
        String hint = Nearest.to(text, names)
                .map(name -> "; did you mean '" + name + "'?")
                .orElse(": see `leprechaun ls`");
        return new ProblemException(Problem.notFound("there is no recipe '" + text + "'" + hint));
    }

    private static String unique(String text, Set<String> names) {
        if (names.contains(text)) {
            return text;
        }
        List<String> beginning = names.stream()
                .filter(name -> !text.isEmpty() && name.startsWith(text))
                .toList();
        return switch (beginning.size()) {
            case 0 -> throw unknown(text, names);
            case 1 -> beginning.getFirst();
            default ->
                throw new ProblemException(Problem.usage(
                        "'" + text + "' may be " + String.join(" or ", beginning) + ": write more of it"));
        };
    }
}
