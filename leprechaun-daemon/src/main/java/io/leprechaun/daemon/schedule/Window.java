package io.leprechaun.daemon.schedule;

import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.MonthDay;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A part of the calendar in local time: dates, weekdays and a time of day, each of which may be left out,
 * {@code 12-24..12-26} or {@code mon-fri 22:00-06:00} for example. A moment lies in it if it lies in all of them. A
 * time that goes past midnight belongs to the day on which it begins.
 *
 * @param text the window as written
 */
public record Window(String text, Optional<Dates> dates, Set<DayOfWeek> days, Optional<Hours> hours) {
    private static final String USAGE = "use dates, weekdays and a time of day, or some of them, such as \"mon-fri"
            + " 22:00-06:00\", \"12-24..12-26\" or \"2026-12-24 12:00-24:00\"";
    private static final Pattern HOURS = Pattern.compile("(\\d{1,2}:\\d{2})-(\\d{1,2}:\\d{2})");
    private static final List<String> DAY_NAMES = List.of("mon", "tue", "wed", "thu", "fri", "sat", "sun");

    /** A span of days, both ends included; a yearly span may pass the end of the year. */
    public sealed interface Dates {
        /** Returns whether the span includes a day. */
        boolean holds(LocalDate day);

        /** A span of days in fixed years. */
        record Once(LocalDate first, LocalDate last) implements Dates {
            @Override
            public boolean holds(LocalDate day) {
                return !day.isBefore(first) && !day.isAfter(last);
            }
        }

        /** A span of days of each year. */
        record Yearly(MonthDay first, MonthDay last) implements Dates {
            @Override
            public boolean holds(LocalDate day) {
                MonthDay date = MonthDay.from(day);
                boolean begun = !date.isBefore(first);
                boolean lasts = !date.isAfter(last);
                return first.isAfter(last) ? begun || lasts : begun && lasts;
            }
        }
    }

    /**
     * A time of day.
     *
     * @param end the exclusive end; not later than the begin: on the next day
     */
    public record Hours(LocalTime begin, LocalTime end) {
        private boolean isOvernight() {
            return !end.isAfter(begin);
        }
    }

    /** @throws IllegalArgumentException with a sentence about the error when the text is not a window */
    public static Window parse(String text) {
        Optional<Dates> dates = Optional.empty();
        var days = EnumSet.noneOf(DayOfWeek.class);
        Optional<Hours> hours = Optional.empty();
        for (String word : text.strip().toLowerCase(Locale.ROOT).split("\\s+", -1)) {
            if (word.indexOf(':') >= 0 && hours.isEmpty()) {
                hours = Optional.of(hours(word));
            } else if (Character.isDigit(word.codePointAt(0)) && dates.isEmpty()) {
                dates = Optional.of(dates(word));
            } else if (Character.isLetter(word.codePointAt(0)) && days.isEmpty()) {
                days.addAll(days(word));
            } else {
                throw new IllegalArgumentException("unexpected part '" + word + "' of a window; " + USAGE);
            }
        }
        return new Window(text.strip(), dates, Set.copyOf(days), hours);
    }

    private static Hours hours(String word) {
        Matcher matcher = HOURS.matcher(word);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("invalid times of day '" + word + "': use a span such as 22:00-06:00");
        }
        return new Hours(time(matcher.group(1)), time(matcher.group(2)));
    }

    private static LocalTime time(String text) {
        try {
            return text.equals("24:00") ? LocalTime.MIDNIGHT : LocalTime.parse(text.length() == 4 ? "0" + text : text);
        } catch (DateTimeException e) {
            throw new IllegalArgumentException("invalid time of day '" + text + "': use 00:00 to 24:00", e);
        }
    }

    private static Dates dates(String word) {
        String[] ends = word.split("\\.\\.", -1);
        if (ends.length > 2) {
            throw new IllegalArgumentException(
                    "invalid span of dates '" + word + "': use a span such as 2026-12-24..2026-12-26");
        }
        String first = ends[0];
        String last = ends[ends.length - 1];
        try {
            if (first.length() == "12-24".length() && last.length() == first.length()) {
                return new Dates.Yearly(MonthDay.parse("--" + first), MonthDay.parse("--" + last));
            }
            var once = new Dates.Once(LocalDate.parse(first), LocalDate.parse(last));
            if (once.first().isAfter(once.last())) {
                throw new IllegalArgumentException("the span '" + word + "' ends before it begins; swap its dates");
            }
            return once;
        } catch (DateTimeException e) {
            throw new IllegalArgumentException(
                    "invalid date '" + word + "': use 2026-12-24, 12-24 for each year, or a span with .. between", e);
        }
    }

    private static Set<DayOfWeek> days(String word) {
        var days = EnumSet.noneOf(DayOfWeek.class);
        for (String part : word.split(",", -1)) {
            String[] ends = part.split("-", -1);
            if (ends.length > 2) {
                throw new IllegalArgumentException(
                        "invalid span of weekdays '" + part + "': use a span such as mon-fri");
            }
            DayOfWeek day = day(ends[0]);
            DayOfWeek last = day(ends[ends.length - 1]);
            days.add(day);
            while (day != last) {
                day = day.plus(1);
                days.add(day);
            }
        }
        return days;
    }

    private static DayOfWeek day(String name) {
        int day = DAY_NAMES.indexOf(name);
        if (day < 0) {
            throw new IllegalArgumentException("invalid weekday '" + name + "': use mon to sun; " + USAGE);
        }
        return DayOfWeek.of(day + 1);
    }

    /** Returns whether a moment lies in the window. */
    public boolean holds(LocalDateTime moment) {
        LocalDate day = moment.toLocalDate();
        if (hours.isEmpty()) {
            return isOn(day);
        }
        LocalTime time = moment.toLocalTime();
        boolean begun = !time.isBefore(hours.get().begin());
        boolean lasts = time.isBefore(hours.get().end());
        return hours.get().isOvernight()
                ? begun && isOn(day) || lasts && isOn(day.minusDays(1))
                : begun && lasts && isOn(day);
    }

    private boolean isOn(LocalDate day) {
        return (days.isEmpty() || days.contains(day.getDayOfWeek()))
                && dates.map(span -> span.holds(day)).orElse(true);
    }
}
