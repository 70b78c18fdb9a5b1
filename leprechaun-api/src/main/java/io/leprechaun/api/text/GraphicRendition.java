package io.leprechaun.api.text;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A filter for the parameters of a terminal's colour sequence (SGR, ECMA-48 8.3.117). It keeps those that only colour
 * text or give it weight, and never the one that conceals it.
 */
final class GraphicRendition {
    /** The largest parameter with a meaning. */
    private static final int LARGEST = 255;

    private static final int FOREGROUND = 38;
    private static final int BACKGROUND = 48;
    private static final int UNDERLINE = 58;
    /** The parameter after one of these three that announces a number of the palette. */
    private static final int PALETTE = 5;
    /** The parameter after one of these three that announces red, green and blue. */
    private static final int DIRECT = 2;

    private GraphicRendition() {}

    /**
     * Returns the parameters that pass, separated by semicolons; empty where none does. Colons within a parameter
     * become semicolons, since terminals that do not know colons misread the rest.
     *
     * @param parameters the text between {@code \e[} and {@code m}
     */
    static String allowed(String parameters) {
        List<String> given = Arrays.asList(parameters.split(";", -1));
        var allowed = new ArrayList<Integer>();
        for (int i = 0; i < given.size(); ) {
            int code = number(given.get(i).split(":", 2)[0]);
            if (!isExtended(code)) {
                if (isAllowed(code) && !given.get(i).contains(":")) {
                    allowed.add(code);
                }
                i++;
                continue;
            }
            boolean closed = given.get(i).contains(":");
            List<Integer> arguments = closed ? within(given.get(i)) : numbers(given.subList(i + 1, given.size()));
            int length = length(arguments);
            if (length == 0 && !closed) {
                break; // terminals disagree about its end
            }
            if (length > 0 && code != UNDERLINE) { // few terminals know it, and others misread the rest
                allowed.add(code);
                allowed.addAll(arguments.subList(0, length));
            }
            i += closed ? 1 : 1 + length;
        }
        return allowed.stream().map(String::valueOf).collect(Collectors.joining(";"));
    }

    private static boolean isExtended(int code) {
        return code == FOREGROUND || code == BACKGROUND || code == UNDERLINE;
    }

    /**
     * Returns whether a code passes: weights, underline, blinking, reverse and their ends, the eight colours and the
     * bright ones.
     */
    private static boolean isAllowed(int code) {
        return code >= 0 && code <= 7
                || code == 9
                || code >= 21 && code <= 27
                || code == 29
                || code >= 30 && code <= 37
                || code >= 39 && code <= 47
                || code == 49
                || code >= 90 && code <= 97
                || code >= 100 && code <= 107;
    }

    /**
     * Returns the numbers after the first colon, without the number of a colour space, which is empty or follows the 2.
     */
    private static List<Integer> within(String parameter) {
        List<Integer> numbers = numbers(Arrays.asList(parameter.split(":", -1)));
        var arguments = new ArrayList<>(numbers.subList(1, numbers.size()));
        if (arguments.size() > 4 && arguments.getFirst() == DIRECT) {
            arguments.remove(1);
        }
        return arguments;
    }

    /** Returns the count of leading numbers that form a colour; 0 where they form none. */
    private static int length(List<Integer> arguments) {
        int length = switch (arguments.isEmpty() ? -1 : arguments.getFirst()) {
            case PALETTE -> 2;
            case DIRECT -> 4;
            default -> 0;
        };
        boolean known =
                arguments.size() >= length && arguments.stream().limit(length).allMatch(number -> number >= 0);
        return known ? length : 0;
    }

    private static List<Integer> numbers(List<String> texts) {
        return texts.stream().map(GraphicRendition::number).toList();
    }

    /**
     * Returns the number in a text: 0 for an empty text, as terminals read it; -1 for a number above 255 or another
     * text.
     */
    private static int number(String text) {
        if (text.length() > 9 || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return -1;
        }
        int number = text.isEmpty() ? 0 : Integer.parseInt(text);
        return number <= LARGEST ? number : -1;
    }
}
