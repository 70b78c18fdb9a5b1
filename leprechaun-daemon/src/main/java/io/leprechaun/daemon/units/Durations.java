package io.leprechaun.daemon.units;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Spans of time as users write them: {@code 90s}, {@code 1h30m}, {@code 500ms}, {@code 2d}, or ISO-8601. */
public final class Durations {
    private static final Pattern PART = Pattern.compile("([0-9]{1,9})(ms|s|m|h|d)");
    private static final Pattern WHOLE = Pattern.compile("(?:" + PART.pattern() + ")+");
    private static final String EXAMPLES = "a duration such as 90s, 10m, 1h30m or 2d";

    private Durations() {}

    /**
     * Parses a span of time; a day has 24 hours.
     *
     * @throws IllegalArgumentException when the text is not a span of time; its message shows the form of one
     */
    public static Duration parse(String text) {
        if (text.startsWith("P") || text.startsWith("-P")) {
            try {
                return Duration.parse(text);
            } catch (DateTimeException | ArithmeticException e) {
                throw wrong(text);
            }
        }
        if (text.matches("[0-9]+")) {
            throw new IllegalArgumentException("duration '" + text + "' has no unit: use " + EXAMPLES);
        }
        if (text.length() > 64 || !WHOLE.matcher(text).matches()) {
            throw wrong(text);
        }
        Duration sum = Duration.ZERO;
        Matcher parts = PART.matcher(text);
        while (parts.find()) {
            sum = sum.plus(part(Long.parseLong(parts.group(1)), parts.group(2)));
        }
        return sum;
    }

    /** Returns the text of a span as users write it: {@code 1h30m}; nothing below a millisecond. */
    public static String format(Duration span) {
        var text = new StringBuilder();
        append(text, span.toDays(), "d");
        append(text, span.toHoursPart(), "h");
        append(text, span.toMinutesPart(), "m");
        append(text, span.toSecondsPart(), "s");
        append(text, span.toMillisPart(), "ms");
        return text.isEmpty() ? "0s" : text.toString();
    }

    /**
     * Returns the text of a duration for reading, of at most two units: {@code 28d}, {@code 3d 4h}, {@code 2h 5m},
     * {@code 45s}, {@code 3.8 s}, {@code 40 ms}.
     */
    public static String brief(Duration duration) {
        long millis = duration.toMillis();
        if (millis < 60_000 && millis % 1000 != 0) {
            return millis < 1000 ? millis + " ms" : String.format(Locale.ROOT, "%.1f s", millis / 1000.0);
        }
        return duration.toDays() > 0
                ? two(duration.toDays(), "d", duration.toHoursPart(), "h")
                : duration.toHours() > 0
                        ? two(duration.toHours(), "h", duration.toMinutesPart(), "m")
                        : duration.toMinutes() > 0
                                ? two(duration.toMinutes(), "m", duration.toSecondsPart(), "s")
                                : duration.toSeconds() + "s";
    }

    private static String two(long large, String unit, int small, String smaller) {
        return large + unit + (small == 0 ? "" : " " + small + smaller);
    }

    /** Returns the distance of an instant from now, as text: {@code in 3h}, {@code 20 s ago}, {@code now}. */
    public static String distance(Instant at, Instant now) {
        Duration far = Duration.between(now, at).abs();
        if (far.toSeconds() == 0) {
            return "now";
        }
        String text = far.toMinutes() == 0
                ? far.toSeconds() + " s"
                : far.toHours() == 0
                        ? far.toMinutes() + "m"
                        : far.toHours() < 48 ? far.toHours() + "h" : far.toDays() + "d";
        return at.isAfter(now) ? "in " + text : text + " ago";
    }

    private static void append(StringBuilder text, long amount, String unit) {
        if (amount != 0) {
            text.append(amount).append(unit);
        }
    }

    private static Duration part(long amount, String unit) {
        return switch (unit) {
            case "ms" -> Duration.ofMillis(amount);
            case "s" -> Duration.ofSeconds(amount);
            case "m" -> Duration.ofMinutes(amount);
            case "h" -> Duration.ofHours(amount);
            default -> Duration.ofDays(amount);
        };
    }

    private static IllegalArgumentException wrong(String text) {
        return new IllegalArgumentException("invalid duration '" + text + "': use " + EXAMPLES);
    }
}
