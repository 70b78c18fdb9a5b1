package io.leprechaun.daemon.hook;

import io.leprechaun.daemon.body.Body;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** The codes that prove the knowledge of a secret: their computation and comparison. */
final class Macs {
    private static final int BUFFER = 16 * 1024;
    static final byte[] NOTHING = new byte[0];
    private static final byte[] NOBODYS_KEY = new byte[32];

    static {
        new SecureRandom().nextBytes(NOBODYS_KEY);
    }

    private Macs() {}

    /** The hash functions of an HMAC (RFC 2104). */
    enum Algorithm {
        SHA256("HmacSHA256"),
        SHA512("HmacSHA512"),
        SHA1("HmacSHA1");

        private final String standardName;

        Algorithm(String standardName) {
            this.standardName = standardName;
        }
    }

    /** The spelling of the bytes of an HMAC. */
    enum Encoding {
        /** In small letters: senders document these, and so there is one spelling. */
        HEX,
        BASE64;

        String write(byte[] bytes) {
            return this == HEX
                    ? HexFormat.of().formatHex(bytes)
                    : Base64.getEncoder().encodeToString(bytes);
        }
    }

    /**
     * Returns the HMAC of a body.
     *
     * @throws UncheckedIOException when its file cannot be read
     */
    static byte[] hmac(Algorithm algorithm, byte[] key, Body body) {
        return hmac(algorithm, key, NOTHING, body, NOTHING);
    }

    /**
     * Returns the HMAC of a head, a body and a tail.
     *
     * @throws UncheckedIOException when the body's file cannot be read
     */
    static byte[] hmac(Algorithm algorithm, byte[] key, byte[] head, Body body, byte[] tail) {
        try (InputStream in = body.open()) {
            var mac = Mac.getInstance(algorithm.standardName);
            mac.init(new SecretKeySpec(key, algorithm.standardName));
            mac.update(head);
            if (body instanceof Body.Held(byte[] content)) {
                mac.update(content);
            } else {
                byte[] some = new byte[BUFFER];
                for (int read = in.read(some); read >= 0; read = in.read(some)) {
                    mac.update(some, 0, read);
                }
            }
            mac.update(tail);
            return mac.doFinal();
        } catch (NoSuchAlgorithmException | InvalidKeyException e) {
            throw new IllegalStateException("every JVM has " + algorithm, e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Takes as long as a signature of a body, for cases without one to compare with. */
    static void likeOne(Body body) {
        isEqual(hmac(Algorithm.SHA256, NOBODYS_KEY, body), NOBODYS_KEY);
    }

    /**
     * Returns whether two texts are the same. The time that this takes reveals neither the place of a difference nor
     * the length of the expected text.
     */
    static boolean isEqual(String given, String expected) {
        return isEqual(mixed(given), mixed(expected));
    }

    private static boolean isEqual(byte[] given, byte[] expected) {
        return MessageDigest.isEqual(given, expected);
    }

    private static byte[] mixed(String text) {
        return hmac(Algorithm.SHA256, NOBODYS_KEY, new Body.Held(text.getBytes(StandardCharsets.UTF_8)));
    }
}
