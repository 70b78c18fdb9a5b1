package io.leprechaun.daemon.desk;

import io.leprechaun.api.Nearest;
import io.leprechaun.api.Problem;
import io.leprechaun.api.ProblemException;
import io.leprechaun.daemon.history.RunStore;
import io.leprechaun.daemon.recipe.Recipe;
import io.leprechaun.daemon.recipe.RecipeName;
import io.leprechaun.daemon.recipe.folder.RecipeBook;
import io.leprechaun.daemon.run.Run;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The lookup of recipes by their names.
 *
 * @param recipes a supplier of the current recipes
 * @param store the store, which keeps the names of removed recipes
 */
public record RecipeLookup(Supplier<RecipeBook> recipes, RunStore store, Scope scope) {
    /** Returns the current recipes. */
    public RecipeBook book() {
        return recipes.get();
    }

    /** Returns a recipe by its full name, if it is in force. */
    public Optional<Recipe> inForce(String name) {
        return book().entry(name).flatMap(RecipeBook.BookEntry::recipe);
    }

    /** Returns the full name of a recipe, from which a user may leave out his own name. */
    public String whole(String text) {
        return scope.whole(text);
    }

    /** Returns the last run of each recipe that has run, whether or not the recipe still exists. */
    public Stream<Run> last() {
        return store.last().values().stream().filter(scope::shows);
    }

    /**
     * Returns the entry of a name or of a unique prefix of one, for commands that only read.
     *
     * @throws ProblemException (not found, or usage where the prefix is ambiguous)
     */
    public RecipeBook.BookEntry entry(String text) {
        var names = present();
        String name = unique(scope.whole(text), names);
        return book().entry(name).orElseThrow(() -> unknown(name, names));
    }

    /**
     * Returns the recipe in force of exactly this name, for verbs that change something.
     *
     * @throws ProblemException (not found, or usage where its file is broken and no good version is in force)
     */
    public Recipe recipe(String text) {
        return recipe(text, List.of());
    }

    /**
     * Returns the recipe in force of exactly this name, for verbs that take another name too.
     *
     * @param others the other names, which may be meant by a misspelt one
     * @throws ProblemException (not found, or usage where its file is broken and no good version is in force)
     */
    public Recipe recipe(String text, Collection<String> others) {
        String name = scope.whole(text);
        var entry = book().entry(name).orElseThrow(() -> {
            var names = present();
            names.addAll(others);
            return unknown(name, names);
        });
        return entry.recipe()
                .orElseThrow(() -> new ProblemException(Problem.usage("the recipe " + name + " does not load: "
                        + entry.problem().map(Object::toString).orElse("see `leprechaun check`"))));
    }

    /** Returns exactly this name, if a recipe of it exists or has existed. */
    public RecipeName exact(String text) {
        var known = past();
        String name = scope.whole(text);
        if (!known.contains(name)) {
            throw unknown(name, known);
        }
        return new RecipeName(name);
    }

    /** Returns the name, given in full or by a unique prefix, of a recipe that exists or has existed. */
    public RecipeName past(String text) {
        return new RecipeName(unique(scope.whole(text), past()));
    }

    /** Returns the names of all recipes that exist. */
    public Set<String> present() {
        return book().entries().stream().map(RecipeBook.BookEntry::name).collect(Collectors.toCollection(TreeSet::new));
    }

    /** Returns the names of all recipes that exist or have existed. */
    public Set<String> past() {
        var names = new TreeSet<String>();
        book().recipes().forEach(recipe -> names.add(recipe.name().value()));
        last().forEach(run -> names.add(run.order().recipe().value()));
        return names;
    }

    /** Returns the problem that no recipe has a name, with the nearest names. */
    public static ProblemException unknown(String text, Collection<String> names) {
        List<String> nearest = Nearest.to(text, names);
        String hint = nearest.isEmpty()
                ? ": see `leprechaun ls`"
                : "; did you mean " + Nearest.listed(nearest, "'", "'") + "?";
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
                throw new ProblemException(
                        Problem.usage("ambiguous name '" + text + "': use " + String.join(" or ", beginning)));
        };
    }
}
