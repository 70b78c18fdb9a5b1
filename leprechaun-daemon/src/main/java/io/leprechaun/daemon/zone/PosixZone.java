package io.leprechaun.daemon.zone;

import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.time.temporal.TemporalAdjusters;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The rule for the yearly changes of the clocks, as POSIX writes it in {@code TZ} (Base Definitions, 8.3). The hours
 * from -167 to 167 are an addition of RFC 9636.
 *
 * @param summer the summer time; empty where the clocks never change
 */
record PosixZone(ZoneOffset standard, Optional<Summer> summer) {
    private static final String NAME = "(?:[A-Za-z]{3,}|<[A-Za-z0-9+-]{3,}>)";
    private static final String TIME = "([+-]?\\d{1,3}(?::\\d{2}){0,2})";
    private static final Pattern TEXT = Pattern.compile(
            NAME + TIME + "(?:" + NAME + TIME + "?,([^,/]+)(?:/" + TIME + ")?,([^,/]+)(?:/" + TIME + ")?)?");
    private static final Pattern DATE = Pattern.compile("M(\\d{1,2})\\.(\\d)\\.(\\d)|(J?)(\\d{1,3})");
    private static final int HOUR = 3600;
    private static final int DAY = 24 * HOUR;

    /** The offset of the summer, and its beginning and end by the clocks before each change. */
    record Summer(ZoneOffset offset, Moment begin, Moment end) {}

    /** A day of each year, and seconds after its midnight. */
    record Moment(Date date, int seconds) {
        long epochSecond(int year, ZoneOffset before) {
            return date.of(year).toEpochDay() * DAY + seconds - before.getTotalSeconds();
        }
    }

    /** A day of each year. */
    @FunctionalInterface
    interface Date {
        LocalDate of(int year);
    }

    /** A change of the clocks, in seconds since 1970. */
    record Transition(long second, ZoneOffset after) {}

    /** @throws IllegalArgumentException when the text is not such a rule */
    static PosixZone parse(String text) {
        Matcher parts = TEXT.matcher(text);
        if (!parts.matches()) {
            throw new IllegalArgumentException("invalid rule for a time zone: '" + text + "'");
        }
        ZoneOffset standard = offset(-seconds(parts.group(1))); // POSIX counts to the west
        if (parts.group(3) == null) {
            return new PosixZone(standard, Optional.empty());
        }
        ZoneOffset summer =
                parts.group(2) == null ? offset(standard.getTotalSeconds() + HOUR) : offset(-seconds(parts.group(2)));
        return new PosixZone(
                standard,
                Optional.of(new Summer(
                        summer,
                        new Moment(date(parts.group(3)), time(parts.group(4))),
                        new Moment(date(parts.group(5)), time(parts.group(6))))));
    }

    /** Returns the changes of a year, in their order. */
    List<Transition> changes(int year) {
        return summer.stream()
                .flatMap(it -> Stream.of(
                        new Transition(it.end().epochSecond(year, it.offset()), standard),
                        new Transition(it.begin().epochSecond(year, standard), it.offset())))
                .sorted(Comparator.comparingLong(Transition::second))
                .toList();
    }

    private static ZoneOffset offset(int seconds) {
        return ZoneOffset.ofTotalSeconds(seconds);
    }

    /** Returns the seconds of a time of day; without one it is two in the night. */
    private static int time(@Nullable String text) {
        return text == null ? 2 * HOUR : seconds(text);
    }

    private static int seconds(String time) {
        boolean negative = time.startsWith("-");
        int seconds = 0;
        int unit = HOUR;
        for (String part :
                time.substring(negative || time.startsWith("+") ? 1 : 0).split(":", -1)) {
            seconds += Integer.parseInt(part) * unit;
            unit /= 60;
        }
        return negative ? -seconds : seconds;
    }

    private static Date date(String text) {
        Matcher parts = DATE.matcher(text);
        if (!parts.matches()) {
            throw new IllegalArgumentException("invalid day of the year: '" + text + "'");
        }
        if (parts.group(5) != null) {
            int day = Integer.parseInt(parts.group(5));
            return parts.group(4).isEmpty()
                    ? year -> LocalDate.ofYearDay(year, 1).plusDays(day)
                    : year -> LocalDate.ofYearDay(2001, day).withYear(year); // which 29 February does not move
        }
        int month = Integer.parseInt(parts.group(1));
        int week = Integer.parseInt(parts.group(2));
        DayOfWeek weekday = DayOfWeek.SUNDAY.plus(Integer.parseInt(parts.group(3)));
        return year -> YearMonth.of(year, month)
                .atDay(1)
                .with(
                        week == 5
                                ? TemporalAdjusters.lastInMonth(weekday)
                                : TemporalAdjusters.dayOfWeekInMonth(week, weekday));
    }
}
