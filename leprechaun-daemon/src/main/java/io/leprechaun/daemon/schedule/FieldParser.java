package io.leprechaun.daemon.schedule;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The parser of one field of a cron pattern. */
final class FieldParser {
    private final Field field;
    private final String text;
    private long bits;
    private final List<DayRule> rules = new ArrayList<>();

    private FieldParser(Field field, String text) {
        this.field = field;
        this.text = text;
    }

    /**
     * The values that a field matches.
     *
     * @param text the field as written
     * @param bits one bit for each value, the lowest for 0; Sunday is 0 only
     * @param rules the rules for days that depend on the month
     */
    record Matches(String text, long bits, List<DayRule> rules) {
        /**
         * Returns whether it begins with a star or a {@code ?}: cron's rules for days and for daylight saving depend on
         * it.
         */
        boolean isStar() {
            return text.startsWith("*") || text.startsWith("?");
        }
    }

    /** @throws PatternException when the text is invalid */
    static Matches parse(Field field, String text) {
        return new FieldParser(field, text).parse();
    }

    private Matches parse() {
        for (String part : text.split(",", -1)) {
            if (part.isEmpty()) {
                throw wrong("missing value beside a comma; remove the comma");
            }
            part(part.toUpperCase(Locale.ROOT));
        }
        if (field == Field.WEEKDAY && (bits & 1L << 7) != 0) {
            bits = bits & ~(1L << 7) | 1L;
        }
        return new Matches(text, bits, List.copyOf(rules));
    }

    private void part(String part) {
        if (field == Field.DAY && dayRule(part) || field == Field.WEEKDAY && weekdayRule(part)) {
            return;
        }
        int slash = part.indexOf('/');
        String range = slash < 0 ? part : part.substring(0, slash);
        int step = slash < 0 ? 1 : step(part.substring(slash + 1), range);
        int dash = range.indexOf('-');
        if (range.equals("*") || range.equals("?") && field.isDay()) {
            // 7 is Sunday again: a step over the weekdays ends at Saturday
            set(field.min, field == Field.WEEKDAY ? 6 : field.max, step);
        } else if (range.equals("?")) {
            throw wrong("`?` is only for the day and weekday fields; use `*`");
        } else if (dash < 0) {
            int from = value(range);
            set(from, slash < 0 ? from : Math.max(from, field == Field.WEEKDAY ? 6 : field.max), step);
        } else {
            range(range.substring(0, dash), range.substring(dash + 1), step);
        }
    }

    private void range(String first, String last, int step) {
        int from = value(first);
        int to = value(last);
        if (field == Field.WEEKDAY && last.equals("SUN") && from > 0) {
            to = 7;
        }
        if (from > to) {
            int end = field == Field.WEEKDAY ? 6 : field.max;
            String fix = (from > end ? "" : run(from, end) + ",") + run(field.min, to);
            throw wrong("the range " + first + "-" + last + " runs backwards; use " + fix);
        }
        set(from, to, step);
    }

    private static String run(int from, int to) {
        return from == to ? String.valueOf(from) : from + "-" + to;
    }

    private void set(int from, int to, int step) {
        for (int value = from; value <= to; value += step) {
            bits |= 1L << value;
        }
    }

    /** @param range the range that the step divides */
    private int step(String digits, String range) {
        int step = number(digits, "invalid step '" + digits + "': use a number, such as */5");
        if (step == 0) {
            throw wrong("a step of 0 never advances; use 1 or more");
        }
        if (step > field.max) {
            String first = range.equals("*") ? String.valueOf(field.min) : range.split("-", 2)[0];
            boolean isWhole = field.unit().isPresent() && step == field.max + 1;
            String fix = isWhole
                    ? "use " + first + " in its place"
                    : field.unit()
                            .map(unit -> "for every " + step + unit + " use @every " + step + unit + ", which counts"
                                    + " from 1970, not from a time of day")
                            .orElse("use a smaller step, or the value itself");
            throw wrong("the step " + step + " is larger than the field, " + field.allowed() + "; " + fix);
        }
        return step;
    }

    private int value(String word) {
        int name = field.names.indexOf(word);
        if (name >= 0) {
            return name + field.min;
        }
        int value = number(word, "invalid value '" + word + "': use " + field.allowed());
        if (value < field.min || value > field.max) {
            throw wrong(value + " is out of range; use " + field.allowed());
        }
        return value;
    }

    /** Parses a few ASCII digits only: {@code Character.isDigit} accepts many more. */
    private int number(String digits, String otherwise) {
        if (digits.isEmpty() || digits.length() > 4 || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw wrong(otherwise);
        }
        return Integer.parseInt(digits);
    }

    private boolean dayRule(String part) {
        if (part.equals("L")) {
            rules.add(new DayRule.LastDay());
        } else if (part.equals("LW") || part.equals("WL")) {
            rules.add(new DayRule.LastWorkday());
        } else if (part.endsWith("W")) {
            rules.add(new DayRule.NearestWorkday(value(part.substring(0, part.length() - 1))));
        } else {
            return false;
        }
        return true;
    }

    private boolean weekdayRule(String part) {
        int hash = part.indexOf('#');
        if (part.equals("L")) {
            throw wrong("`L` needs a weekday before it; use 5L for the last Friday of the month");
        } else if (part.endsWith("L")) {
            rules.add(new DayRule.LastWeekday(value(part.substring(0, part.length() - 1)) % 7));
        } else if (hash >= 0) {
            int week = number(part.substring(hash + 1), "missing number after `#`; use 1#2 for the second Monday");
            if (week < 1 || week > 5) {
                throw wrong("a month has no weekday number " + week + "; use #1 to #5");
            }
            rules.add(new DayRule.NthWeekday(value(part.substring(0, hash)) % 7, week));
        } else {
            return false;
        }
        return true;
    }

    private PatternException wrong(String why) {
        return new PatternException("the " + field.label + " field '" + text + "': " + why);
    }
}
