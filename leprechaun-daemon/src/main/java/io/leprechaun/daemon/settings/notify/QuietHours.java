package io.leprechaun.daemon.settings.notify;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeParseException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A part of each day in which notices to people wait, except alarms.
 *
 * @param from the time of day at which it begins
 * @param to the time of day at which it ends, on the next day where that is not later
 */
public record QuietHours(LocalTime from, LocalTime to) {
    private static final Pattern HOURS = Pattern.compile("(\\d\\d:\\d\\d) ?- ?(\\d\\d:\\d\\d)");

    /**
     * Reads {@code 22:00-07:00}.
     *
     * @throws IllegalArgumentException when the text is not two different times of day
     */
    static QuietHours parse(String text) {
        Matcher hours = HOURS.matcher(text.strip());
        String wrong = "invalid quiet hours '" + text + "': use two times of day, such as 22:00-07:00";
        if (!hours.matches()) {
            throw new IllegalArgumentException(wrong);
        }
        try {
            var quiet = new QuietHours(LocalTime.parse(hours.group(1)), LocalTime.parse(hours.group(2)));
            if (quiet.from().equals(quiet.to())) {
                throw new IllegalArgumentException(wrong);
            }
            return quiet;
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException(wrong, e);
        }
    }

    /**
     * Returns the time until the quiet hours end; zero: it is not quiet. It follows the wall clock, so a night with a
     * change of clocks has another length.
     */
    public Duration left(Instant now, ZoneId zone) {
        ZonedDateTime local = now.atZone(zone);
        LocalTime time = local.toLocalTime();
        boolean overnight = !from.isBefore(to);
        boolean quiet =
                overnight ? !time.isBefore(from) || time.isBefore(to) : !time.isBefore(from) && time.isBefore(to);
        if (!quiet) {
            return Duration.ZERO;
        }
        var day = overnight && !time.isBefore(from) ? local.toLocalDate().plusDays(1) : local.toLocalDate();
        Duration left = Duration.between(local, ZonedDateTime.of(day, to, zone));
        return left.isNegative() ? Duration.ZERO : left;
    }
}
