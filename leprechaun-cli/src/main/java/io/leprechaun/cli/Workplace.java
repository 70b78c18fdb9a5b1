package io.leprechaun.cli;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The files and folders that a daemon uses, as it reports them in {@code daemon info}.
 *
 * @param document the answer, a flat JSON object on one line
 */
record Workplace(String document) {
    private static final Pattern ESCAPE = Pattern.compile("\\\\(u([0-9a-fA-F]{4})|.)");

    /** Returns the options that make {@code leprechaund offline} use the same files and folders. */
    List<String> options() {
        var options = new ArrayList<String>();
        for (String name : List.of("config", "recipes", "state")) {
            text(name).ifPresent(path -> options.addAll(List.of("--" + name, path)));
        }
        return options;
    }

    private Optional<String> text(String name) {
        Matcher member = Pattern.compile("[{,]\"" + name + "\":\"((?:[^\"\\\\]|\\\\.)*)\"")
                .matcher(document);
        return member.find() ? Optional.of(unescaped(member.group(1))) : Optional.empty();
    }

    private static String unescaped(String text) {
        return ESCAPE.matcher(text)
                .replaceAll(escape -> Matcher.quoteReplacement(String.valueOf(
                        escape.group(2) != null
                                ? (char) HexFormat.fromHexDigits(escape.group(2))
                                : character(escape.group(1)))));
    }

    private static char character(String escaped) {
        return switch (escaped) {
            case "n" -> '\n';
            case "t" -> '\t';
            case "r" -> '\r';
            case "b" -> '\b';
            case "f" -> '\f';
            default -> escaped.charAt(0);
        };
    }
}
