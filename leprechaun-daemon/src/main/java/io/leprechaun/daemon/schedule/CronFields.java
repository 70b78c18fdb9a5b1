package io.leprechaun.daemon.schedule;

import io.leprechaun.daemon.schedule.FieldParser.Matches;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.YearMonth;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The fields of one pattern, and the local times that they match. Knows no zone. */
record CronFields(Matches second, Matches minute, Matches hour, Matches day, Matches month, Matches weekday) {
    /** The result of {@link Long#numberOfTrailingZeros} where no bit is set. */
    private static final int NONE = 64;

    /** Returns whether the pattern follows elapsed time rather than local time. */
    boolean followsElapsedTime() {
        return minute.isStar() || hour.isStar();
    }

    boolean matches(LocalDateTime time) {
        return has(second.bits(), time.getSecond())
                && has(minute.bits(), time.getMinute())
                && has(hour.bits(), time.getHour())
                && has(month.bits(), time.getMonthValue())
                && has(days(YearMonth.from(time)), time.getDayOfMonth());
    }

    /** Returns the first matching whole second strictly later, within forty years. */
    Optional<LocalDateTime> next(LocalDateTime after) {
        LocalDateTime from = after.withNano(0).plusSeconds(1);
        LocalDate day = nextDay(from.toLocalDate(), from.getYear());
        if (day == null) {
            return Optional.empty();
        }
        if (day.equals(from.toLocalDate())) {
            LocalTime time = nextTime(from.toLocalTime());
            if (time != null) {
                return Optional.of(day.atTime(time));
            }
            day = nextDay(day.plusDays(1), from.getYear());
        }
        return Optional.ofNullable(day)
                .map(d -> d.atTime(first(hour.bits()), first(minute.bits()), first(second.bits())));
    }

    private @Nullable LocalDate nextDay(LocalDate from, int startYear) {
        YearMonth when = YearMonth.from(from);
        long left = days(when) >>> from.getDayOfMonth() << from.getDayOfMonth();
        for (; when.getYear() <= startYear + Schedules.YEARS_IN_SIGHT; when = when.plusMonths(1), left = days(when)) {
            if (has(month.bits(), when.getMonthValue()) && left != 0) {
                return when.atDay(first(left));
            }
        }
        return null;
    }

    private @Nullable LocalTime nextTime(LocalTime from) {
        int h = atLeast(hour.bits(), from.getHour());
        boolean sameHour = h == from.getHour();
        int m = sameHour ? atLeast(minute.bits(), from.getMinute()) : first(minute.bits());
        boolean sameMinute = sameHour && m == from.getMinute();
        int s = sameMinute ? atLeast(second.bits(), from.getSecond()) : first(second.bits());
        if (s == NONE) {
            m = atLeast(minute.bits(), m + 1);
            s = first(second.bits());
        }
        if (m == NONE) {
            h = atLeast(hour.bits(), h + 1);
            m = first(minute.bits());
            s = first(second.bits());
        }
        return h == NONE ? null : LocalTime.of(h, m, s);
    }

    /** Returns the days of a month that match, one bit each from bit 1. */
    private long days(YearMonth when) {
        long dates = day.bits();
        for (DayRule rule : day.rules()) {
            dates |= 1L << rule.day(when);
        }
        long weekdays = 0;
        for (int date = 1, name = DayRule.weekdayOf(when, 1);
                date <= when.lengthOfMonth();
                date++, name = (name + 1) % 7) {
            weekdays |= has(weekday.bits(), name) ? 1L << date : 0;
        }
        for (DayRule rule : weekday.rules()) {
            weekdays |= 1L << rule.day(when);
        }
        boolean either = !day.isStar() && !weekday.isStar();
        long all = (1L << when.lengthOfMonth() + 1) - 2; // a rule sets bit 0 for a day that a month does not have
        return (either ? dates | weekdays : dates & weekdays) & all;
    }

    private static boolean has(long bits, int value) {
        return (bits >>> value & 1) != 0;
    }

    private static int first(long bits) {
        return Long.numberOfTrailingZeros(bits);
    }

    private static int atLeast(long bits, int value) {
        return value >= NONE ? NONE : Long.numberOfTrailingZeros(bits >>> value << value);
    }
}
