package io.leprechaun.daemon.yaml;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** Suggestions for misspelt words. */
public final class Nearest {
    private static final int FARTHEST = 2;

    private Nearest() {}

    /**
     * Returns the known word that is at most two typing errors away from a word, and fewer than the word has letters;
     * the first of equals.
     */
    public static Optional<String> to(String word, Collection<String> known) {
        int limit = Math.min(FARTHEST, word.length() - 1);
        return known.stream()
                .filter(k -> distance(word, k) <= limit)
                .min(Comparator.comparingInt(k -> distance(word, k)));
    }

    /** Returns {@code ; did you mean 'x'?}, or the list of known words where none is near. */
    static String hint(String word, Collection<String> known) {
        return to(word, known)
                .map(k -> "; did you mean '" + k + "'?")
                .orElseGet(() -> "; use one of " + String.join(", ", known));
    }

    /** Returns the number of letters to add, drop, change or swap with their neighbour; case does not count. */
    private static int distance(String from, String to) {
        String a = from.toLowerCase(Locale.ROOT);
        String b = to.toLowerCase(Locale.ROOT);
        if (Math.abs(a.length() - b.length()) > FARTHEST) {
            return Integer.MAX_VALUE;
        }
        int[][] d = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                d[i][j] = i == 0 || j == 0 ? i + j : step(d, a, b, i, j);
            }
        }
        return d[a.length()][b.length()];
    }

    private static int step(int[][] d, String a, String b, int i, int j) {
        int change = d[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        int best = Math.min(change, 1 + Math.min(d[i - 1][j], d[i][j - 1]));
        boolean swapped = i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
        return swapped ? Math.min(best, d[i - 2][j - 2] + 1) : best;
    }
}
