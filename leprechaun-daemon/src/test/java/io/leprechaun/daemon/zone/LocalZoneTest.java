package io.leprechaun.daemon.zone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every form of {@code TZ} and of {@code /etc/localtime} is read as {@code date} reads it. */
class LocalZoneTest {
    private static final Path FOLDER = Path.of("/usr/share/zoneinfo");
    /** The instant from which the United States have one rule, which the C library takes where a text names none. */
    private static final Instant FROM = Instant.parse("2008-01-01T00:00:00Z");

    private static final Instant UNTIL = Instant.parse("2037-01-01T00:00:00Z");

    @TempDir
    private Path etc;

    @BeforeAll
    static void the_host_has_zones() {
        assumeThat(FOLDER.resolve("Europe/Berlin"))
                .as("the Debian package tzdata")
                .exists();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Europe/Berlin",
                ":Europe/Berlin",
                "posix/Europe/Berlin",
                "/usr/share/zoneinfo/Europe/Berlin",
                "../zoneinfo/Asia/Tokyo",
                "CET-1CEST,M3.5.0,M10.5.0/3",
                ":CET-1CEST,M3.5.0,M10.5.0/3",
                "CET-1CEST,M3.5.0,M10.5.0/3 ",
                "EST5EDT",
                "JST-9",
                "<+03>-3",
                "UTC+3",
                "GMT-2",
                "CET-1:30:15",
                "NZST-12NZDT,M9.5.0,M4.1.0/3",
                "UTC0",
                "UTC",
                "GMT",
                "",
                ":"
            })
    void a_known_zone(String variable) throws IOException {
        LocalZone zone = read(variable);
        HostDate.sameAs(variable, FROM, UNTIL, zone.rules());
        assertThat(zone.doubt()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"Foo/Bar", "europe/berlin", " Europe/Berlin", "Europe", "/nonexistent", "/", "AB-1", "+3", "AAA+"
            })
    void an_unknown_zone_is_utc_and_said(String variable) throws IOException {
        LocalZone zone = read(variable);
        HostDate.sameAs(variable, FROM, UNTIL, zone.rules());
        assertThat(zone.doubt())
                .hasValueSatisfying(why -> assertThat(why)
                        .contains("unknown time zone TZ='" + variable + "': times are UTC, as date(1) shows them"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            ignoreLeadingAndTrailingWhitespace = false,
            value = {"europe/berlin|Europe/Berlin", " Europe/Berlin |Europe/Berlin", "America/new york|America/New_York"
            })
    void a_slip_is_answered_with_the_name(String variable, String meant) {
        assertThat(read(variable).doubt().orElseThrow()).contains("; use TZ=" + meant + ",");
    }

    @ParameterizedTest
    @ValueSource(strings = {"CET-1CEST", "CET-1CEST-2,", "CET-1CEST,M3.5.0", "XST5XDT4"})
    void a_summer_time_without_its_days_is_said(String variable) throws IOException {
        LocalZone zone = read(variable);
        assertThat(zone.doubt().orElseThrow()).contains("has no rule for summer time");
        var january = Instant.parse("2027-01-15T00:00:00Z");
        HostDate.sameAs(variable, january, january.plusSeconds(3600), zone.rules());
        var summer = Instant.parse("2027-07-15T00:00:00Z");
        HostDate.sameAs(variable, summer, summer.plusSeconds(3600), zone.rules());
    }

    @Test
    void an_offset_that_java_does_not_know_is_said() {
        assertThat(read("XXX-25").doubt()).isPresent();
    }

    @Test
    void leap_seconds_are_not_counted_and_that_is_said() {
        LocalZone zone = read("right/Asia/Tokyo");
        assertThat(zone.name()).hasValue("Asia/Tokyo");
        assertThat(zone.doubt().orElseThrow()).contains("use the zone Asia/Tokyo");
    }

    @Test
    void without_zone_files_a_name_is_utc_and_a_rule_is_itself() {
        Path none = etc.resolve("none");
        LocalZone named = LocalZone.read(Optional.of("Europe/Berlin"), etc, none);
        assertThat(named.rules().isFixedOffset()).isTrue();
        assertThat(named.doubt().orElseThrow()).contains("install the zone files (tzdata)");
        assertThat(LocalZone.read(Optional.of("CET-1CEST,M3.5.0,M10.5.0/3"), etc, none)
                        .rules()
                        .isFixedOffset())
                .isFalse();
    }

    @Test
    void a_missing_localtime_is_utc() {
        LocalZone zone = host();
        assertThat(zone.name()).hasValue("UTC");
        assertThat(zone.doubt()).isEmpty();
    }

    @Test
    void a_link_names_the_zone_through_other_links() throws IOException {
        Files.createSymbolicLink(etc.resolve("other"), FOLDER.resolve("Europe/Berlin"));
        Files.createSymbolicLink(etc.resolve("localtime"), Path.of("other"));
        assertThat(host().name()).hasValue("Europe/Berlin");
    }

    @Test
    void a_copy_is_the_zone_that_it_is_a_copy_of() throws IOException {
        Files.copy(FOLDER.resolve("Europe/Berlin"), etc.resolve("localtime"));
        assertThat(host().name()).hasValue("Europe/Berlin");
    }

    @Test
    void a_file_of_ones_own_is_what_it_says() throws IOException {
        String berlin = Files.readString(FOLDER.resolve("Europe/Berlin"), StandardCharsets.ISO_8859_1);
        Files.writeString(etc.resolve("localtime"), berlin.replace("CEST", "MINE"), StandardCharsets.ISO_8859_1);
        LocalZone zone = host();
        assertThat(zone.name()).isEmpty();
        assertThat(zone.doubt()).isEmpty();
        HostDate.sameAs(etc.resolve("localtime").toString(), FROM, UNTIL, zone.rules());
    }

    @Test
    void what_is_no_zone_is_utc_and_said() throws IOException {
        Files.writeString(etc.resolve("localtime"), "Europe/Berlin\n");
        assertThat(host().rules().isFixedOffset()).isTrue();
        assertThat(host().doubt().orElseThrow()).contains("cannot read the time zone " + etc.resolve("localtime"));
        Files.delete(etc.resolve("localtime"));
        Files.createSymbolicLink(etc.resolve("localtime"), etc.resolve("gone"));
        assertThat(host().doubt().orElseThrow()).contains("cannot read the time zone " + etc.resolve("localtime"));
    }

    private LocalZone read(String variable) {
        return LocalZone.read(Optional.of(variable), etc, FOLDER);
    }

    private LocalZone host() {
        return LocalZone.read(Optional.empty(), etc, FOLDER);
    }
}
