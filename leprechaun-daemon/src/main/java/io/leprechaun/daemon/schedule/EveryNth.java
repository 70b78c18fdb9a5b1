package io.leprechaun.daemon.schedule;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A schedule that is due with another one, but only in one of every N days or weeks. The first of them begins at a
 * date; a week is seven days from there, whatever its weekday.
 *
 * @param first the date at which the count begins
 * @param zone the zone whose dates are counted
 */
public record EveryNth(Schedule schedule, Period period, LocalDate first, ZoneId zone) implements Schedule {
    /**
     * A number of days or weeks, one of which counts.
     *
     * @param count the number of units, from 1 to 9999
     * @param days the days of one unit: 1 or 7
     */
    public record Period(int count, int days) {
        private static final Pattern WRITTEN = Pattern.compile("([1-9][0-9]{0,3})([dw])");

        /** @throws IllegalArgumentException with a sentence about the error when the text is not a period */
        public static Period parse(String text) {
            Matcher written = WRITTEN.matcher(text.strip());
            if (!written.matches()) {
                throw new IllegalArgumentException(
                        "invalid period '" + text + "': use days or weeks, such as 3d or 2w; for an interval use"
                                + " `definition: schedule` with `schedule: { min: 10 }`");
            }
            return new Period(
                    Integer.parseInt(written.group(1)), written.group(2).equals("w") ? 7 : 1);
        }

        /** Returns the spelling that {@link #parse} reads. */
        @Override
        public String toString() {
            return count + (days == 1 ? "d" : "w");
        }
    }

    @Override
    public Optional<Instant> next(Instant after) {
        return next(after, after);
    }

    @Override
    public Optional<Instant> next(Instant after, Instant fixedAfter) {
        Instant asked = after;
        Instant fixed = fixedAfter;
        Optional<Instant> next = schedule.next(asked, fixed);
        while (next.isPresent() && !counts(next.get())) {
            Instant before = nextThatCounts(next.get()).minusNanos(1);
            if (!Schedules.inSight(after, before)) {
                return Optional.empty();
            }
            asked = before.isAfter(asked) ? before : asked;
            fixed = before.isAfter(fixed) ? before : fixed;
            next = schedule.next(asked, fixed);
        }
        return next;
    }

    private boolean counts(Instant due) {
        return Math.floorMod(unitsTo(due), period.count()) == 0;
    }

    /** Returns the first instant of the next unit that counts. */
    private Instant nextThatCounts(Instant due) {
        long units = Math.floorDiv(unitsTo(due), period.count()) * period.count() + period.count();
        return first.plusDays(units * period.days()).atStartOfDay(zone).toInstant();
    }

    private long unitsTo(Instant due) {
        return Math.floorDiv(ChronoUnit.DAYS.between(first, due.atZone(zone).toLocalDate()), period.days());
    }

    @Override
    public Schedule shifted(Duration by) {
        Schedule shifted = schedule.shifted(by);
        return shifted.equals(schedule) ? this : new EveryNth(shifted, period, first, zone);
    }

    @Override
    public Optional<String> note(Instant due) {
        return schedule.note(due);
    }

    @Override
    public Optional<Instant> clockChange(Instant after) {
        return schedule.clockChange(after);
    }
}
