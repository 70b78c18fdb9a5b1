package io.leprechaun.daemon.desk;

import io.leprechaun.api.Problem;
import io.leprechaun.api.ProblemException;
import io.leprechaun.daemon.config.Durations;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.List;
import java.util.function.Supplier;

/** Reads the times and numbers that people type. */
final class Moments {
    private static final Instant EARLIEST = Instant.EPOCH;
    private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59Z");
    private static final Duration LONGEST = Duration.ofDays(365);

    private Moments() {}

    /** A moment not later than now: {@code 1d} ago, {@code 2026-11-23}, {@code 2026-11-23 09:30}, {@code 09:30}, or RFC 3339. */
    static Instant past(String text, Instant now, ZoneId zone) {
        String spelled = text.trim().replace(' ', 'T');
        List<Supplier<Instant>> forms = List.of(
                () -> now.minus(Durations.parse(text)),
                () -> OffsetDateTime.parse(spelled).toInstant(),
                () -> LocalDateTime.parse(spelled).atZone(zone).toInstant(),
                () -> LocalDate.parse(spelled).atStartOfDay(zone).toInstant(),
                () -> last(LocalTime.parse(spelled), now, zone));
        for (var form : forms) {
            try {
                Instant moment = form.get();
                if (!moment.isBefore(EARLIEST) && !moment.isAfter(LATEST)) {
                    return moment;
                }
            } catch (DateTimeException | ArithmeticException | IllegalArgumentException e) {
                // perhaps the next form
            }
        }
        throw new ProblemException(Problem.usage(
                "'" + text + "' is no time: write 90s, 2h or 1d ago, or 2026-11-23, '2026-11-23 09:30', 09:30"));
    }

    /** The last time that clocks on the wall showed a time. */
    private static Instant last(LocalTime time, Instant now, ZoneId zone) {
        LocalDate today = LocalDate.ofInstant(now, zone);
        Instant moment = time.atDate(today).atZone(zone).toInstant();
        return moment.isAfter(now)
                ? time.atDate(today.minusDays(1)).atZone(zone).toInstant()
                : moment;
    }

    /** How long somebody is willing to wait. */
    static Duration duration(String text) {
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

    static int count(String text) {
        long count = offset(text);
        if (count < 1 || count > 100_000) {
            throw new ProblemException(Problem.usage("'" + text + "' is out of range: write 1 to 100000"));
        }
        return Math.toIntExact(count);
    }

    static long offset(String text) {
        try {
            long offset = Long.parseLong(text);
            if (offset >= 0 && Character.isDigit(text.charAt(0))) {
                return offset;
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw new ProblemException(Problem.usage("'" + text + "' is no number: write digits only"));
    }
}
