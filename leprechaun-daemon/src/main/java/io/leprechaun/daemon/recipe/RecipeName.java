package io.leprechaun.daemon.recipe;

import java.util.regex.Pattern;

/** A recipe's name: unique among the loaded recipes, safe as a file name, and never mistaken for a run's number. */
public record RecipeName(String value) implements Comparable<RecipeName> {
    private static final Pattern SAFE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");
    private static final Pattern DIGITS = Pattern.compile("[0-9]+");

    public RecipeName {
        if (!isValid(value)) {
            throw new IllegalArgumentException("not a recipe name: '" + value + "'");
        }
    }

    /** Whether a text may be a recipe's name: 1 to 64 of {@code [A-Za-z0-9._-]}, first a letter or digit, and not digits alone. */
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
