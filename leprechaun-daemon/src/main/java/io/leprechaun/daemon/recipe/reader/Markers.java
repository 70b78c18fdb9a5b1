package io.leprechaun.daemon.recipe.reader;

import io.leprechaun.daemon.yaml.OddBlank;
import java.util.Optional;

/**
 * The markers around the command of a step.
 *
 * @param must whether there is a {@code !}
 * @param detach whether there is a {@code ->}
 * @param pipe whether there is a {@code }>}
 * @param command the text without the markers, byte for byte
 * @param problem the error in the markers, if there is one
 */
record Markers(boolean must, boolean detach, boolean pipe, String command, Optional<String> problem) {
    private static final String MUST = "!";
    private static final String DETACH = "->";
    private static final String REMOTE = "rmt:";
    private static final String PIPE = "}>";

    /**
     * Removes the markers from a text.
     *
     * @param must whether YAML has removed a {@code !} already
     */
    static Markers of(String text, boolean must) {
        boolean detach = false;
        String rest = text;
        for (String word = firstWord(rest); ; word = firstWord(rest)) {
            if (word.equals(MUST) ? must : word.equals(DETACH) && detach) {
                return wrong("duplicate marker `" + word + "`; remove one");
            }
            if (word.equals(MUST)) {
                must = true;
            } else if (word.equals(DETACH)) {
                detach = true;
            } else {
                break;
            }
            rest = rest.stripLeading().substring(word.length());
        }
        String word = firstWord(rest);
        if (word.startsWith(REMOTE)) {
            return wrong("remote steps are not in this version yet; remove `" + word + "`");
        }
        if (word.startsWith(MUST) || word.startsWith(DETACH)) {
            String marker = word.startsWith(MUST) ? MUST : DETACH;
            String command = word.substring(marker.length());
            return wrong(OddBlank.in(command)
                            .map(odd -> odd + " in place of a space after the marker")
                            .orElse("missing space after the marker")
                    + "; use `" + marker + " " + OddBlank.mended(command).strip() + "`");
        }
        boolean marked = must || detach;
        return tail(must, detach, marked ? rest.stripLeading() : rest);
    }

    private static Markers tail(boolean must, boolean detach, String rest) {
        String end = rest.stripTrailing();
        if (!end.endsWith(PIPE)) {
            return new Markers(must, detach, false, rest, Optional.empty());
        }
        String command = end.substring(0, end.length() - PIPE.length());
        if (!command.isEmpty() && !Character.isWhitespace(command.charAt(command.length() - 1))) {
            return wrong("missing space before the marker `}>`; "
                    + OddBlank.in(command.substring(command.length() - 1))
                            .map(odd -> odd + " is not a space: type one")
                            .orElse("add one"));
        }
        return new Markers(must, detach, true, command.stripTrailing(), Optional.empty());
    }

    private static String firstWord(String text) {
        String start = text.stripLeading();
        int end = 0;
        while (end < start.length() && !Character.isWhitespace(start.charAt(end))) {
            end++;
        }
        return start.substring(0, end);
    }

    private static Markers wrong(String problem) {
        return new Markers(false, false, false, "", Optional.of(problem));
    }
}
