package io.leprechaun.daemon.desk;

import io.leprechaun.api.Problem;
import io.leprechaun.api.ProblemException;
import io.leprechaun.daemon.units.Durations;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/** The parser of times and numbers that users type. */
public final class TimeParser {
    private static final Instant EARLIEST = Instant.EPOCH;
    private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59Z");
    /**
     * The number of days after today in which a time of day is found: today it may be over, and tomorrow a change of
     * the clocks may skip it.
     */
    private static final int DAYS_TO_SHOW_ANY_TIME = 2;

    /** The largest offset: no file is as long, and additions to it do not overflow. */
    private static final long FARTHEST = Long.MAX_VALUE / 2;

    private static final Duration LONGEST = Duration.ofDays(365);

    private TimeParser() {}

    /** Returns a moment: {@code 1d} ago, {@code 2026-11-23}, {@code 2026-11-23 09:30}, {@code 09:30}, or RFC 3339. */
    public static Instant moment(String text, Instant now, ZoneId zone) {
        return read(text, zone, now::minus, time -> last(time, now, zone))
                .orElseThrow(() -> new ProblemException(Problem.usage("'" + text
                        + "' is no time: write 90s, 2h or 1d ago, or 2026-11-23, '2026-11-23 09:30', 09:30")));
    }

    /**
     * Returns a future moment, in whole seconds: {@code 2h} from now on, {@code 2026-11-23}, {@code 2026-11-23 09:30},
     * {@code 09:30} when clocks show it next, or RFC 3339.
     *
     * @throws ProblemException (usage) for an invalid or past time
     */
    public static Instant ahead(String text, Instant now, ZoneId zone) {
        Instant moment = read(text, zone, now::plus, time -> next(time, now, zone))
                .orElseThrow(() -> new ProblemException(Problem.usage("'" + text
                        + "' is no time: write 90s, 2h or 1d from now on, or 2026-11-23, '2026-11-23 09:30', 09:30")));
        if (!moment.isAfter(now)) {
            throw new ProblemException(Problem.usage("'" + text + "' is over: write a time to come"));
        }
        return moment.plusNanos(999_999_999).truncatedTo(ChronoUnit.SECONDS); // as it is shown to users
    }

    private static Optional<Instant> read(
            String text, ZoneId zone, Function<Duration, Instant> span, Function<LocalTime, Instant> time) {
        String spelled = text.trim().replace(' ', 'T');
        List<Supplier<Instant>> forms = List.of(
                () -> span.apply(Durations.parse(text)),
                () -> OffsetDateTime.parse(spelled).toInstant(),
                () -> LocalDateTime.parse(spelled).atZone(zone).toInstant(),
                () -> LocalDate.parse(spelled).atStartOfDay(zone).toInstant(),
                () -> time.apply(LocalTime.parse(spelled)));
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

    /** Returns the last instant at which local clocks showed a time. */
    private static Instant last(LocalTime time, Instant now, ZoneId zone) {
        LocalDate today = LocalDate.ofInstant(now, zone);
        Instant moment = time.atDate(today).atZone(zone).toInstant();
        return moment.isAfter(now)
                ? time.atDate(today.minusDays(1)).atZone(zone).toInstant()
                : moment;
    }

    /**
     * Returns the next instant at which local clocks show a time: not on a day that skips it, and the second instant if
     * there are two.
     */
    private static Instant next(LocalTime time, Instant now, ZoneId zone) {
        LocalDate today = LocalDate.ofInstant(now, zone);
        return LongStream.rangeClosed(0, DAYS_TO_SHOW_ANY_TIME)
                .mapToObj(day -> time.atDate(today.plusDays(day)).atZone(zone))
                .filter(shown -> shown.toLocalTime().equals(time))
                .flatMap(shown -> Stream.of(shown, shown.withLaterOffsetAtOverlap()))
                .map(shown -> shown.toInstant())
                .filter(moment -> moment.isAfter(now))
                .findFirst()
                .orElseThrow(() -> new DateTimeException("clocks do not show " + time));
    }

    /** Returns a duration that a caller is willing to wait. */
    public static Duration duration(String text) {
        try {
            Duration duration = Durations.parse(text);
            if (duration.isNegative() || duration.compareTo(LONGEST) > 0) {
                throw new IllegalArgumentException("'" + text + "' is out of range: write 0s to 365d");
            }
            return duration;
        } catch (IllegalArgumentException e) {
            throw new ProblemException(Problem.usage(String.valueOf(e.getMessage())));
        }
    }

    /** Returns a count, 1 to 100,000. */
    public static int count(String text) {
        long count = offset(text);
        if (count < 1 || count > 100_000) {
            throw new ProblemException(Problem.usage("'" + text + "' is out of range: write 1 to 100000"));
        }
        return Math.toIntExact(count);
    }

    /** Returns an offset in a file, in bytes from its beginning. */
    public static long offset(String text) {
        try {
            long offset = Long.parseLong(text);
            if (offset >= 0 && Character.isDigit(text.charAt(0))) {
                return Math.min(offset, FARTHEST);
            }
        } catch (NumberFormatException e) {
            // reported below
        }
        throw new ProblemException(Problem.usage("'" + text + "' is no number: write digits only"));
    }
}
