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
    private Moments() {}

    /** A moment not later than now: {@code 1d} ago, {@code 2026-11-23}, {@code 2026-11-23 09:30}, {@code 09:30}, or RFC 3339. */
    static Instant past(String text, Instant now, ZoneId zone) {
        String spelled = text.trim().replace(' ', 'T');
        List<Supplier<Instant>> forms = List.of(
                () -> now.minus(Durations.parse(text)),
                () -> OffsetDateTime.parse(spelled).toInstant(),
                () -> LocalDateTime.parse(spelled).atZone(zone).toInstant(),
                () -> LocalDate.parse(spelled).atStartOfDay(zone).toInstant(),
                () -> LocalTime.parse(spelled)
                        .atDate(LocalDate.ofInstant(now, zone))
                        .atZone(zone)
                        .toInstant());
        for (var form : forms) {
            try {
                return form.get();
            } catch (DateTimeException | IllegalArgumentException e) {
                // perhaps the next form
            }
        }
        throw new ProblemException(Problem.usage(
                "'" + text + "' is no time: write 90s, 2h or 1d ago, or 2026-11-23, '2026-11-23 09:30', 09:30"));
    }

    static Duration duration(String text) {
        try {
            return Durations.parse(text);
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
            return Long.parseUnsignedLong(text);
        } catch (NumberFormatException e) {
            throw new ProblemException(Problem.usage("'" + text + "' is no number"));
        }
    }
}
