package io.leprechaun.daemon.zone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.zone.ZoneRulesException;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The zones agree with the C library, which {@code date} calls, on the same files and texts. */
class HostZonesTest {
    private static final Path FOLDER = Path.of("/usr/share/zoneinfo");
    private static final Instant FROM = Instant.parse("1900-01-01T00:00:00Z");

    @TempDir
    private Path folder;

    @Tag("proof")
    @Test
    void every_zone_of_this_host_has_the_offsets_that_the_host_gives_it() throws Exception {
        assumeThat(FOLDER.resolve("Europe/Berlin"))
                .as("the Debian package tzdata")
                .exists();
        var zones = new HostZones(FOLDER);
        Set<String> names = zones.provideZoneIds();
        assertThat(names)
                .contains("UTC", "Europe/Berlin", "America/Argentina/Buenos_Aires", "Etc/GMT+12", "GMT0", "EST5EDT")
                .noneMatch(name -> name.startsWith("posix") || name.startsWith("right") || name.contains("."));
        for (String name : names) {
            HostDate.sameAs(name, FROM, zones.provideRules(name, false));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "CET-1CEST,M3.5.0,M10.5.0/3",
                "EET-2EEST,M4.5.5/0,M10.5.4/24",
                "<-02>2<-01>,M3.5.0/-1,M10.5.0/0",
                "<+1030>-10:30<+11>-11,M10.1.0,M4.1.0",
                "IST-2IDT,M3.4.4/26,M10.5.0",
                "<+00>0<+02>-2,M3.5.0/1,M10.5.0/3",
                "AAA3BBB,J60/0,J300/12:30:15",
                "AAA3BBB,59,299",
                "XXX3EDT4,0/0,J365/23",
                "NZST-12NZDT,M9.5.0,M4.1.0/3",
                "XXX-5:45:30"
            })
    void a_rule_says_what_the_host_makes_of_it(String rule) throws Exception {
        HostDate.sameAs(rule, Instant.parse("1971-01-01T00:00:00Z"), ZoneFile.read(file(rule)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "CET",
                "CET-1CEST",
                "CET-1CEST,M3.5.0",
                "CET-1CEST,M3.5,M10.5.0",
                "CET-1CEST,M13.5.0,M10.5.0",
                "CET-25"
            })
    void what_is_no_rule_is_refused(String rule) {
        assertThatThrownBy(() -> ZoneFile.read(file(rule))).isInstanceOf(RuntimeException.class);
    }

    @Test
    void what_is_no_zone_is_refused_with_its_name() throws Exception {
        Files.writeString(folder.resolve("Nowhere"), "no zone");
        assertThatThrownBy(() -> new HostZones(folder).provideRules("Nowhere", false))
                .isInstanceOf(ZoneRulesException.class)
                .hasMessageContaining(folder.resolve("Nowhere").toString());
    }

    @Test
    void names_and_version_are_those_of_the_folder() throws Exception {
        Files.createDirectories(folder.resolve("right/Here"));
        Files.createDirectories(folder.resolve("Here"));
        for (String name : List.of("Here/There", "right/Here/There", "zone.tab", "posixrules", "leapseconds")) {
            Files.write(folder.resolve(name), file("UTC0"));
        }
        Files.writeString(folder.resolve("tzdata.zi"), "# version 2031c\n# more\n");
        var zones = new HostZones(folder);
        assertThat(zones.provideZoneIds()).containsExactly("Here/There");
        assertThat(zones.provideVersions("Here/There")).containsOnlyKeys("2031c");
    }

    /** Returns a compiled zone that its rule describes wholly. */
    private static byte[] file(String rule) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var out = new DataOutputStream(bytes)) {
            for (int part = 0; part < 2; part++) {
                out.writeBytes("TZif2");
                out.write(new byte[15]);
                for (int count : List.of(0, 0, 0, 0, 1, 4)) {
                    out.writeInt(count);
                }
                out.writeInt(0);
                out.writeShort(0);
                out.writeBytes("LMT\0");
            }
            out.writeBytes("\n" + rule + "\n");
        }
        return bytes.toByteArray();
    }
}
