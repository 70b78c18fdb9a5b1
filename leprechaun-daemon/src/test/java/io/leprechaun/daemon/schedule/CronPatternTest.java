package io.leprechaun.daemon.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CronPatternTest {
    private static final ZoneId UTC = ZoneId.of("UTC");

    private static List<Instant> firings(String pattern, ZoneId zone, Instant after, int count) {
        Schedule schedule = CronPattern.parse(pattern, zone);
        var found = new ArrayList<Instant>();
        for (Optional<Instant> next = schedule.next(after);
                next.isPresent() && found.size() < count;
                next = schedule.next(next.get())) {
            found.add(next.get());
        }
        return found;
    }

    private static String local(String pattern, ZoneId zone, String after, int count) {
        Instant from = LocalDateTime.parse(after).atZone(zone).toInstant();
        return String.join(
                " ",
                firings(pattern, zone, from, count).stream()
                        .map(i -> i.atZone(zone))
                        .map(t -> t.toLocalDateTime().toString().substring(5)
                                + t.getOffset().getId().replaceFirst(":00$", ""))
                        .toList());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "* * * * *            | 2026-03-01T00:00    | 2026-03-01T00:01    | each minute",
                "*/15 * * * *         | 2026-03-01T00:50    | 2026-03-01T01:00    | a step over all",
                "5/15 * * * *         | 2026-03-01T00:21    | 2026-03-01T00:35    | a step from a value",
                "10-30/10 * * * *     | 2026-03-01T00:20    | 2026-03-01T00:30    | a step over a range",
                "0 0 31 * *           | 2026-03-31T00:00    | 2026-05-31T00:00    | months without a 31st",
                "0 0 29 2 *           | 2096-03-01T00:00    | 2104-02-29T00:00    | no leap year 2100",
                "0 0 * * 7            | 2026-03-02T00:00    | 2026-03-08T00:00    | 7 is Sunday",
                "0 0 * * 0            | 2026-03-02T00:00    | 2026-03-08T00:00    | 0 is Sunday",
                "0 0 * * fri-Sun      | 2026-03-02T00:00    | 2026-03-06T00:00    | names, any case, up to Sunday",
                "0 0 * * 5-7          | 2026-03-07T00:00    | 2026-03-08T00:00    | up to Sunday",
                "0 0 * JAN,dec *      | 2026-03-02T00:00    | 2026-12-01T00:00    | months by name",
                "0 0 13 * 5           | 2026-03-01T00:00    | 2026-03-06T00:00    | either day where neither begins"
                        + " with a star",
                "0 0 13 * 5           | 2026-03-06T00:00    | 2026-03-13T00:00    | both at once",
                "0 0 13 * 5           | 2026-04-12T00:00    | 2026-04-13T00:00    | the date alone",
                "0 0 */10 * 1         | 2026-08-02T00:00    | 2026-08-31T00:00    | both where one begins with a star",
                "0 0 */10 * 1         | 2026-08-31T00:00    | 2026-09-21T00:00    | both where one begins with a star",
                "0 0 ? * 1            | 2026-03-03T00:00    | 2026-03-09T00:00    | ? is a star in a day field",
                "0 0 L * *            | 2026-02-01T00:00    | 2026-02-28T00:00    | the last day",
                "0 0 LW * *           | 2026-02-01T00:00    | 2026-02-27T00:00    | the last working day, 28 February"
                        + " is a Saturday",
                "0 0 1W * *           | 2026-07-31T23:00    | 2026-08-03T00:00    | 1 August is a Saturday: not before"
                        + " the month",
                "0 0 15W * *          | 2026-08-01T00:00    | 2026-08-14T00:00    | the 15th is a Saturday",
                "0 0 31W * *          | 2026-05-01T00:00    | 2026-05-29T00:00    | the 31st is a Sunday: not after"
                        + " the month",
                "0 0 1,L * *          | 2026-02-02T00:00    | 2026-02-28T00:00    | L in a list",
                "0 0 * * 5L           | 2026-03-01T00:00    | 2026-03-27T00:00    | the last Friday",
                "0 0 * * MON#2        | 2026-03-01T00:00    | 2026-03-09T00:00    | the second Monday",
                "0 0 * * 1#5          | 2026-03-31T00:00    | 2026-06-29T00:00    | months without a fifth",
                "0 0 L * 1#1          | 2026-03-03T00:00    | 2026-03-31T00:00    | either day with rules",
                "30 * * * * *         | 2026-03-01T00:00:30 | 2026-03-01T00:01:30 | seconds first",
                "*/20 5 4 * * *       | 2026-03-01T04:05:20 | 2026-03-01T04:05:40 | seconds first",
                "@hourly              | 2026-03-01T00:00    | 2026-03-01T01:00    | a nickname",
                "@daily               | 2026-03-01T00:00    | 2026-03-02T00:00    | a nickname",
                "@Midnight            | 2026-03-01T00:00    | 2026-03-02T00:00    | a nickname in any case",
                "@weekly              | 2026-03-02T00:00    | 2026-03-08T00:00    | a nickname",
                "@monthly             | 2026-03-01T00:00    | 2026-04-01T00:00    | a nickname",
                "@yearly              | 2026-03-01T00:00    | 2027-01-01T00:00    | a nickname",
                "@annually            | 2026-03-01T00:00    | 2027-01-01T00:00    | a nickname",
                "@every 1h30m         | 1970-01-01T01:29    | 1970-01-01T01:30    | counted from 1970",
                "59 23 31 12 *        | 2026-12-31T23:59    | 2027-12-31T23:59    | the end of a year",
            })
    void next_is_the_first_match_strictly_later(String pattern, String after, String next, String why) {
        Instant from = LocalDateTime.parse(after).atZone(UTC).toInstant();

        assertThat(CronPattern.parse(pattern, UTC).next(from))
                .as(why)
                .contains(LocalDateTime.parse(next).atZone(UTC).toInstant());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "30 2 * * *    | Europe/Berlin | 2026-03-28T03:00 | 3 | 03-29T03:00+02 03-30T02:30+02 03-31T02:30+02 |"
                        + " a skipped time: at the change",
                "0,30 2 * * *  | Europe/Berlin | 2026-03-28T03:00 | 2 | 03-29T03:00+02 03-30T02:00+02 | two skipped"
                        + " times fall on one instant",
                "30 2,3 * * *  | Europe/Berlin | 2026-03-28T04:00 | 3 | 03-29T03:00+02 03-29T03:30+02 03-30T02:30+02 |"
                        + " a skipped time beside another",
                "30 2 * * *    | Europe/Berlin | 2026-10-24T03:00 | 2 | 10-25T02:30+02 10-26T02:30+01 | a repeated"
                        + " time: the first only",
                "30 1-3 * * *  | Europe/Berlin | 2026-10-25T00:00 | 4 | 10-25T01:30+02 10-25T02:30+02 10-25T03:30+01"
                        + " 10-26T01:30+01 | a range of repeated times",
                "0 * * * *     | Europe/Berlin | 2026-10-25T01:30 | 4 | 10-25T02:00+02 10-25T02:00+01 10-25T03:00+01"
                        + " 10-25T04:00+01 | both passes",
                "*/30 2 * * *  | Europe/Berlin | 2026-10-25T01:30 | 5 | 10-25T02:00+02 10-25T02:30+02 10-25T02:00+01"
                        + " 10-25T02:30+01 10-26T02:00+01 | both passes: the minute begins with a star",
                "30 */2 * * *  | Europe/Berlin | 2026-03-29T00:00 | 3 | 03-29T00:30+01 03-29T04:30+02 03-29T06:30+02 |"
                        + " nothing extra after the gap",
                "*/30 2 * * *  | Europe/Berlin | 2026-03-28T03:00 | 2 | 03-30T02:00+02 03-30T02:30+02 | nothing for"
                        + " what is skipped",
                "0 0 * * *     | Africa/Cairo  | 2026-04-23T12:00 | 2 | 04-24T01:00+03 04-25T00:00+03 | midnight is"
                        + " skipped",
                "0 */2 * * *   | Africa/Cairo  | 2026-04-23T21:00 | 3 | 04-23T22:00+02 04-24T02:00+03 04-24T04:00+03 |"
                        + " goes on after a gap at midnight",
                "15 2 * * *    | Australia/Lord_Howe | 2026-10-03T12:00 | 2 | 10-04T02:30+11 10-05T02:15+11 | a gap of"
                        + " half an hour",
                "45 1 * * *    | Australia/Lord_Howe | 2026-04-04T12:00 | 2 | 04-05T01:45+11 04-06T01:45+10:30 | an"
                        + " overlap of half an hour",
                "30 12 * * *   | Pacific/Apia  | 2011-12-29T13:00 | 3 | 12-31T00:00+14 12-31T12:30+14 01-01T12:30+14 |"
                        + " a day that never was",
                "0 12 * * *    | Asia/Kathmandu | 2026-03-01T12:00 | 1 | 03-02T12:00+05:45 | no change at all",
            })
    void the_clocks_change(String pattern, ZoneId zone, String after, int count, String expected, String why) {
        assertThat(local(pattern, zone, after, count)).as(why).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "60 * * * *      | the minute field '60': 60 is out of range; use 0 to 59",
                "* 24 * * *      | the hour field '24': 24 is out of range; use 0 to 23",
                "* * 0 * *       | the day field '0': 0 is out of range; use 1 to 31",
                "* * * 13 *      | the month field '13': 13 is out of range; use 1 to 12 or JAN to DEC",
                "* * * * 8       | the weekday field '8': 8 is out of range; use 0 to 7 or SUN to SAT",
                "60 * * * * *    | the second field '60': 60 is out of range; use 0 to 59",
                "* * * FOO *     | the month field 'FOO': invalid value 'FOO': use 1 to 12 or JAN to DEC",
                "* 22-2 * * *    | the hour field '22-2': the range 22-2 runs backwards; use 22-23,0-2",
                "* * * * sat-tue | the weekday field 'sat-tue': the range SAT-TUE runs backwards; use 6,0-2",
                "* * * * 7-2     | the weekday field '7-2': the range 7-2 runs backwards; use 0-2",
                "*/0 * * * *     | the minute field '*/0': a step of 0 never advances; use 1 or more",
                "*/60 * * * *    | the minute field '*/60': the step 60 is larger than the field, 0 to 59; use 0 in"
                        + " its place",
                "*/60 0 * * * *  | the second field '*/60': the step 60 is larger than the field, 0 to 59; use 0 in"
                        + " its place",
                "30 */24 * * *   | the hour field '*/24': the step 24 is larger than the field, 0 to 23; use 0 in its"
                        + " place",
                "30 5/24 * * *   | the hour field '5/24': the step 24 is larger than the field, 0 to 23; use 5 in its"
                        + " place",
                "30 5-9/24 * * * | the hour field '5-9/24': the step 24 is larger than the field, 0 to 23; use 5 in"
                        + " its place",
                "*/90 * * * *    | the minute field '*/90': the step 90 is larger than the field, 0 to 59; for every"
                        + " 90m use @every 90m, which counts from 1970, not from a time of day",
                "0 */36 * * *    | the hour field '*/36': the step 36 is larger than the field, 0 to 23; for every"
                        + " 36h use @every 36h, which counts from 1970, not from a time of day",
                "0 8 */100,1-7 * MON | the step in '*/100,1-7' is larger than the field: for one weekday in these"
                        + " days use '0 8 * * MON#1'",
                "5 0 8 */32,15-21 * 7 | the step in '*/32,15-21' is larger than the field: for one weekday in these"
                        + " days use '5 0 8 * * 7#3'",
                "0 0 */40 * *    | the day field '*/40': the step 40 is larger than the field, 1 to 31; use a smaller"
                        + " step, or the value itself",
                "CRON_TZ=Europe/Berlin 0 3 * * * | a pattern cannot contain a zone: use `timezone: Europe/Berlin`,"
                        + " and the pattern '0 3 * * *'",
                "TZ=UTC @daily   | a pattern cannot contain a zone: use `timezone: UTC`, and the pattern '@daily'",
                "0 3 * * * /usr/bin/backup --all | a crontab line in place of a pattern: use the pattern '0 3 * * *',"
                        + " and the step '/usr/bin/backup --all'",
                "*/5 * * * 1-5 root run-parts | a crontab line in place of a pattern: use the pattern '*/5 * * * 1-5',"
                        + " and the step 'root run-parts'",
                "H H(0-7) * * *  | unknown Jenkins value 'H': use a value, and `jitter: 30m` to spread the starts",
                "H/15 * * * *    | unknown Jenkins value 'H/15': use a value, and `jitter: 30m` to spread the starts",
                "0~30 3 * * *    | unknown random value '0~30': use a value, and `jitter: 30m` to spread the starts",
                "0 3 L-3 * *     | 'L-3', a day before the last one, is not supported: use L, or check the day in the"
                        + " first step",
                "0 3 * * * 2027  | unexpected year '2027': use `from` and `until`, such as from: 2027-01-01",
                "0 0 12 * * ? 2027-2029 | unexpected year '2027-2029': use `from` and `until`, such as from:"
                        + " 2027-01-01",
                "@every 2w       | invalid interval '@every 2w': use at least one second, such as @every 14d",
                "*/x * * * *     | the minute field '*/x': invalid step 'X': use a number, such as */5",
                "1,,2 * * * *    | the minute field '1,,2': missing value beside a comma; remove the comma",
                "1- * * * *      | the minute field '1-': invalid value '': use 0 to 59",
                "-1 * * * *      | the minute field '-1': invalid value '': use 0 to 59",
                "? * * * *       | the minute field '?': `?` is only for the day and weekday fields; use `*`",
                "* * * *         | the pattern has 4 fields; use 5 (minute hour day month weekday) or 6 (second first)",
                "5               | the pattern has 1 field; use 5 (minute hour day month weekday) or 6 (second first)",
                "* * * * * * *   | the pattern has 7 fields; use 5 (minute hour day month weekday) or 6 (second first)",
                "٥ * * * *       | the character '٥' (U+0665) is not allowed; use ASCII letters, digits and spaces",
                "* * * * frı     | the character 'ı' (U+0131) is not allowed; use ASCII letters, digits and spaces",
                "0 0 31 2 *      | '0 0 31 2 *' is never due; check the day and the month",
                "0 0 30 2 ?      | '0 0 30 2 ?' is never due; check the day and the month",
                "0 0 * * L       | the weekday field 'L': `L` needs a weekday before it; use 5L for the last Friday"
                        + " of the month",
                "0 0 * * 1#6     | the weekday field '1#6': a month has no weekday number 6; use #1 to #5",
                "0 0 * * 1#      | the weekday field '1#': missing number after `#`; use 1#2 for the second Monday",
                "@reboot         | @reboot has no due times: it triggers at a start of the machine",
                "@dayly          | unknown name '@dayly'; use @hourly @daily @midnight @weekly @monthly @yearly"
                        + " @annually @reboot or @every DURATION",
                "@every 10       | invalid interval '@every 10': use at least one second, such as @every 10m",
                "@every 0s       | invalid interval '@every 0s': use at least one second, such as @every 10m",
            })
    void what_is_no_pattern_is_said_with_the_fix(String pattern, String message) {
        assertThatExceptionOfType(PatternException.class)
                .isThrownBy(() -> CronPattern.parse(pattern, UTC))
                .withMessage(message);
    }

    @Test
    @Timeout(180)
    void garbage_throws_nothing_but_the_problem() {
        long seed = new Random().nextLong();
        var random = new Random(seed);
        String alphabet = "0123456789 */-,LW#?@MONJAEvery\t١é";
        for (int i = 0; i < 100_000; i++) {
            var text = new StringBuilder();
            for (int n = random.nextInt(30); n > 0; n--) {
                text.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            try {
                CronPattern.parse(text.toString(), UTC).next(Instant.EPOCH);
            } catch (PatternException e) {
                assertThat(e.getMessage()).as("seed %d: %s", seed, text).isNotBlank();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "UTC",
                "Europe/Berlin",
                "America/New_York",
                "Australia/Lord_Howe",
                "Asia/Kathmandu",
                "Pacific/Apia",
                "Africa/Cairo",
                "America/Sao_Paulo"
            })
    @Timeout(180)
    void random_patterns_agree_with_looking_at_every_minute(String id) {
        ZoneId zone = ZoneId.of(id);
        long seed = new Random().nextLong();
        var random = new Random(seed);
        for (int i = 0; i < 40; i++) {
            String pattern = randomPattern(random);
            LocalDateTime start = LocalDateTime.of(2010 + random.nextInt(8), 1 + random.nextInt(12), 1, 0, 0);
            if (i % 4 == 0) {
                start = changeNear(zone, start).minusDays(2);
            }
            Instant from = start.atZone(zone).toInstant();
            Instant to = from.plus(Duration.ofDays(5));
            List<Instant> expected = everyMinute(pattern, zone, from, to);
            List<Instant> found = firings(pattern, zone, from, expected.size() + 1).stream()
                    .filter(t -> !t.isAfter(to))
                    .toList();
            assertThat(found)
                    .as("seed %d: %s in %s from %s", seed, pattern, zone, start)
                    .isEqualTo(expected);
        }
    }

    private static LocalDateTime changeNear(ZoneId zone, LocalDateTime start) {
        var change = zone.getRules().nextTransition(start.atZone(zone).toInstant());
        return change == null
                ? start
                : change.getDateTimeBefore().withHour(0).withMinute(0).withSecond(0);
    }

    private static String randomPattern(Random random) {
        String minute = random.nextInt(3) == 0
                ? "*/" + (1 + random.nextInt(59))
                : random.nextInt(60) + "," + random.nextInt(60);
        String hour = switch (random.nextInt(4)) {
            case 0 -> "*";
            case 1 -> "*/" + (1 + random.nextInt(23));
            case 2 -> "0-" + random.nextInt(24);
            default -> "0,1,2,3," + random.nextInt(24);
        };
        String day = random.nextInt(3) == 0 ? (1 + random.nextInt(28)) + "-31" : "*";
        String weekday = random.nextInt(3) == 0 ? random.nextInt(5) + "-6" : "*";
        return minute + " " + hour + " " + day + " * " + weekday;
    }

    /** The rules of cron and of daylight saving, implemented a second time in the simplest way. */
    private static List<Instant> everyMinute(String pattern, ZoneId zone, Instant from, Instant to) {
        String[] fields = pattern.split(" ");
        var due = new TreeSet<Instant>();
        if (fields[0].startsWith("*") || fields[1].startsWith("*")) {
            for (Instant t = from; !t.isAfter(to); t = t.plusSeconds(60)) {
                if (matches(fields, t.atZone(zone).toLocalDateTime())) {
                    due.add(t);
                }
            }
        } else {
            LocalDateTime last = LocalDateTime.ofInstant(to, zone).plusDays(2);
            for (LocalDateTime t = LocalDateTime.ofInstant(from, zone).minusDays(2);
                    t.isBefore(last);
                    t = t.plusMinutes(1)) {
                if (matches(fields, t)) {
                    var change = zone.getRules().getTransition(t);
                    due.add(
                            change != null && change.isGap()
                                    ? change.getInstant()
                                    : ZonedDateTime.of(t, zone)
                                            .withEarlierOffsetAtOverlap()
                                            .toInstant());
                }
            }
        }
        return due.stream().filter(t -> t.isAfter(from) && !t.isAfter(to)).toList();
    }

    private static boolean matches(String[] fields, LocalDateTime t) {
        boolean day = matches(fields[2], t.getDayOfMonth(), 1);
        boolean weekday = matches(fields[4], t.getDayOfWeek().getValue() % 7, 0);
        boolean either = !fields[2].startsWith("*") && !fields[4].startsWith("*");
        return matches(fields[0], t.getMinute(), 0)
                && matches(fields[1], t.getHour(), 0)
                && (either ? day || weekday : day && weekday);
    }

    private static boolean matches(String field, int value, int min) {
        for (String part : field.split(",", -1)) {
            String[] range = part.split("-", -1);
            boolean hit = part.startsWith("*/")
                    ? (value - min) % Integer.parseInt(part.substring(2)) == 0
                    : part.equals("*")
                            || value >= Integer.parseInt(range[0])
                                    && value <= Integer.parseInt(range[range.length - 1]);
            if (hit) {
                return true;
            }
        }
        return false;
    }

    @Test
    void the_ends_of_time_are_no_defect() {
        for (String pattern : List.of("* * * * *", "0 0 29 2 *", "@every 1h")) {
            Schedule schedule = CronPattern.parse(pattern, ZoneId.of("Europe/Berlin"));
            assertThat(schedule.next(Instant.MAX)).isEmpty();
            assertThat(schedule.next(Instant.MIN)
                            .map(i -> i.isAfter(Instant.MIN))
                            .orElse(true))
                    .isTrue();
        }
    }
}
