package io.leprechaun.daemon.token;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.function.Predicate;

/** Random secrets and their hashes. A secret of 256 random bits cannot be guessed, so a plain hash protects it. */
public final class Secrets {
    /** The form of a secret. */
    public static final String FORM = "[A-Za-z0-9_-]{43}";

    private static final int ID_BYTES = 4;
    private static final int SECRET_BYTES = 32;
    private static final SecureRandom RANDOM = new SecureRandom();

    private Secrets() {}

    /** Returns a new secret, in characters that need no escape in an address or a header. */
    public static String make() {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes(SECRET_BYTES));
    }

    /** Returns new random characters that are not secret, of eight hexadecimal digits. */
    public static String id() {
        return HexFormat.of().formatHex(bytes(ID_BYTES));
    }

    /** Returns such characters that are not taken yet. */
    public static String id(Predicate<String> taken) {
        while (true) {
            String id = id();
            if (!taken.test(id)) {
                return id;
            }
        }
    }

    /** Returns random bytes. */
    public static byte[] bytes(int count) {
        var bytes = new byte[count];
        RANDOM.nextBytes(bytes);
        return bytes;
    }

    /** Returns the SHA-256 of a text, in hexadecimal digits. */
    public static String hash(String text) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** Returns whether a text has this hash; takes the same time for every text of one length. */
    public static boolean isOf(String text, String hash) {
        return MessageDigest.isEqual(
                hash.getBytes(StandardCharsets.US_ASCII), hash(text).getBytes(StandardCharsets.US_ASCII));
    }
}
