package io.leprechaun.daemon.desk;

import io.leprechaun.api.Problem;
import io.leprechaun.api.ProblemException;
import io.leprechaun.daemon.units.Durations;
import io.leprechaun.daemon.units.TimeExpression;
import io.leprechaun.daemon.units.TimeExpression.Direction;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;

/** The parser of times and numbers that users type. */
public final class TimeParser {
    /** The largest offset: no file is as long, and additions to it do not overflow. */
    private static final long FARTHEST = Long.MAX_VALUE / 2;

    private static final Duration LONGEST = Duration.ofDays(365);

    private TimeParser() {}

    /**
     * Returns a moment that users look back to: {@code 2h} ago, {@code yesterday}, the last {@code mon 9:00}.
     *
     * @throws ProblemException (usage) for an invalid time
     */
    public static Instant moment(String text, Instant now, ZoneId zone) {
        return read(text, new TimeExpression(Direction.PAST, now, zone));
    }

    /**
     * Returns the beginning of a list or a simulation: {@code 2h} ago, {@code tomorrow}, the next {@code mon 9:00}.
     *
     * @throws ProblemException (usage) for an invalid time
     */
    public static Instant begin(String text, Instant now, ZoneId zone) {
        return read(text, new TimeExpression(Direction.PAST_SPAN, now, zone));
    }

    private static Instant read(String text, TimeExpression expression) {
        return expression.parse(text).orElseThrow(() -> invalid(text, "yesterday or '2026-11-23 09:30'"));
    }

    /**
     * Returns a future moment, in whole seconds: {@code 2h} from now on, {@code tomorrow}, the next {@code mon 9:00}.
     *
     * @throws ProblemException (usage) for an invalid or past time
     */
    public static Instant ahead(String text, Instant now, ZoneId zone) {
        Instant moment = new TimeExpression(Direction.FUTURE, now, zone)
                .parse(text)
                .orElseThrow(() -> invalid(text, "'tomorrow 9:00' or '2026-11-27 09:00'"));
        if (!moment.isAfter(now)) {
            throw new ProblemException(Problem.usage("invalid time '" + text + "': use a time in the future"));
        }
        return moment.plusNanos(999_999_999).truncatedTo(ChronoUnit.SECONDS); // as it is shown to users
    }

    private static ProblemException invalid(String text, String examples) {
        return new ProblemException(Problem.usage("invalid time '" + text + "': use 2h, " + examples));
    }

    /** Returns a duration that a caller is willing to wait. */
    public static Duration duration(String text) {
        try {
            Duration duration = Durations.parse(text);
            if (duration.isNegative() || duration.compareTo(LONGEST) > 0) {
                throw new IllegalArgumentException("invalid duration '" + text + "': use 0s to 365d");
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
            throw new ProblemException(Problem.usage("invalid number '" + text + "': use 1 to 100000"));
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
        throw new ProblemException(Problem.usage("invalid number '" + text + "': use digits only"));
    }
}
