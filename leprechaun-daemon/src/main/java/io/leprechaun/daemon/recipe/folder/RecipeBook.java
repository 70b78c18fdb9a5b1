package io.leprechaun.daemon.recipe.folder;

import io.leprechaun.daemon.posix.User;
import io.leprechaun.daemon.recipe.Origin;
import io.leprechaun.daemon.recipe.Recipe;
import io.leprechaun.daemon.recipe.RecipeName;
import io.leprechaun.daemon.yaml.Problem;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The contents of the recipes folder at one moment. Immutable. Recipes are found by their names in constant time. */
public final class RecipeBook {
    private final Path folder;
    private final List<BookEntry> entries;
    private final Optional<String> warning;
    /** The entry under each name: the one in force before a broken one. */
    private final Map<String, BookEntry> named = new HashMap<>();

    /**
     * Creates a book.
     *
     * @param entries the entries, one for each file, by path
     * @param warning one sentence when the folder itself is missing, cannot be read, or is empty and should not be; the
     *     remedy follows its last semicolon
     */
    public RecipeBook(Path folder, List<BookEntry> entries, Optional<String> warning) {
        this.folder = folder;
        this.entries = List.copyOf(entries);
        this.warning = warning;
        entries.forEach(entry -> named.merge(
                entry.name(),
                entry,
                (first, second) -> first.recipe().isEmpty() && second.recipe().isPresent() ? second : first));
    }

    /**
     * The entry of one file.
     *
     * @param name the name of the recipe in force; otherwise of the one that the file would give, or the file's without
     *     its ending. A broken entry may share its name with another, and its name may be invalid for a recipe
     * @param recipe the recipe in force; for a broken file the last valid version, if there was one
     * @param problems all errors and warnings about the file as it is now
     */
    public record BookEntry(String name, Path file, Optional<Recipe> recipe, List<Problem> problems) {
        public BookEntry {
            problems = List.copyOf(problems);
        }

        /** Returns whether the file as it is now is not in force. */
        public boolean isBroken() {
            return problems.stream().anyMatch(Problem::isError);
        }

        /** Returns the first error; empty: the file is not broken. */
        public Optional<Problem> problem() {
            return problems.stream().filter(Problem::isError).findFirst();
        }

        /** Returns the warnings about it. */
        public List<Problem> warnings() {
            return problems.stream().filter(problem -> !problem.isError()).toList();
        }
    }

    /** Returns the recipes folder. */
    public Path folder() {
        return folder;
    }

    /** Returns the entries, one for each file, by path. */
    public List<BookEntry> entries() {
        return entries;
    }

    /**
     * Returns one sentence when the folder itself is missing, cannot be read, or is empty and should not be. The remedy
     * follows its last semicolon.
     */
    public Optional<String> warning() {
        return warning;
    }

    /**
     * Returns the recipes of one user, by uid where they are in force: the name may have been another user's before.
     */
    public RecipeBook of(User user) {
        var own = entries.stream()
                .filter(entry -> entry.name().startsWith(user.name() + "/"))
                .filter(entry -> entry.recipe().isEmpty()
                        || Origin.isOf(user, entry.recipe().get().origin().hash()))
                .toList();
        return new RecipeBook(folder, own, Optional.empty());
    }

    /** Returns every recipe in force, by path. */
    public List<Recipe> recipes() {
        return entries.stream().map(BookEntry::recipe).flatMap(Optional::stream).toList();
    }

    /** Returns the recipe in force under a name. */
    public Optional<Recipe> recipe(RecipeName name) {
        return entry(name.value()).flatMap(BookEntry::recipe);
    }

    /**
     * Returns whether a recipe of a name may be in the folder although none is in force: the folder was not read, or
     * the file is broken.
     */
    public boolean mayHold(RecipeName name) {
        return recipe(name).isEmpty()
                && (warning.isPresent()
                        || broken().stream().anyMatch(entry -> entry.name().equals(name.value())));
    }

    /** Returns whether every recipe of the folder is in force in its present version. */
    public boolean isWhole() {
        return warning.isEmpty() && broken().isEmpty();
    }

    /**
     * The reason why a recipe is not in force.
     *
     * @param reason a clause that names the file or folder
     * @param removed whether the folder was read, and no longer holds the recipe
     */
    public record Missing(String reason, boolean removed) {}

    /**
     * Returns the reason why the recipe of an accepted run is not in force; empty: a recipe of its name is in force.
     *
     * @param accepted the version of the recipe with which the run was accepted
     */
    public Optional<Missing> missing(Recipe accepted) {
        if (recipe(accepted.name()).isPresent()) {
            return Optional.empty();
        }
        Path accordingly = accepted.origin().file();
        Path file = accepted.name().owner().isPresent() ? accordingly : folder.resolve(accordingly.getFileName());
        Optional<Problem> broken = Stream.concat(
                        entries.stream()
                                .filter(entry ->
                                        entry.name().equals(accepted.name().value())),
                        entries.stream().filter(entry -> entry.file().equals(file)))
                .flatMap(entry -> entry.problem().stream())
                .findFirst();
        return Optional.of(broken.map(problem -> new Missing(
                        "its recipe is broken: " + problem.file() + ":" + problem.line() + ":" + problem.column(),
                        false))
                .or(() -> warning.map(sentence -> new Missing(withoutRemedy(sentence), false)))
                .orElseGet(() -> new Missing(
                        entries.stream().anyMatch(entry -> entry.file().equals(file))
                                ? "its recipe file " + file + " contains another recipe"
                                : "its recipe file " + file + " does not exist",
                        true)));
    }

    private static String withoutRemedy(String sentence) {
        int end = sentence.lastIndexOf("; ");
        return end < 0 ? sentence : sentence.substring(0, end);
    }

    /** Returns the entry under a name: the one in force before a broken one. */
    public Optional<BookEntry> entry(String name) {
        return Optional.ofNullable(named.get(name));
    }

    /** Returns the files that are not in force as they are now. */
    public List<BookEntry> broken() {
        return entries.stream().filter(BookEntry::isBroken).toList();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof RecipeBook book
                && folder.equals(book.folder)
                && entries.equals(book.entries)
                && warning.equals(book.warning);
    }

    @Override
    public int hashCode() {
        return Objects.hash(folder, entries, warning);
    }
}
