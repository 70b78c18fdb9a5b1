package io.leprechaun.daemon.schedule;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Patterns of other programs that are invalid here, and advice for them: crontabs, Jenkins, Quartz. */
final class ForeignPattern {
    private static final int FIELDS = 5;
    private static final Pattern ZONE = Pattern.compile("(?:CRON_)?TZ=(\\S+)\\s*(.*)");
    private static final Pattern FIELD = Pattern.compile("[0-9*?,/#A-Za-z-]+");
    /** A path, or a word that is not the name of a day. */
    private static final Pattern COMMAND =
            Pattern.compile("[/~.].*|(?!(?i:sun|mon|tue|wed|thu|fri|sat))[a-z][a-z0-9_.-]{3,}");

    private static final Pattern YEAR = Pattern.compile("(?:19|20)\\d\\d(?:[-,/].*)?");
    private static final Pattern HASH = Pattern.compile("H(?:\\(.*\\))?(?:/\\d+)?");
    private static final Pattern BEFORE_LAST = Pattern.compile("(?i)L-\\d+W?");

    private static final int DAYS = 7;
    /** One week of a month, after a step that is larger than any month. */
    private static final Pattern WEEK = Pattern.compile("\\*/(?:3[2-9]|[4-9]\\d|\\d{3,4}),(1|8|15|22)-(?:7|14|21|28)");

    private static final Pattern WEEKDAY = Pattern.compile("[0-7]|[A-Za-z]{3}");

    private ForeignPattern() {}

    /** Returns the kind of a foreign pattern, and its spelling here; empty: it is not a known one. */
    static Optional<String> advice(String pattern) {
        Matcher zone = ZONE.matcher(pattern);
        if (zone.matches()) {
            return Optional.of("a pattern cannot contain a zone: use `timezone: " + zone.group(1) + "`, and the"
                    + " pattern '" + zone.group(2) + "'");
        }
        if (pattern.startsWith("@")) {
            return Optional.empty();
        }
        List<String> words = Arrays.asList(pattern.split("[ \\t]+"));
        return command(words)
                .or(() -> firstWeekday(words))
                .or(() -> words.stream()
                        .flatMap(word -> advice(words, word).stream())
                        .findFirst());
    }

    private static Optional<String> command(List<String> words) {
        boolean fields = words.size() > FIELDS
                && words.subList(0, FIELDS).stream()
                        .allMatch(word -> FIELD.matcher(word).matches());
        if (!fields
                || words.subList(FIELDS, words.size()).stream()
                        .noneMatch(word -> COMMAND.matcher(word).matches())) {
            return Optional.empty();
        }
        return Optional.of("a crontab line in place of a pattern: use the pattern '"
                + String.join(" ", words.subList(0, FIELDS)) + "', and the step '"
                + String.join(" ", words.subList(FIELDS, words.size())) + "'");
    }

    /**
     * Returns advice for a step that is larger than the field: it makes cron require the day and the weekday at once.
     */
    private static Optional<String> firstWeekday(List<String> words) {
        if (words.size() < FIELDS) {
            return Optional.empty();
        }
        int day = words.size() - 3;
        Matcher week = WEEK.matcher(words.get(day));
        if (!week.matches() || !WEEKDAY.matcher(words.getLast()).matches()) {
            return Optional.empty();
        }
        var fields = new ArrayList<>(words);
        fields.set(day, "*");
        fields.set(words.size() - 1, words.getLast() + "#" + (Integer.parseInt(week.group(1)) / DAYS + 1));
        return Optional.of("the step in '" + words.get(day)
                + "' is larger than the field: for one weekday in these days use '"
                + String.join(" ", fields) + "'");
    }

    private static Optional<String> advice(List<String> words, String word) {
        if (HASH.matcher(word).matches()) {
            return Optional.of(
                    "unknown Jenkins value '" + word + "': use a value, and `jitter: 30m` to spread the starts");
        }
        if (word.indexOf('~') >= 0) {
            return Optional.of(
                    "unknown random value '" + word + "': use a value, and `jitter: 30m` to spread the starts");
        }
        if (BEFORE_LAST.matcher(word).matches()) {
            return Optional.of("'" + word
                    + "', a day before the last one, is not supported: use L, or check the day in the first step");
        }
        if (words.size() > FIELDS
                && word.equals(words.getLast())
                && YEAR.matcher(word).matches()) {
            return Optional.of("unexpected year '" + word + "': use `from` and `until`, such as from: 2027-01-01");
        }
        return Optional.empty();
    }
}
