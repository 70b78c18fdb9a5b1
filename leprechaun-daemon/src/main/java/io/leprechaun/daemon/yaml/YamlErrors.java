package io.leprechaun.daemon.yaml;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;

/** Says what is wrong with a text that is no YAML so that its author can mend it. */
public final class YamlErrors {
    /** Possessive, so that many dashes take no stack. */
    private static final Pattern VALUE = Pattern.compile("^\\s*((?:- +)*+)((?:[A-Za-z_][A-Za-z0-9_]*: +)?)(.*)$");

    private static final String TAB = "a tab stands where YAML wants blanks; indent with blanks";

    private YamlErrors() {}

    static Place place(YamlText source, MarkedYAMLException e) {
        Mark mark = mark(e);
        return mark == null
                ? Place.of(source.file())
                : new Place(source.file(), mark.getLine() + 1, mark.getColumn() + 1, "");
    }

    /** Notes a blank that is none to YAML, if one stands where the text is no YAML because of it. */
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

    /** In single quotes, as YAML wants it: each quote inside is doubled. */
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
            return "a colon and a blank make a key of what stands before them in YAML";
        }
        if (problem.contains("\\t(TAB)")) {
            return TAB;
        }
        if (problem.contains("cannot start any token")) {
            return "no text may begin with this character in YAML";
        }
        if (context.contains("while parsing a block") && problem.contains("expected <block end>")) {
            return "this does not belong to what stands before it: the indentation changes, or text follows a closing"
                    + " quote or bracket";
        }
        return "this is no YAML: " + (context.equals("null") ? "" : context.strip() + ": ") + problem.strip();
    }

    private static String fix(String line) {
        Matcher parts = VALUE.matcher(line);
        if (!parts.matches() || parts.group(3).isBlank() || (parts.group(1) + parts.group(2)).isEmpty()) {
            return "";
        }
        return "; quote the text: " + parts.group(1) + parts.group(2) + quoted(parts.group(3));
    }
}
