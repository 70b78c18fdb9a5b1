package io.leprechaun.daemon.desk;

import io.leprechaun.api.Problem;
import io.leprechaun.api.ProblemException;
import io.leprechaun.daemon.recipe.Recipe;
import io.leprechaun.daemon.recipe.RecipeName;
import io.leprechaun.daemon.recipe.folder.RecipeBook;
import io.leprechaun.daemon.yaml.Nearest;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Finds the recipe that somebody means. */
final class RecipeLookup {
    private final Desk desk;

    RecipeLookup(Desk desk) {
        this.desk = desk;
    }

    /**
     * The entry of a name or of the unique beginning of one, for verbs that only read.
     *
     * @throws ProblemException (not found, or usage where several begin so)
     */
    RecipeBook.Entry entry(String text) {
        var names = present();
        String name = unique(desk.whole(text), names);
        return desk.recipes().get().entry(name).orElseThrow(() -> unknown(name, names));
    }

    /**
     * The recipe in force of exactly this name, for verbs that change.
     *
     * @throws ProblemException (not found, or usage where its file is broken and no good version is in force)
     */
    Recipe recipe(String text) {
        String name = desk.whole(text);
        var entry = desk.recipes().get().entry(name).orElseThrow(() -> unknown(name, present()));
        return entry.recipe()
                .orElseThrow(() -> new ProblemException(Problem.usage("the recipe " + name + " does not load: "
                        + entry.problem().map(Object::toString).orElse("see `leprechaun check`"))));
    }

    /** Exactly this name, of a recipe that is there or has been. */
    RecipeName exact(String text) {
        var known = past();
        String name = desk.whole(text);
        if (!known.contains(name)) {
            throw unknown(name, known);
        }
        return new RecipeName(name);
    }

    /** The name or the unique beginning of one of a recipe that is there or has been. */
    RecipeName past(String text) {
        return new RecipeName(unique(desk.whole(text), past()));
    }

    /** The names of all recipes that are there. */
    Set<String> present() {
        return desk.recipes().get().entries().stream()
                .map(RecipeBook.Entry::name)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** The names of all recipes that are there or have been. */
    Set<String> past() {
        var names = new TreeSet<String>();
        desk.recipes().get().recipes().forEach(recipe -> names.add(recipe.name().value()));
        desk.last().forEach(run -> names.add(run.order().recipe().value()));
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
