package io.leprechaun.daemon.recipe;

import java.util.Optional;
import java.util.regex.Pattern;

/** A recipe's name: unique among the loaded recipes, and never mistaken for a run's number. That of an ordinary user's recipe begins with the user's name and a slash; any other is safe as a file name. */
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
     * The name of a user's recipe.
     *
     * @throws IllegalArgumentException for a user whose name holds what a recipe's name may not
     */
    public static RecipeName of(String user, RecipeName plain) {
        return new RecipeName(user + "/" + plain.value);
    }

    /** Whether a user of this name may have recipes: 1 to 32 of {@code [A-Za-z0-9._-]}, first a letter, a digit or {@code _}. */
    public static boolean isOwner(String user) {
        return OWNER.matcher(user).matches();
    }

    /** A name as it stands in a run or in a book; empty: the text is none. */
    public static Optional<RecipeName> find(String text) {
        return isValid(text) || OWNED.matcher(text).matches() ? Optional.of(new RecipeName(text)) : Optional.empty();
    }

    /** The name of the user whose recipe it is; empty: it is the daemon's own. */
    public Optional<String> owner() {
        int slash = value.indexOf('/');
        return slash < 0 ? Optional.empty() : Optional.of(value.substring(0, slash));
    }

    /** Whether a text may be a recipe's name without an owner: 1 to 64 of {@code [A-Za-z0-9._-]}, first a letter or digit, and not digits alone. */
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
