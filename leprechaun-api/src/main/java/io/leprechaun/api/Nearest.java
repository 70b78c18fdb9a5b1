package io.leprechaun.api;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Suggestions for misspelt words, by the Damerau-Levenshtein distance: the number of letters to add, drop, change or
 * swap with their neighbour. Case and the dashes of options do not count.
 */
public final class Nearest {
    private static final int FARTHEST = 2;
    private static final int MOST = 3;
    private static final int LEAST_PREFIX = 3;

    private Nearest() {}

    /**
     * Returns the known words that a misspelt word may stand for, the nearest first and at most three. Each is at most
     * two letters away, and at most half as many as the word has. Where none is, words that begin with it are
     * suggested.
     */
    public static List<String> to(String word, Collection<String> known) {
        String typed = letters(word);
        int limit = Math.min(FARTHEST, typed.length() / 2);
        Map<Integer, TreeSet<String>> found = new TreeMap<>();
        for (String candidate : known) {
            int distance = distance(typed, letters(candidate), limit);
            if (distance <= limit) {
                found.computeIfAbsent(distance, unused -> new TreeSet<>()).add(candidate);
            }
        }
        var nearest = new ArrayList<String>();
        found.values().forEach(nearest::addAll);
        if (nearest.isEmpty() && typed.length() >= LEAST_PREFIX) {
            known.stream()
                    .filter(candidate -> letters(candidate).startsWith(typed))
                    .sorted()
                    .forEach(nearest::add);
        }
        return List.copyOf(nearest.subList(0, Math.min(MOST, nearest.size())));
    }

    /**
     * Returns the end of a message about an unknown word: a question with the nearest words, or a remedy.
     *
     * @param prefix the text before each suggestion, to make it a command that users can type
     * @param otherwise the remedy where no word is near
     */
    public static String question(String word, Collection<String> known, String prefix, String otherwise) {
        List<String> nearest = to(word, known);
        return nearest.isEmpty() ? otherwise : ": did you mean " + listed(nearest, "`" + prefix, "`") + "?";
    }

    /** Returns words as a choice: {@code 'a'}, {@code 'a' or 'b'}, {@code 'a', 'b' or 'c'}. */
    public static String listed(List<String> words, String open, String close) {
        var text = new StringBuilder();
        for (int i = 0; i < words.size(); i++) {
            text.append(i == 0 ? "" : i == words.size() - 1 ? " or " : ", ");
            text.append(open).append(words.get(i)).append(close);
        }
        return text.toString();
    }

    private static String letters(String word) {
        int begin = 0;
        while (begin < word.length() && begin < 2 && word.charAt(begin) == '-') {
            begin++;
        }
        return word.substring(begin).toLowerCase(Locale.ROOT);
    }

    private static int distance(String a, String b, int limit) {
        if (Math.abs(a.length() - b.length()) > limit) {
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
