package io.leprechaun.daemon.recipe;

import io.leprechaun.daemon.posix.User;
import java.nio.file.Path;
import java.util.OptionalInt;

/**
 * The source of a recipe.
 *
 * @param file the file that it was read from
 * @param text the whole file
 * @param hash the recipe's version: SHA-256 of the text in lower-case hexadecimal, after the owner's uid and a colon
 *     where an ordinary user owns the recipe
 */
public record Origin(Path file, String text, String hash) {
    /**
     * Returns the origin of an ordinary user's recipe.
     *
     * @param uid the user's number
     * @param hash the hash of the text alone
     */
    public static Origin of(Path file, String text, int uid, String hash) {
        return new Origin(file, text, Integer.toUnsignedString(uid) + ":" + hash);
    }

    /**
     * Returns the uid of the ordinary user who owns the recipe; empty: the daemon owns it. The version holds it, so a
     * text stored with a run keeps its owner.
     */
    public OptionalInt owner() {
        return owner(hash);
    }

    /** Returns whether a version belongs to a recipe of the user. */
    public static boolean isOf(User user, String version) {
        return owner(version).equals(OptionalInt.of(user.uid()));
    }

    private static OptionalInt owner(String hash) {
        int colon = hash.indexOf(':');
        return colon < 0 ? OptionalInt.empty() : OptionalInt.of(Integer.parseUnsignedInt(hash, 0, colon, 10));
    }
}
