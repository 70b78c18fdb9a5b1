package io.leprechaun.daemon.recipe;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Something that a recipe's runs hold while they work, so that no run of another recipe does at the same time.
 *
 * @param most the number of runs that may hold it beside each other where it is counted
 */
public record Lock(String name, Mode mode, int most) {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

    /** How it is held. */
    public enum Mode {
        /** By one run alone. */
        EXCLUSIVE,
        /** By several, while nobody holds it alone. */
        SHARED,
        /** By so many at a time. */
        COUNTED;

        /** As it is spelled in a recipe. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** How a recipe may say that it is held. */
    public enum Written {
        EXCLUSIVE,
        SHARED;

        public Mode mode() {
            return this == EXCLUSIVE ? Mode.EXCLUSIVE : Mode.SHARED;
        }
    }

    /** A lock of a name. */
    public Lock(String name, Mode mode) {
        this(name, mode, 1);
    }

    /** The lock that each run of a user holds, so that only some are at work at a time. */
    public static Lock ofUser(String user, int most) {
        return new Lock("runs of " + user, Mode.COUNTED, most);
    }

    /** Whether it holds for a run that is started whatever the recipe's policies say. */
    public boolean isStrict() {
        return mode == Mode.COUNTED;
    }

    /** @throws IllegalArgumentException with a sentence that says what is wrong with the name */
    public static String name(String text) {
        if (!NAME.matcher(text).matches()) {
            throw new IllegalArgumentException("'" + text
                    + "' is no name of a lock; 1 to 64 letters, digits, . _ - are allowed, a letter or digit first");
        }
        return text;
    }

    /** The locks that exclude this one. */
    public List<Lock> rivals() {
        var alone = new Lock(name, Mode.EXCLUSIVE);
        return switch (mode) {
            case EXCLUSIVE -> List.of(alone, new Lock(name, Mode.SHARED));
            case SHARED -> List.of(alone);
            case COUNTED -> List.of(this);
        };
    }

    /** Whether two runs that want these cannot work at the same time. */
    public boolean excludes(Lock other) {
        return name.equals(other.name) && !(mode == Mode.SHARED && other.mode == Mode.SHARED);
    }
}
