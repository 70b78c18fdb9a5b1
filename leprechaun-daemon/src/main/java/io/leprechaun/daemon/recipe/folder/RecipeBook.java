package io.leprechaun.daemon.recipe.folder;

import io.leprechaun.daemon.posix.User;
import io.leprechaun.daemon.recipe.Origin;
import io.leprechaun.daemon.recipe.Recipe;
import io.leprechaun.daemon.recipe.RecipeName;
import io.leprechaun.daemon.yaml.Problem;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What the recipes folder held at one moment. Immutable.
 *
 * @param entries one for each file, by path
 * @param warning one sentence when the folder itself is missing, cannot be read, or is empty and should not be; what to do stands behind its last semicolon
 */
public record RecipeBook(Path folder, List<BookEntry> entries, Optional<String> warning) {
    public RecipeBook {
        entries = List.copyOf(entries);
    }

    /**
     * One file.
     *
     * @param name of the recipe in force; where none is, of the one the file would give, or the file's without its ending. A broken entry may share its
     *     name with another, and it may be none that a recipe can have
     * @param recipe in force; for a broken file the last good version, if there was one
     * @param problems everything wrong or suspicious in the file as it is now
     */
    public record BookEntry(String name, Path file, Optional<Recipe> recipe, List<Problem> problems) {
        public BookEntry {
            problems = List.copyOf(problems);
        }

        /** Whether the file as it is now is not in force. */
        public boolean isBroken() {
            return problems.stream().anyMatch(Problem::isError);
        }

        /** Why it is broken: the first error. */
        public Optional<Problem> problem() {
            return problems.stream().filter(Problem::isError).findFirst();
        }

        /** What is suspicious in it. */
        public List<Problem> warnings() {
            return problems.stream().filter(problem -> !problem.isError()).toList();
        }
    }

    /** The recipes of one user, by number where they are in force: a name may have been another's. */
    public RecipeBook of(User user) {
        var own = entries.stream()
                .filter(entry -> entry.name().startsWith(user.name() + "/"))
                .filter(entry -> entry.recipe().isEmpty()
                        || Origin.isOf(user, entry.recipe().get().origin().hash()))
                .toList();
        return new RecipeBook(folder, own, Optional.empty());
    }

    /** Every recipe in force, by path. */
    public List<Recipe> recipes() {
        return entries.stream().map(BookEntry::recipe).flatMap(Optional::stream).toList();
    }

    /** The recipe in force under a name. */
    public Optional<Recipe> recipe(RecipeName name) {
        return recipes().stream().filter(recipe -> recipe.name().equals(name)).findFirst();
    }

    /** Whether a recipe of a name may be in the folder although none is in force: the folder was not read, or the file is broken. */
    public boolean mayHold(RecipeName name) {
        return recipe(name).isEmpty()
                && (warning.isPresent()
                        || broken().stream().anyMatch(entry -> entry.name().equals(name.value())));
    }

    /** Whether every recipe of the folder is in force as it is there. */
    public boolean isWhole() {
        return warning.isEmpty() && broken().isEmpty();
    }

    /**
     * Why a recipe is not in force.
     *
     * @param reason a clause that names the file or folder
     * @param removed whether the folder was read, and no longer holds the recipe
     */
    public record Missing(String reason, boolean removed) {}

    /**
     * Why the recipe of an accepted run is not in force; empty: one of its name is.
     *
     * @param accepted the recipe as the run was accepted with it
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
                                ? "its recipe file " + file + " holds another recipe"
                                : "its recipe file " + file + " is not there",
                        true)));
    }

    private static String withoutRemedy(String sentence) {
        int end = sentence.lastIndexOf("; ");
        return end < 0 ? sentence : sentence.substring(0, end);
    }

    /** The entry under a name: the one in force before a broken one. */
    public Optional<BookEntry> entry(String name) {
        List<BookEntry> named =
                entries.stream().filter(entry -> entry.name().equals(name)).toList();
        return named.stream()
                .filter(entry -> entry.recipe().isPresent())
                .findFirst()
                .or(() -> named.stream().findFirst());
    }

    /** The files that are not in force as they are now. */
    public List<BookEntry> broken() {
        return entries.stream().filter(BookEntry::isBroken).toList();
    }
}
