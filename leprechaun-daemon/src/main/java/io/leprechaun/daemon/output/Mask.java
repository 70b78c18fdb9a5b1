package io.leprechaun.daemon.output;

import io.leprechaun.daemon.recipe.Recipe;
import io.leprechaun.daemon.secret.Secret;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A mask that replaces the bytes of secrets by the same number of stars, so that nothing else moves. A secret of
 * several lines is hidden as a whole, and so is each of its lines that has {@value #SHORT} characters or more.
 * Immutable.
 */
public final class Mask {
    /** The mask that hides nothing. */
    public static final Mask NONE = new Mask(List.of());

    /** The shortest length of a line that is hidden alone, in characters: shorter texts occur often outside secrets. */
    public static final int SHORT = 6;

    private static final byte STAR = '*';

    /**
     * The shortest beginning of a secret that is hidden in a process's name, in bytes: a shorter one is mere chance.
     */
    private static final int SHORTEST_CUT = 4;

    /** The bytes of a character that the kernel cut in two, as Java decodes it: U+FFFD. */
    private static final byte[] HALF = "\uFFFD".getBytes(StandardCharsets.UTF_8);

    private static final Comparator<byte[]> LONGEST_FIRST = Comparator.comparingInt(bytes -> -bytes.length);

    /** The longest first. */
    private final List<byte[]> secrets;
    /** The same, by their first bytes; an array, because each byte of the output is looked up. */
    private final byte[][][] byFirst = new byte[256][][];

    private Mask(List<byte[]> secrets) {
        this.secrets = secrets;
        for (int first = 0; first < byFirst.length; first++) {
            byte octet = (byte) first;
            byFirst[first] =
                    secrets.stream().filter(secret -> secret[0] == octet).toArray(byte[][]::new);
        }
    }

    /** Returns a mask that hides these secrets. */
    public static Mask of(Collection<Secret> secrets) {
        return new Mask(secrets.stream()
                .map(Secret::value)
                .flatMap(value -> Stream.concat(Stream.of(value), value.lines().filter(line -> line.length() >= SHORT)))
                .filter(text -> !text.isBlank())
                .distinct()
                .map(text -> text.getBytes(StandardCharsets.UTF_8))
                .sorted(LONGEST_FIRST)
                .toList());
    }

    /** Returns a mask that hides the secrets of a recipe as they are now, without missing ones. */
    public static Mask of(Recipe recipe, Map<String, String> daemon) {
        return of(recipe.surroundings().secrets().values().stream()
                .flatMap(source -> source.fetch(daemon).stream())
                .toList());
    }

    /** Returns a mask that hides the secrets of both masks. */
    public Mask and(Mask other) {
        if (isEmpty() || other.isEmpty()) {
            return isEmpty() ? other : this;
        }
        return new Mask(Stream.concat(secrets.stream(), other.secrets.stream())
                .sorted(LONGEST_FIRST)
                .toList());
    }

    /** Returns whether there is nothing to hide. */
    public boolean isEmpty() {
        return secrets.isEmpty();
    }

    /** Returns the number of bytes before and after a position that may belong to the same secret. */
    public int reach() {
        return secrets.isEmpty() ? 0 : secrets.getFirst().length - 1;
    }

    /** Returns a text without secrets. */
    public String hide(String text) {
        if (isEmpty()) {
            return text;
        }
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        hide(bytes, bytes.length);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /**
     * Returns a sentence without secrets, and without the beginning of one where the kernel has cut off a process's
     * name: {@code left behind: 4711 (NAME)}.
     */
    public String hideInSentence(String sentence) {
        if (isEmpty()) {
            return sentence;
        }
        byte[] bytes = sentence.getBytes(StandardCharsets.UTF_8);
        hide(bytes, bytes.length);
        for (int at = 0; at < bytes.length; at++) {
            if (bytes[at] == ')') {
                boolean half = at >= HALF.length && Arrays.equals(HALF, 0, HALF.length, bytes, at - HALF.length, at);
                int end = half ? at - HALF.length : at;
                int cut = undecided(bytes, end);
                if (cut >= SHORTEST_CUT) {
                    Arrays.fill(bytes, end - cut, end, STAR);
                }
            }
        }
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /**
     * Hides the secrets that are complete within the first bytes.
     *
     * @return whether a secret was found
     */
    public boolean hide(byte[] bytes, int length) {
        if (isEmpty()) {
            return false;
        }
        byte[] seen = Arrays.copyOf(bytes, length);
        boolean found = false;
        for (int at = 0; at < length; at++) {
            for (byte[] secret : beginningWith(seen[at])) {
                if (secret.length <= length - at
                        && Arrays.equals(secret, 0, secret.length, seen, at, at + secret.length)) {
                    Arrays.fill(bytes, at, at + secret.length, STAR);
                    found = true;
                    break; // the longest come first
                }
            }
        }
        return found;
    }

    /**
     * Returns the number of last bytes that may be the beginning of a secret whose rest follows. To be asked before
     * anything is hidden: stars would conceal the beginning of a longer secret.
     */
    public int undecided(byte[] bytes, int length) {
        for (int tail = Math.min(reach(), length); tail > 0; tail--) {
            int from = length - tail;
            for (byte[] secret : beginningWith(bytes[from])) {
                if (secret.length <= tail) {
                    break; // the longest come first
                }
                if (Arrays.equals(secret, 0, tail, bytes, from, length)) {
                    return tail;
                }
            }
        }
        return 0;
    }

    private byte[][] beginningWith(byte first) {
        return byFirst[first & 0xff];
    }
}
