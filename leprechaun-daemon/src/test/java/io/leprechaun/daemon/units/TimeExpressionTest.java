package io.leprechaun.daemon.units;

import static org.assertj.core.api.Assertions.assertThat;

import io.leprechaun.daemon.units.TimeExpression.Direction;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TimeExpressionTest {
    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");
    /** Monday, 13:00 in Berlin. */
    private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");

    /** Local times in Berlin; the column for the other directions is empty where they are the same. */
    @ParameterizedTest
    @CsvSource(textBlock = """
        # typed              | looking back        | looking ahead       | from then on
        now                  | 2026-11-23T13:00    |                     |
        today                | 2026-11-23T00:00    |                     |
        today 18:30          | 2026-11-23T18:30    |                     |
        Today 9:00:30        | 2026-11-23T09:00:30 |                     |
        yesterday            | 2026-11-22T00:00    |                     |
        YESTERDAY 9:00       | 2026-11-22T09:00    |                     |
        tomorrow             | 2026-11-24T00:00    |                     |
        tomorrow 9:00        | 2026-11-24T09:00    |                     |
        '  tomorrow   09:00 '| 2026-11-24T09:00    |                     |
        mon                  | 2026-11-23T00:00    | 2026-11-30T00:00    | 2026-11-30T00:00
        Monday               | 2026-11-23T00:00    | 2026-11-30T00:00    | 2026-11-30T00:00
        mon 9:00             | 2026-11-23T09:00    | 2026-11-30T09:00    | 2026-11-30T09:00
        mon 13:00            | 2026-11-23T13:00    | 2026-11-30T13:00    | 2026-11-30T13:00
        mon 18:00            | 2026-11-16T18:00    | 2026-11-23T18:00    | 2026-11-23T18:00
        friday               | 2026-11-20T00:00    | 2026-11-27T00:00    | 2026-11-27T00:00
        sun 23:59            | 2026-11-22T23:59    | 2026-11-29T23:59    | 2026-11-29T23:59
        next friday          | 2026-11-27T00:00    |                     |
        next mon 14:00       | 2026-11-30T14:00    |                     |
        last friday          | 2026-11-20T00:00    |                     |
        last monday          | 2026-11-16T00:00    |                     |
        in 2h                | 2026-11-23T15:00    |                     |
        in 1h 30m            | 2026-11-23T14:30    |                     |
        In 3d                | 2026-11-26T13:00    |                     |
        2h ago               | 2026-11-23T11:00    |                     |
        1d2h ago             | 2026-11-22T11:00    |                     |
        2h                   | 2026-11-23T11:00    | 2026-11-23T15:00    | 2026-11-23T11:00
        1h 30m               | 2026-11-23T11:30    | 2026-11-23T14:30    | 2026-11-23T11:30
        PT2H                 | 2026-11-23T11:00    | 2026-11-23T15:00    | 2026-11-23T11:00
        9:00                 | 2026-11-23T09:00    | 2026-11-24T09:00    | 2026-11-23T09:00
        09:00                | 2026-11-23T09:00    | 2026-11-24T09:00    | 2026-11-23T09:00
        14:00                | 2026-11-22T14:00    | 2026-11-23T14:00    | 2026-11-22T14:00
        2026-11-20           | 2026-11-20T00:00    |                     |
        2026-11-20 09:30     | 2026-11-20T09:30    |                     |
        2026-11-20T09:30:15  | 2026-11-20T09:30:15 |                     |
        2026-11-20T09:30Z    | 2026-11-20T10:30    |                     |
        """, delimiter = '|')
    void a_time_is_read_as_people_say_it(String typed, LocalDateTime back, LocalDateTime ahead, LocalDateTime from) {
        assertThat(parse(typed, Direction.PAST, NOW)).isEqualTo(instant(back));
        assertThat(parse(typed, Direction.FUTURE, NOW)).isEqualTo(instant(ahead == null ? back : ahead));
        assertThat(parse(typed, Direction.PAST_SPAN, NOW)).isEqualTo(instant(from == null ? back : from));
    }

    @ParameterizedTest
    @CsvSource({
        "2027-03-27T12:00:00Z, tomorrow 2:30, 2027-03-28T01:30:00Z, 'skipped: after the gap'",
        "2027-03-27T12:00:00Z, sun 2:30,      2027-03-28T01:30:00Z, 'skipped: after the gap'",
        "2027-03-27T12:00:00Z, 2:30,          2027-03-29T00:30:00Z, 'the next day that shows it'",
        "2027-03-27T12:00:00Z, tomorrow,      2027-03-27T23:00:00Z, 'the day is shorter'",
        "2027-10-30T12:00:00Z, tomorrow 2:30, 2027-10-31T00:30:00Z, 'twice: the first'",
        "2027-10-30T12:00:00Z, sun 2:30,      2027-10-31T00:30:00Z, 'twice: the first'",
        "2027-10-31T00:45:00Z, 2:30,          2027-10-31T01:30:00Z, 'the second of two'",
        "2027-10-31T12:00:00Z, tomorrow,      2027-10-31T23:00:00Z, 'the day is longer'",
    })
    void clocks_that_are_set_are_taken_as_for_dates(Instant now, String typed, Instant moment, String why) {
        assertThat(parse(typed, Direction.FUTURE, now)).as(why).isEqualTo(moment);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "in",
                "ago",
                "in 2h ago",
                "2h from now",
                "mo",
                "mond",
                "next tomorrow",
                "next",
                "next 9:00",
                "today 25:00",
                "mon 9",
                "9",
                "9:0",
                "in 2",
                "in P1D",
                "1969-12-31T00:00:00Z"
            })
    void all_else_is_not_a_time(String typed) {
        for (Direction direction : Direction.values()) {
            assertThat(new TimeExpression(direction, NOW, BERLIN).parse(typed))
                    .as(typed)
                    .isEmpty();
        }
    }

    private static Instant parse(String typed, Direction direction, Instant now) {
        return new TimeExpression(direction, now, BERLIN).parse(typed).orElseThrow();
    }

    private static Instant instant(LocalDateTime local) {
        return local.atZone(BERLIN).toInstant();
    }
}
