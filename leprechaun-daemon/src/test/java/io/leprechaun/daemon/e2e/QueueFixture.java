package io.leprechaun.daemon.e2e;

import java.nio.file.Files;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The base of the tests of the queue. */
abstract class QueueFixture {
    @RegisterExtension
    final Installation place;

    QueueFixture(Installation place) {
        this.place = place;
    }

    void settings(int max, int queue) throws Exception {
        Files.writeString(place.settingsFile(), """
            timezone: UTC
            agents: { server: { listen: "127.0.0.1:0", workers: { max: %d, queue: %d } } }
            defaults: { dir: "%s" }
            history: { keep: { runs: none } }
            """.formatted(max, queue, place.work()));
    }

    static String hook(String id, String overlap, String more, String step) {
        return "definition: hook\nid: " + id + "\noverlap: " + overlap + "\n" + more + "steps:\n  - " + step + "\n";
    }
}
