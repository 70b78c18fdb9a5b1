package io.leprechaun.daemon.desk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.leprechaun.api.ExitCode;
import io.leprechaun.api.ProblemException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TimeParserTest {
    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");
    /** 13:00 in Berlin. */
    private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");

    @ParameterizedTest
    @CsvSource({
        "1d,                         2026-11-22T12:00:00Z",
        "1h30m,                      2026-11-23T10:30:00Z",
        "PT90S,                      2026-11-23T11:58:30Z",
        "2026-11-20,                 2026-11-19T23:00:00Z",
        "2026-11-20 09:30,           2026-11-20T08:30:00Z",
        "2026-11-20T09:30:15,        2026-11-20T08:30:15Z",
        "2026-11-20T09:30:00+05:00,  2026-11-20T04:30:00Z",
        "2026-11-20T09:30:00Z,       2026-11-20T09:30:00Z",
        "09:30,                      2026-11-23T08:30:00Z",
        "13:00,                      2026-11-23T12:00:00Z",
        "13:01,                      2026-11-22T12:01:00Z",
    })
    void reads_what_people_type(String text, Instant moment) {
        assertThat(TimeParser.moment(text, NOW, BERLIN)).isEqualTo(moment);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "yesteryear",
                "1",
                "25:00",
                "2026-02-30",
                "-1d",
                "P999999999999999D",
                "-999999999-01-01",
                "PT-9223372036854775808S"
            })
    void refuses_the_rest_as_wrong_usage(String text) {
        assertThatThrownBy(() -> TimeParser.moment(text, NOW, BERLIN))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        e -> assertThat(e.problem().code()).isEqualTo(ExitCode.USAGE));
    }

    @ParameterizedTest
    @CsvSource({
        "2026-11-23T12:00:00Z,   2h,                        2026-11-23T14:00:00Z, 'from now on'",
        "2026-11-23T12:00:00.2Z, 2h,                        2026-11-23T14:00:01Z, 'whole seconds, never early'",
        "2026-11-23T12:00:00Z,   PT90S,                     2026-11-23T12:01:30Z, 'ISO 8601'",
        "2026-11-23T12:00:00Z,   2026-11-27,                2026-11-26T23:00:00Z, 'a day begins at midnight'",
        "2026-11-23T12:00:00Z,   2026-11-27 09:00,          2026-11-27T08:00:00Z, 'local'",
        "2026-11-23T12:00:00Z,   2026-11-27T09:00:00+05:00, 2026-11-27T04:00:00Z, 'RFC 3339'",
        "2026-11-23T12:00:00Z,   13:01,                     2026-11-23T12:01:00Z, 'today'",
        "2026-11-23T12:00:00Z,   13:00,                     2026-11-24T12:00:00Z, 'it is 13:00 now'",
        "2026-11-23T12:00:00Z,   09:00,                     2026-11-24T08:00:00Z, 'over today'",
        "2027-03-27T22:00:00Z,   02:30,                     2027-03-29T00:30:00Z, 'left out on the 28th'",
        "2027-10-31T00:00:00Z,   02:30,                     2027-10-31T00:30:00Z, 'the first of two'",
        "2027-10-31T00:30:00Z,   02:30,                     2027-10-31T01:30:00Z, 'the second of two'",
        "2027-10-31T01:30:00Z,   02:30,                     2027-11-01T01:30:00Z, 'after both'",
    })
    void reads_what_people_mean_by_a_time_to_come(Instant now, String text, Instant moment, String why) {
        assertThat(TimeParser.ahead(text, now, BERLIN)).as(why).isEqualTo(moment);
    }

    @ParameterizedTest
    @CsvSource({
        "0s,                       use a time in the future",
        "PT-5S,                    use a time in the future",
        "2026-11-23 12:59,         use a time in the future",
        "2026-11-23,               use a time in the future",
        "2026-11-23T12:00:00Z,     use a time in the future",
        "today,                    use a time in the future",
        "yesterday,                use a time in the future",
    })
    void refuses_what_is_not_to_come_and_says_why(String text, String why) {
        assertThatThrownBy(() -> TimeParser.ahead(text, NOW, BERLIN))
                .isInstanceOfSatisfying(ProblemException.class, e -> {
                    assertThat(e.problem().code()).isEqualTo(ExitCode.USAGE);
                    assertThat(e.problem().detail()).startsWith("invalid time '" + text + "': " + why);
                });
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "25:00", "-1d", "P999999999999999D", "soon", "in 2h ago"})
    void refuses_what_is_not_a_time_with_three_examples(String text) {
        assertThatThrownBy(() -> TimeParser.ahead(text, NOW, BERLIN))
                .hasMessage("invalid time '" + text + "': use 2h, 'tomorrow 9:00' or '2026-11-27 09:00'");
        assertThatThrownBy(() -> TimeParser.moment(text, NOW, BERLIN))
                .hasMessage("invalid time '" + text + "': use 2h, yesterday or '2026-11-23 09:30'");
    }

    @Test
    void a_list_begins_at_the_next_weekday_and_history_at_the_last() {
        assertThat(TimeParser.begin("fri 9:00", NOW, BERLIN)).isEqualTo(Instant.parse("2026-11-27T08:00:00Z"));
        assertThat(TimeParser.ahead("fri 9:00", NOW, BERLIN)).isEqualTo(Instant.parse("2026-11-27T08:00:00Z"));
        assertThat(TimeParser.moment("fri 9:00", NOW, BERLIN)).isEqualTo(Instant.parse("2026-11-20T08:00:00Z"));
        assertThat(TimeParser.begin("2h", NOW, BERLIN)).isEqualTo(Instant.parse("2026-11-23T10:00:00Z"));
        assertThat(TimeParser.ahead("2h", NOW, BERLIN)).isEqualTo(Instant.parse("2026-11-23T14:00:00Z"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "soon", "-5s", "PT-5S", "P999999999999999D"})
    void refuses_what_is_no_time_to_wait(String text) {
        assertThatThrownBy(() -> TimeParser.duration(text)).isInstanceOf(ProblemException.class);
    }

    @Test
    void a_time_to_wait_is_a_duration() {
        assertThat(TimeParser.duration("1m30s")).isEqualTo(Duration.ofSeconds(90));
        assertThat(TimeParser.duration("0s")).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0", "-1", "+1", "1e3", "100001", "18446744073709551615", "99999999999999999999"})
    void refuses_what_is_no_count(String text) {
        assertThatThrownBy(() -> TimeParser.count(text)).isInstanceOf(ProblemException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-1", "18446744073709551615", "x"})
    void refuses_what_is_no_offset(String text) {
        assertThatThrownBy(() -> TimeParser.offset(text)).isInstanceOf(ProblemException.class);
    }

    @Test
    void counts_and_offsets_have_their_ranges() {
        assertThat(TimeParser.count("1")).isEqualTo(1);
        assertThat(TimeParser.count("100000")).isEqualTo(100_000);
        assertThat(TimeParser.offset("0")).isZero();
        assertThat(TimeParser.offset("9223372036854775807"))
                .as("no file is as long")
                .isEqualTo(Long.MAX_VALUE / 2);
    }
}
