package io.leprechaun.daemon.recipe;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A recipe's name: unique among the loaded recipes, never a run's number. An ordinary user's recipe is named
 * {@code user/name}; any other name is safe as a file name.
 */
public record RecipeName(String value) implements Comparable<RecipeName> {
    private static final Pattern SAFE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");
    private static final Pattern OWNER = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]{0,31}");
    private static final Pattern OWNED = Pattern.compile(OWNER + "/" + SAFE);
    private static final Pattern DIGITS = Pattern.compile("[0-9]+");

    public RecipeName {
        if (!isValid(value) && !OWNED.matcher(value).matches()) {
            throw new IllegalArgumentException("not a recipe name: '" + value + "'");
        }
    }

    /**
     * Returns the name of a user's recipe.
     *
     * @throws IllegalArgumentException for a user whose name contains characters that a recipe's name may not
     */
    public static RecipeName of(String user, RecipeName plain) {
        return new RecipeName(user + "/" + plain.value);
    }

    /**
     * Returns whether a user with this name may have recipes: 1 to 32 of {@code [A-Za-z0-9._-]}, first a letter, a
     * digit or {@code _}.
     */
    public static boolean isOwner(String user) {
        return OWNER.matcher(user).matches();
    }

    /** Returns the name that a text in a run or in a book spells; empty: the text is not a name. */
    public static Optional<RecipeName> find(String text) {
        return isValid(text) || OWNED.matcher(text).matches() ? Optional.of(new RecipeName(text)) : Optional.empty();
    }

    /** Returns the name of the user who owns the recipe; empty: the daemon owns it. */
    public Optional<String> owner() {
        int slash = value.indexOf('/');
        return slash < 0 ? Optional.empty() : Optional.of(value.substring(0, slash));
    }

    /**
     * Returns whether a text may be the name of a recipe without an owner: 1 to 64 of {@code [A-Za-z0-9._-]}, first a
     * letter or digit, and not digits alone.
     */
    public static boolean isValid(String value) {
        return SAFE.matcher(value).matches() && !DIGITS.matcher(value).matches();
    }

    @Override
    public int compareTo(RecipeName other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
