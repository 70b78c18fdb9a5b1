package io.leprechaun.daemon.units;

import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.temporal.TemporalAdjusters;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * Moments as users write them. A moment is a date, a time of day or both; a day by its name, with or without a time of
 * day; a span from now; or RFC 3339. A day begins at its first instant. A local time that clocks skip is the one after
 * the gap; of a time that comes twice it is the first.
 *
 * @param now the moment to count from
 * @param zone the zone of local times
 */
public record TimeExpression(Direction direction, Instant now, ZoneId zone) {
    private static final Instant EARLIEST = Instant.EPOCH;
    private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59Z");
    /**
     * The number of days after today in which a time of day is found: today it may be over, and tomorrow a change of
     * the clocks may skip it.
     */
    private static final int DAYS_TO_SHOW_ANY_TIME = 2;

    private static final int DAYS_OF_WEEK = 7;
    private static final int FEWEST_LETTERS = 3;
    private static final Pattern SPAN = Pattern.compile("(in )?((?:[0-9]+(?:ms|[smhd]) ?)+)( ago)?");
    private static final Pattern DAY = Pattern.compile("(?:(last|next) )?([a-z]+)(?: ([0-9:]+))?");
    private static final Pattern TIME = Pattern.compile("[0-9]{1,2}(:[0-9]{2}){1,2}");

    /** The direction in which an option looks. */
    public enum Direction {
        /** A span is counted back, a weekday is the last one: {@code runs --since}. */
        PAST,
        /** A span is counted back, a weekday is the next one: {@code next --from}. */
        PAST_SPAN,
        /** A span is counted forward, a weekday and a time of day are the next one: {@code pause --until}. */
        FUTURE
    }

    /** Returns the moment of a text; empty where the text is not one, or a moment outside of 1970 to 9999. */
    public Optional<Instant> parse(String text) {
        String typed = text.strip();
        String spelled = typed.replace(' ', 'T');
        String words = typed.toLowerCase(Locale.ROOT).replaceAll(" +", " ");
        List<Supplier<Instant>> forms = List.of(
                () -> from(Durations.parse(text), direction == Direction.FUTURE),
                () -> OffsetDateTime.parse(spelled).toInstant(),
                () -> LocalDateTime.parse(spelled).atZone(zone).toInstant(),
                () -> LocalDate.parse(spelled).atStartOfDay(zone).toInstant(),
                () -> direction == Direction.FUTURE ? next(time(spelled)) : last(time(spelled)),
                () -> span(words),
                () -> day(words));
        for (var form : forms) {
            try {
                Instant moment = form.get();
                if (!moment.isBefore(EARLIEST) && !moment.isAfter(LATEST)) {
                    return Optional.of(moment);
                }
            } catch (DateTimeException | ArithmeticException | IllegalArgumentException e) {
                // perhaps the next form
            }
        }
        return Optional.empty();
    }

    /** Returns the moment of {@code in 2h}, {@code 2h ago} or {@code 1h 30m}. */
    private Instant span(String words) {
        Matcher span = SPAN.matcher(words);
        if (!span.matches() || span.group(1) != null && span.group(3) != null) {
            throw new IllegalArgumentException("not a span");
        }
        Duration far = Durations.parse(span.group(2).replace(" ", ""));
        boolean forward = span.group(1) != null || span.group(3) == null && direction == Direction.FUTURE;
        return from(far, forward);
    }

    private Instant from(Duration far, boolean forward) {
        return forward ? now.plus(far) : now.minus(far);
    }

    /** Returns the moment of {@code now}, or of a day by its name with or without a time of day. */
    private Instant day(String words) {
        if (words.equals("now")) {
            return now;
        }
        Matcher day = DAY.matcher(words);
        if (!day.matches()) {
            throw new IllegalArgumentException("not a day");
        }
        Optional<LocalTime> time = Optional.ofNullable(day.group(3)).map(TimeExpression::time);
        LocalDate today = LocalDate.ofInstant(now, zone);
        if (day.group(1) != null) {
            DayOfWeek weekday = weekday(day.group(2));
            return on(
                    today.with(
                            day.group(1).equals("next")
                                    ? TemporalAdjusters.next(weekday)
                                    : TemporalAdjusters.previous(weekday)),
                    time);
        }
        return switch (day.group(2)) {
            case "today" -> on(today, time);
            case "yesterday" -> on(today.minusDays(1), time);
            case "tomorrow" -> on(today.plusDays(1), time);
            default -> onWeekday(today, weekday(day.group(2)), time);
        };
    }

    /** Returns the last or the next moment on a weekday, which may be today. */
    private Instant onWeekday(LocalDate today, DayOfWeek weekday, Optional<LocalTime> time) {
        if (direction == Direction.PAST) {
            LocalDate day = today.with(TemporalAdjusters.previousOrSame(weekday));
            Instant moment = on(day, time);
            return moment.isAfter(now) ? on(day.minusDays(DAYS_OF_WEEK), time) : moment;
        }
        LocalDate day = today.with(TemporalAdjusters.nextOrSame(weekday));
        Instant moment = on(day, time);
        return moment.isAfter(now) ? moment : on(day.plusDays(DAYS_OF_WEEK), time);
    }

    private Instant on(LocalDate day, Optional<LocalTime> time) {
        return time.map(at -> at.atDate(day).atZone(zone))
                .orElseGet(() -> day.atStartOfDay(zone))
                .toInstant();
    }

    private static DayOfWeek weekday(String word) {
        return Stream.of(DayOfWeek.values())
                .filter(day -> word.length() >= FEWEST_LETTERS
                        && (day.name().equalsIgnoreCase(word)
                                || day.name().substring(0, FEWEST_LETTERS).equalsIgnoreCase(word)))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("not a weekday"));
    }

    private static LocalTime time(String text) {
        return LocalTime.parse(TIME.matcher(text).matches() && text.indexOf(':') == 1 ? "0" + text : text);
    }

    /** Returns the last instant at which local clocks showed a time. */
    private Instant last(LocalTime time) {
        LocalDate today = LocalDate.ofInstant(now, zone);
        Instant moment = on(today, Optional.of(time));
        return moment.isAfter(now) ? on(today.minusDays(1), Optional.of(time)) : moment;
    }

    /**
     * Returns the next instant at which local clocks show a time: not on a day that skips it, and the second instant if
     * there are two.
     */
    private Instant next(LocalTime time) {
        LocalDate today = LocalDate.ofInstant(now, zone);
        return LongStream.rangeClosed(0, DAYS_TO_SHOW_ANY_TIME)
                .mapToObj(day -> time.atDate(today.plusDays(day)).atZone(zone))
                .filter(shown -> shown.toLocalTime().equals(time))
                .flatMap(shown -> Stream.of(shown, shown.withLaterOffsetAtOverlap()))
                .map(ZonedDateTime::toInstant)
                .filter(moment -> moment.isAfter(now))
                .findFirst()
                .orElseThrow(() -> new DateTimeException("clocks do not show " + time));
    }
}
