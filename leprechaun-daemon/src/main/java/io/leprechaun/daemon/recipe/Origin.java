package io.leprechaun.daemon.recipe;

import io.leprechaun.daemon.posix.User;
import java.nio.file.Path;
import java.util.OptionalInt;

/**
 * Where a recipe comes from.
 *
 * @param file the file it was read from
 * @param text the whole file
 * @param hash the recipe's version: SHA-256 of the text in lower-case hexadecimal, behind the owner's number and a colon where an ordinary user owns the recipe
 */
public record Origin(Path file, String text, String hash) {
    /**
     * A recipe of an ordinary user.
     *
     * @param uid the user's number
     * @param hash of the text alone
     */
    public static Origin of(Path file, String text, int uid, String hash) {
        return new Origin(file, text, Integer.toUnsignedString(uid) + ":" + hash);
    }

    /** The number of the ordinary user who owns the recipe; empty: it is the daemon's own. Kept in the version, so that a text that is stored with a run never becomes another's. */
    public OptionalInt owner() {
        return owner(hash);
    }

    /** Whether a version is one of a recipe of a user's. */
    public static boolean isOf(User user, String version) {
        return owner(version).equals(OptionalInt.of(user.uid()));
    }

    private static OptionalInt owner(String hash) {
        int colon = hash.indexOf(':');
        return colon < 0 ? OptionalInt.empty() : OptionalInt.of(Integer.parseUnsignedInt(hash, 0, colon, 10));
    }
}
