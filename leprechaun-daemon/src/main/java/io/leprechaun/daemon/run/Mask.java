package io.leprechaun.daemon.run;

import io.leprechaun.daemon.config.Secret;
import io.leprechaun.daemon.recipe.Recipe;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Puts stars in the place of secrets, as many as they have bytes, so that nothing else moves. A secret of several lines is one as a whole, and each line of it is. Immutable.
 */
public final class Mask {
    /** Hides nothing. */
    public static final Mask NONE = new Mask(List.of());

    private static final byte STAR = '*';

    private final List<byte[]> secrets;

    private Mask(List<byte[]> secrets) {
        this.secrets = secrets;
    }

    /** Hides these. */
    public static Mask of(Collection<Secret> secrets) {
        return new Mask(secrets.stream()
                .map(Secret::value)
                .flatMap(value -> Stream.concat(Stream.of(value), value.lines()))
                .filter(text -> !text.isBlank())
                .distinct()
                .map(text -> text.getBytes(StandardCharsets.UTF_8))
                .sorted(Comparator.comparingInt(bytes -> -bytes.length))
                .toList());
    }

    /** Hides the secrets of a recipe as they are now, those that are there. */
    public static Mask of(Recipe recipe, Map<String, String> daemon) {
        return of(recipe.surroundings().secrets().values().stream()
                .flatMap(source -> source.fetch(daemon).stream())
                .toList());
    }

    /** Whether there is nothing to hide. */
    public boolean isEmpty() {
        return secrets.isEmpty();
    }

    /** How many bytes before and after a place may belong to the same secret. */
    public int reach() {
        return secrets.isEmpty() ? 0 : secrets.getFirst().length - 1;
    }

    /** A text without secrets. */
    public String hide(String text) {
        if (isEmpty()) {
            return text;
        }
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        hide(bytes, bytes.length);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /**
     * Hides the secrets that stand as a whole in the first bytes.
     *
     * @return whether there were any
     */
    public boolean hide(byte[] bytes, int length) {
        if (isEmpty()) {
            return false;
        }
        byte[] seen = Arrays.copyOf(bytes, length);
        boolean found = false;
        for (byte[] secret : secrets) {
            for (int at = find(seen, secret, 0); at >= 0; at = find(seen, secret, at + 1)) {
                Arrays.fill(bytes, at, at + secret.length, STAR);
                found = true;
            }
        }
        return found;
    }

    /** How many of the last bytes may be the beginning of a secret whose rest is still to come. */
    public int undecided(byte[] bytes, int length) {
        for (int tail = Math.min(reach(), length); tail > 0; tail--) {
            int from = length - tail;
            int size = tail;
            if (secrets.stream()
                    .anyMatch(secret ->
                            secret.length > size && Arrays.equals(secret, 0, size, bytes, from, from + size))) {
                return tail;
            }
        }
        return 0;
    }

    private static int find(byte[] bytes, byte[] secret, int from) {
        for (int at = from; at <= bytes.length - secret.length; at++) {
            if (bytes[at] == secret[0] && Arrays.equals(secret, 0, secret.length, bytes, at, at + secret.length)) {
                return at;
            }
        }
        return -1;
    }
}
