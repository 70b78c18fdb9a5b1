package io.leprechaun.daemon.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneRules;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Random patterns over whole years, compared with a second evaluator that looks at every minute and knows of a zone
 * only its offset at each of them. {@code -Dleprechaun.patterns} sets the number of patterns for each zone and year,
 * {@code -Dleprechaun.seed} repeats a run.
 */
class WholeYearsTest {
    private static final int FEW = 10;
    private static final int PATTERNS = Integer.getInteger("leprechaun.patterns", 110);
    private static final long SEED = Long.getLong("leprechaun.seed", System.nanoTime());

    /** A zone, a year in it, and the reason for the choice. */
    @CsvSource({
        "UTC,                   2024, no change, and a leap year",
        "America/New_York,      2026, an hour at two",
        "Europe/Berlin,         2026, an hour at two and three",
        "Europe/London,         2026, an hour at one and two",
        "Australia/Lord_Howe,   2026, half an hour",
        "Pacific/Apia,          2011, a day is skipped",
        "Pacific/Kwajalein,     1993, a day is skipped",
        "Africa/Cairo,          2024, midnight is skipped and midnight is repeated",
        "America/Sao_Paulo,     2018, midnight is skipped",
        "Antarctica/Troll,      2026, two hours",
        "America/Santiago,      2025, midnight of Saturday",
        "Asia/Kathmandu,        2026, no change, and a quarter of an hour from others",
        "Asia/Amman,            2022, the last change of all",
        "Africa/Casablanca,     2025, Ramadan",
        "America/Nuuk,          2024, the evening before",
        "America/Caracas,       2016, half an hour once",
        "Asia/Pyongyang,        2018, half an hour before midnight",
        "America/Havana,        2026, midnight is skipped and one is repeated",
        "Asia/Tehran,           2021, midnight by another calendar",
    })
    @Retention(RetentionPolicy.RUNTIME)
    private @interface Years {}

    @ParameterizedTest
    @Years
    void some_random_patterns_are_due_when_looking_at_every_minute_says_so(ZoneId zone, int year, String why) {
        compare(zone, year, FEW);
    }

    @ParameterizedTest
    @Years
    @Tag("proof")
    @Timeout(600)
    void random_patterns_are_due_when_looking_at_every_minute_says_so(ZoneId zone, int year, String why) {
        compare(zone, year, PATTERNS);
    }

    private static void compare(ZoneId zone, int year, int patterns) {
        System.err.println("WholeYearsTest: " + zone + " -Dleprechaun.seed=" + SEED);
        var random = new Random(SEED ^ zone.hashCode());
        var minutes = new Minutes(zone.getRules(), year);
        for (int i = 0; i < patterns; i++) {
            Drawn drawn = Drawn.by(random);
            assertThat(found(drawn.text(), zone, year))
                    .as("-Dleprechaun.seed=%d: '%s' in %s in %d", SEED, drawn.text(), zone, year)
                    .isEqualTo(minutes.due(drawn));
        }
    }

    private static List<Long> found(String pattern, ZoneId zone, int year) {
        Schedule schedule;
        try {
            schedule = CronPattern.parse(pattern, zone);
        } catch (PatternException never) {
            assertThat(never).hasMessageContaining("is never due");
            return List.of();
        }
        long end = begin(year + 1);
        var found = new ArrayList<Long>();
        Optional<Instant> next = schedule.next(Instant.ofEpochSecond(begin(year) - 1));
        while (next.isPresent() && next.get().getEpochSecond() < end) {
            assertThat(next.get().getNano()).isZero();
            found.add(next.get().getEpochSecond());
            next = schedule.next(next.get());
        }
        return found;
    }

    /** Returns the begin of a year in UTC, in seconds since 1970. */
    private static long begin(int year) {
        return LocalDateTime.of(year, 1, 1, 0, 0).toEpochSecond(ZoneOffset.UTC);
    }

    /**
     * The local times at every minute of a year, and some days before: times that were shown last year are repeated,
     * too.
     */
    private static final class Minutes {
        private static final int BEFORE = 3 * 24 * 60;

        private final long from;
        private final long year;
        private final long[] shown;

        Minutes(ZoneRules rules, int year) {
            this.year = begin(year);
            from = this.year - BEFORE * 60L;
            shown = new long[(int) ((begin(year + 1) - from) / 60)];
            for (int i = 0; i < shown.length; i++) {
                Instant minute = Instant.ofEpochSecond(from + i * 60L);
                long local = minute.getEpochSecond() + rules.getOffset(minute).getTotalSeconds();
                assertThat(local % 60).isZero();
                shown[i] = local / 60;
            }
        }

        List<Long> due(Drawn drawn) {
            var due = new ArrayList<Long>();
            var dates = new HashMap<Long, Boolean>();
            long latest = shown[0] - 1;
            for (int i = 0; i < shown.length; i++) {
                long second = from + i * 60L;
                if (drawn.star()) {
                    add(due, drawn, dates, shown[i], second);
                } else {
                    boolean skipped = false;
                    for (long minute = latest + 1; minute < shown[i]; minute++) {
                        skipped |= drawn.matches(minute, dates);
                    }
                    if (skipped && second >= year) {
                        due.add(second);
                    }
                    if (shown[i] > latest) { // else it was shown before
                        add(due, drawn, dates, shown[i], second);
                    }
                }
                latest = Math.max(latest, shown[i]);
            }
            return due;
        }

        private void add(List<Long> due, Drawn drawn, Map<Long, Boolean> dates, long minute, long second) {
            if (second >= year && drawn.matches(minute, dates)) {
                for (int s = 0; s < 60; s++) {
                    if (drawn.seconds()[s] && (due.isEmpty() || due.getLast() < second + s)) {
                        due.add(second + s);
                    }
                }
            }
        }
    }

    /**
     * A pattern that was drawn, with its meaning by the way it was drawn: its text is never read.
     *
     * @param star whether minute or hour begin with a star
     * @param either whether a day of the month or a weekday is enough
     * @param days the rule for dates: the day of the month, the days in it, and the weekday of the day
     */
    private record Drawn(
            String text,
            boolean star,
            boolean either,
            boolean[] seconds,
            boolean[] minutes,
            boolean[] hours,
            Days days,
            boolean[] months,
            Days weekdays) {
        /** Returns whether a date matches. */
        @FunctionalInterface
        interface Days {
            /** @param weekday 0 for Sunday */
            boolean match(int day, int length, int weekday);

            default Days or(Days other) {
                return (day, length, weekday) -> match(day, length, weekday) || other.match(day, length, weekday);
            }
        }

        private static final List<String> MONTHS =
                List.of("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec");
        private static final List<String> WEEKDAYS = List.of("sun", "mon", "tue", "wed", "thu", "fri", "sat");

        static Drawn by(Random random) {
            var seconds = new boolean[60];
            var minutes = new boolean[60];
            var hours = new boolean[24];
            var months = new boolean[13];
            boolean six = random.nextInt(8) == 0;
            String second = six ? random.nextInt(60) + "," + random.nextInt(60) : "0";
            for (String value : second.split(",", -1)) {
                seconds[Integer.parseInt(value)] = true;
            }
            String minute = values(random, minutes, 0, List.of(), random.nextInt(4) == 0 ? 2 : 0);
            String hour = values(random, hours, 0, List.of(), random.nextInt(3));
            String month = values(random, months, 1, MONTHS, random.nextInt(4));
            var days = days(random);
            var weekdays = weekdays(random);
            return new Drawn(
                    (six ? second + " " : "") + String.join(" ", minute, hour, days.text, month, weekdays.text),
                    minute.startsWith("*") || hour.startsWith("*"),
                    !isStar(days.text) && !isStar(weekdays.text),
                    seconds,
                    minutes,
                    hours,
                    days.match,
                    months,
                    weekdays.match);
        }

        private static boolean isStar(String field) {
            return field.startsWith("*") || field.startsWith("?");
        }

        boolean matches(long minute, Map<Long, Boolean> dates) {
            int ofDay = (int) Math.floorMod(minute, 1440L);
            return minutes[ofDay % 60]
                    && hours[ofDay / 60]
                    && dates.computeIfAbsent(Math.floorDiv(minute, 1440L), this::matchesDate);
        }

        private boolean matchesDate(long epochDay) {
            LocalDate date = LocalDate.ofEpochDay(epochDay);
            if (!months[date.getMonthValue()]) {
                return false;
            }
            int weekday = date.getDayOfWeek().getValue() % 7;
            boolean day = days.match(date.getDayOfMonth(), date.lengthOfMonth(), weekday);
            boolean name = weekdays.match(date.getDayOfMonth(), date.lengthOfMonth(), weekday);
            return either ? day || name : day && name;
        }

        /** Draws a field of values, and marks them. */
        private static String values(Random random, boolean[] marks, int min, List<String> names, int stars) {
            if (random.nextInt(4) < stars) {
                int step = random.nextBoolean() ? 1 : 1 + random.nextInt(marks.length - 1);
                mark(marks, min, marks.length - 1, step);
                return step == 1 ? "*" : "*/" + step;
            }
            var parts = new ArrayList<String>();
            for (int count = 1 + random.nextInt(3); count > 0; count--) {
                int from = min + random.nextInt(marks.length - min);
                int to = from + random.nextInt(marks.length - from);
                int step = 1 + random.nextInt(marks.length - 1);
                switch (random.nextInt(5)) {
                    case 0 -> {
                        mark(marks, from, to, 1);
                        parts.add(word(random, from, min, names) + "-" + word(random, to, min, names));
                    }
                    case 1 -> {
                        mark(marks, from, to, step);
                        parts.add(word(random, from, min, names) + "-" + to + "/" + step);
                    }
                    case 2 -> {
                        mark(marks, from, marks.length - 1, step);
                        parts.add(from + "/" + step);
                    }
                    default -> {
                        marks[from] = true;
                        parts.add(word(random, from, min, names));
                    }
                }
            }
            return String.join(",", parts);
        }

        private static void mark(boolean[] marks, int from, int to, int step) {
            for (int value = from; value <= to; value += step) {
                marks[value] = true;
            }
        }

        /** Draws a number, now and then with a zero before, or a name. */
        private static String word(Random random, int value, int min, List<String> names) {
            if (names.isEmpty() || random.nextBoolean()) {
                return random.nextInt(5) == 0 ? "0" + value : String.valueOf(value);
            }
            String name = names.get(value - min);
            return random.nextBoolean() ? name : name.toUpperCase(Locale.ROOT);
        }

        private record Part(String text, Days match) {}

        private static Part days(Random random) {
            if (random.nextInt(2) == 0) {
                int step = random.nextBoolean() ? 1 : 2 + random.nextInt(20);
                String star = random.nextInt(4) == 0 ? "?" : "*";
                return new Part(step == 1 ? star : star + "/" + step, (day, length, weekday) -> (day - 1) % step == 0);
            }
            Part one = oneDay(random);
            return random.nextBoolean() ? one : both(one, oneDay(random));
        }

        private static Part oneDay(Random random) {
            return switch (random.nextInt(5)) {
                case 0 -> new Part("L", (day, length, weekday) -> day == length);
                case 1 ->
                    new Part(
                            "LW",
                            (day, length, weekday) ->
                                    weekday != 0 && weekday != 6 && day == length || weekday == 5 && length - day <= 2);
                case 2 -> {
                    int target = 1 + random.nextInt(28);
                    yield new Part(target + "W", (day, length, weekday) -> isNearest(day, length, weekday, target));
                }
                default -> {
                    var marks = new boolean[32];
                    String text = values(random, marks, 1, List.of(), 0);
                    yield new Part(text, (day, length, weekday) -> marks[day]);
                }
            };
        }

        /** Returns whether a working day is the nearest to a date, and no other is nearer; within its month. */
        private static boolean isNearest(int day, int length, int weekday, int target) {
            if (weekday == 0 || weekday == 6) {
                return false;
            }
            return day == target
                    || weekday == 5 && day + 1 == target
                    || weekday == 1 && day - 1 == target
                    || weekday == 1 && target == 1 && day == 3
                    || weekday == 5 && target == length && day + 2 == target;
        }

        private static Part weekdays(Random random) {
            if (random.nextInt(2) == 0) {
                return new Part("*", (day, length, weekday) -> true);
            }
            Part one = oneWeekday(random);
            return random.nextBoolean() ? one : both(one, oneWeekday(random));
        }

        private static Part oneWeekday(Random random) {
            int name = random.nextInt(7);
            String word = word(random, name, 0, WEEKDAYS);
            return switch (random.nextInt(4)) {
                case 0 -> new Part(word + "L", (day, length, weekday) -> weekday == name && day + 7 > length);
                case 1 -> {
                    int week = 1 + random.nextInt(5);
                    yield new Part(
                            word + "#" + week, (day, length, weekday) -> weekday == name && (day + 6) / 7 == week);
                }
                default -> {
                    var marks = new boolean[7];
                    String text = values(random, marks, 0, WEEKDAYS, 0);
                    yield new Part(text, (day, length, weekday) -> marks[weekday]);
                }
            };
        }

        private static Part both(Part one, Part other) {
            return new Part(one.text + "," + other.text, one.match.or(other.match));
        }
    }
}
