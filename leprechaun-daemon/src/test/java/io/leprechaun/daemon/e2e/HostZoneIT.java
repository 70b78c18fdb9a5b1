package io.leprechaun.daemon.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The daemon finds its zone and its zone data for each form of the host's setting. */
@Tag("proof")
@Timeout(180)
class HostZoneIT {
    @RegisterExtension
    private final Installation place = new Installation();

    @ParameterizedTest
    @ValueSource(strings = {"UTC", "GMT", "UTC0", "", "Europe/Berlin"})
    void tells_its_zone_and_takes_a_recipe_that_names_another(String zone) throws Exception {
        place.environment().put("TZ", zone);
        Files.writeString(place.settingsFile(), "agents: { server: { enabled: false } }\n");
        var daemon = place.start();
        var info = place.client("daemon", "info");
        assertThat(info.code()).as(info.err()).isZero();
        assertThat(info.out()).contains("zone_data", Files.exists(Path.of("/usr/share/zoneinfo/UTC")) ? "host" : "");
        place.recipe("far", "definition: cron\npattern: '0 9 * * *'\ntimezone: Asia/Tokyo\nsteps: [ 'true' ]");
        var reload = place.client("daemon", "reload");
        assertThat(reload.out())
                .as(reload.err() + daemon.log())
                .contains("1 recipe")
                .doesNotContain("broken");
        assertThat(daemon.stop()).isZero();
    }

    /** Compared with {@code date}: over both changes of the clocks, for each form of the setting. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "Europe/Berlin",
                ":Europe/Berlin",
                "posix/Europe/Berlin",
                "/usr/share/zoneinfo/Europe/Berlin",
                "CET-1CEST,M3.5.0,M10.5.0/3",
                "<+01>-1<+02>,M3.5.0,M10.5.0/3",
                "EST5EDT",
                "JST-9",
                "GMT+1",
                "Foo/Bar"
            })
    void what_is_due_and_what_a_step_reads_are_what_date_says(String zone) throws Exception {
        place.environment().put("TZ", zone);
        Files.writeString(place.settingsFile(), "agents: { server: { enabled: false } }\n");
        place.recipe("here", """
            definition: cron
            pattern: '30 12 1 1,7 *'
            steps: [ 'echo "TZ=$TZ"; date -d @1782864000 +%FT%T%z; date -d @1798761600 +%FT%T%z' ]
            """);
        var daemon = place.start();
        for (var due : place.json("next", "here", "-n", "2").get("next")) {
            String at = due.get("at").asString();
            var date = place.shell("TZ='" + zone + "' date -d " + at + " +%H:%M");
            assertThat(date.out().strip()).as(at).isEqualTo("12:30");
        }
        place.client("run", "here", "--follow");
        String printed = place.client("logs", "1").out();
        var seen = place.shell("TZ='" + zone
                + "'; export TZ; echo \"TZ=$TZ\"; date -d @1782864000 +%FT%T%z; date -d @1798761600 +%FT%T%z");
        assertThat(printed).isEqualTo(seen.out());
        assertThat(daemon.log().contains("unknown time zone")).isEqualTo(zone.equals("Foo/Bar"));
        assertThat(daemon.stop()).isZero();
    }
}
