package io.leprechaun.daemon.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The daemon knows its zone and its zone data however plainly the host's zone is set. */
@Timeout(120)
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
                .contains("1 recipes")
                .doesNotContain("broken");
        assertThat(daemon.stop()).isZero();
    }
}
