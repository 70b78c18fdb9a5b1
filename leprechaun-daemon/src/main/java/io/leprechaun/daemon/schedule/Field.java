package io.leprechaun.daemon.schedule;

import java.util.List;
import java.util.Optional;

/** The fields of a cron pattern, in the order they are written. */
enum Field {
    SECOND("second", 0, 59),
    MINUTE("minute", 0, 59),
    HOUR("hour", 0, 23),
    DAY("day", 1, 31),
    MONTH("month", 1, 12, "JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"),
    WEEKDAY("weekday", 0, 7, "SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT");

    final String label;
    final int min;
    final int max;
    /** The names of the values, in upper case; the first stands for {@code min}. */
    @SuppressWarnings("ImmutableEnumChecker") // made by List.of
    final List<String> names;

    Field(String label, int min, int max, String... names) {
        this.label = label;
        this.min = min;
        this.max = max;
        this.names = List.of(names);
    }

    /** Returns the unit of durations in {@code @every}; empty: days and longer have no fixed length. */
    Optional<String> unit() {
        return switch (this) {
            case SECOND -> Optional.of("s");
            case MINUTE -> Optional.of("m");
            case HOUR -> Optional.of("h");
            case DAY, MONTH, WEEKDAY -> Optional.empty();
        };
    }

    boolean isDay() {
        return this == DAY || this == WEEKDAY;
    }

    /** Returns the range of its values, for people. */
    String allowed() {
        return min + " to " + max + (names.isEmpty() ? "" : " or " + names.getFirst() + " to " + names.getLast());
    }
}
