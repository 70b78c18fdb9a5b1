package io.leprechaun.daemon.schedule;

import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.YearMonth;

/** A rule for a day that is known only for a given month. Weekdays count from Sunday, 0 to 6. */
sealed interface DayRule {
    /** Returns the day of the month, 1 to 31; 0 when the month has none. */
    int day(YearMonth month);

    /** The rule {@code L}: the last day. */
    record LastDay() implements DayRule {
        @Override
        public int day(YearMonth month) {
            return month.lengthOfMonth();
        }
    }

    /** The rule {@code LW}: the last Monday to Friday. */
    record LastWorkday() implements DayRule {
        @Override
        public int day(YearMonth month) {
            return nearestWorkday(month, month.lengthOfMonth());
        }
    }

    /** The rule {@code 15W}: the Monday to Friday nearest to a day, within the month. */
    record NearestWorkday(int target) implements DayRule {
        @Override
        public int day(YearMonth month) {
            return target > month.lengthOfMonth() ? 0 : nearestWorkday(month, target);
        }
    }

    /** The rule {@code 5L}: the last of a weekday. */
    record LastWeekday(int weekday) implements DayRule {
        @Override
        public int day(YearMonth month) {
            int last = month.lengthOfMonth();
            return last - Math.floorMod(weekdayOf(month, last) - weekday, 7);
        }
    }

    /** The rule {@code 1#2}: the nth of a weekday. */
    record NthWeekday(int weekday, int nth) implements DayRule {
        @Override
        public int day(YearMonth month) {
            int day = 1 + Math.floorMod(weekday - weekdayOf(month, 1), 7) + 7 * (nth - 1);
            return day > month.lengthOfMonth() ? 0 : day;
        }
    }

    /** Returns 0 for Sunday to 6 for Saturday. */
    static int weekdayOf(YearMonth month, int day) {
        return month.atDay(day).getDayOfWeek().getValue() % 7;
    }

    private static int nearestWorkday(YearMonth month, int day) {
        LocalDate date = month.atDay(day);
        if (date.getDayOfWeek() == DayOfWeek.SATURDAY) {
            return day > 1 ? day - 1 : day + 2;
        }
        if (date.getDayOfWeek() == DayOfWeek.SUNDAY) {
            return day < month.lengthOfMonth() ? day + 1 : day - 2;
        }
        return day;
    }
}
