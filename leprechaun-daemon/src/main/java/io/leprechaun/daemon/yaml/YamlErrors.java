package io.leprechaun.daemon.yaml;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;

/** Messages about a text that is not YAML, with which its author can correct it. */
public final class YamlErrors {
    /** A line in three groups: dashes, a key and a value. Possessive, so that many dashes take no stack. */
    private static final Pattern VALUE = Pattern.compile("^\\s*((?:- +)*+)((?:[A-Za-z_][A-Za-z0-9_]*: +)?)(.*)$");

    static final String UNEXPECTED =
            "unexpected text: the indentation changes, or text follows a closing quote or bracket";

    private static final String TAB = "a tab in place of spaces; indent with spaces";

    private YamlErrors() {}

    static Place place(YamlText source, MarkedYAMLException e) {
        Mark mark = mark(e);
        return mark == null
                ? Place.of(source.file())
                : new Place(source.file(), mark.getLine() + 1, mark.getColumn() + 1, "");
    }

    /**
     * Notes the first blank that is not one to YAML, if one stands where it makes the text invalid; returns whether
     * there is one.
     */
    static boolean oddBlank(YamlText source, Problems problems) {
        int number = 0;
        for (String line : source.text().lines().toList()) {
            number++;
            Optional<String> sentence = OddBlank.sentence(line);
            if (sentence.isPresent()) {
                problems.error(new Place(source.file(), number, OddBlank.column(line), ""), sentence.get());
                return true;
            }
        }
        return false;
    }

    static String message(YamlText source, MarkedYAMLException e) {
        Mark mark = mark(e);
        String line = mark == null
                ? ""
                : source.text().lines().skip(mark.getLine()).findFirst().orElse("");
        String what = what(String.valueOf(e.getContext()), String.valueOf(e.getProblem()));
        return what.equals(TAB) ? what : what + fix(line);
    }

    /** Returns a text in single quotes, as YAML writes it: each quote inside is doubled. */
    public static String quoted(String text) {
        return "'" + text.strip().replace("'", "''") + "'";
    }

    private static @Nullable Mark mark(MarkedYAMLException e) {
        return e.getProblemMark() == null ? e.getContextMark() : e.getProblemMark();
    }

    private static String what(String context, String problem) {
        if (context.contains("scanning an alias")) {
            return "`*` begins an alias in YAML";
        }
        if (context.contains("scanning an anchor")) {
            return "`&` begins an anchor in YAML";
        }
        if (problem.contains("mapping values are not allowed")) {
            return "YAML reads the text before a colon and a space as a key";
        }
        if (problem.contains("\\t(TAB)")) {
            return TAB;
        }
        if (problem.contains("cannot start any token")) {
            return "a text in YAML must not begin with this character";
        }
        if (context.contains("while parsing a block") && problem.contains("expected <block end>")) {
            return UNEXPECTED;
        }
        return "invalid YAML: " + (context.equals("null") ? "" : context.strip() + ": ") + problem.strip();
    }

    private static String fix(String line) {
        Matcher parts = VALUE.matcher(line);
        if (!parts.matches() || parts.group(3).isBlank() || (parts.group(1) + parts.group(2)).isEmpty()) {
            return "";
        }
        return "; quote the text: " + parts.group(1) + parts.group(2) + quoted(parts.group(3));
    }
}
