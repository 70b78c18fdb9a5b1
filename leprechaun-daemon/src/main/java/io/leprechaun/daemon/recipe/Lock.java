package io.leprechaun.daemon.recipe;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** Something that a recipe's runs hold while they work, so that no run of another recipe does at the same time. */
public record Lock(String name, Mode mode) {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

    /** How it is held. */
    public enum Mode {
        /** By one run alone. */
        EXCLUSIVE,
        /** By several, while nobody holds it alone. */
        SHARED;

        /** As it is spelled in a recipe. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** @throws IllegalArgumentException with a sentence that says what is wrong with the name */
    static String name(String text) {
        if (!NAME.matcher(text).matches()) {
            throw new IllegalArgumentException("'" + text
                    + "' is no name of a lock; 1 to 64 letters, digits, . _ - are allowed, a letter or digit first");
        }
        return text;
    }

    /** The locks that exclude this one. */
    public List<Lock> rivals() {
        var alone = new Lock(name, Mode.EXCLUSIVE);
        return mode == Mode.EXCLUSIVE ? List.of(alone, new Lock(name, Mode.SHARED)) : List.of(alone);
    }

    /** Whether two runs that want these cannot work at the same time. */
    public boolean excludes(Lock other) {
        return name.equals(other.name) && (mode == Mode.EXCLUSIVE || other.mode == Mode.EXCLUSIVE);
    }
}
