package io.leprechaun.daemon.recipe;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * A named lock that a recipe's runs hold while they work, so that no run of another recipe works at the same time.
 *
 * @param most the number of runs that may hold a counted lock at the same time
 */
public record Lock(String name, Mode mode, int most) {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

    /** The mode in which a lock is held. */
    public enum Mode {
        /** Held by one run alone. */
        EXCLUSIVE,
        /** Held by several runs, while no run holds it alone. */
        SHARED,
        /** Held by a fixed number of runs at a time. */
        COUNTED;

        /** Returns the spelling in a recipe. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** The modes that a recipe may name. */
    public enum Written {
        EXCLUSIVE,
        SHARED;

        public Mode mode() {
            return this == EXCLUSIVE ? Mode.EXCLUSIVE : Mode.SHARED;
        }
    }

    /** Creates a lock that is not counted. */
    public Lock(String name, Mode mode) {
        this(name, mode, 1);
    }

    /** Returns the lock that each run of a user holds, so that at most this many work at a time. */
    public static Lock ofUser(String user, int most) {
        return new Lock("runs of " + user, Mode.COUNTED, most);
    }

    /** Returns whether the lock also holds for a run that is started regardless of the recipe's policies. */
    public boolean isStrict() {
        return mode == Mode.COUNTED;
    }

    /** @throws IllegalArgumentException with a sentence about the error when the name is invalid */
    public static String name(String text) {
        if (!NAME.matcher(text).matches()) {
            throw new IllegalArgumentException(
                    "invalid lock name '" + text + "': use 1 to 64 letters, digits, . _ or -, a letter or digit first");
        }
        return text;
    }

    /** Returns the locks that exclude this one. */
    public List<Lock> rivals() {
        var alone = new Lock(name, Mode.EXCLUSIVE);
        return switch (mode) {
            case EXCLUSIVE -> List.of(alone, new Lock(name, Mode.SHARED));
            case SHARED -> List.of(alone);
            case COUNTED -> List.of(this);
        };
    }

    /** Returns whether two runs that want these locks cannot work at the same time. */
    public boolean excludes(Lock other) {
        return name.equals(other.name) && !(mode == Mode.SHARED && other.mode == Mode.SHARED);
    }
}
