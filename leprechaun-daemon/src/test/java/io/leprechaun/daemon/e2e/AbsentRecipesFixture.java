package io.leprechaun.daemon.e2e;

import static io.leprechaun.daemon.e2e.Installation.eventually;
import static io.leprechaun.daemon.e2e.Installation.lines;
import static io.leprechaun.daemon.e2e.RunningDaemon.ticket;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

/** The base of the tests of absent recipes. */
abstract class AbsentRecipesFixture {
    @RegisterExtension
    final Installation place;

    AbsentRecipesFixture(Installation place) {
        this.place = place;
    }

    Path aside;
    Path told;

    @BeforeEach
    void prepare() {
        aside = place.folder().resolve("aside");
        told = place.folder().resolve("told");
        place.settings("notify: { command: [ /bin/sh, -c, 'echo \"$LEPRECHAUN_SUBJECT\" >> " + told + "' ] }")
                .recipe("file", text("old"))
                .recipe("other", "steps: [ 'true' ]\n");
    }

    /** Returns a recipe whose name differs from its file's. */
    static String text(String word) {
        return "name: hooked\ndefinition: hook\nid: H\nsteps: [ 'until test -e go; do sleep 0.1; done; echo " + word
                + " $LEPRECHAUN_RUN >> ran' ]\n";
    }

    Path file() {
        return place.recipes().resolve("file.yml");
    }

    static List<Long> accepted(RunningDaemon daemon, int count) throws Exception {
        var runs = new ArrayList<Long>();
        for (int i = 0; i < count; i++) {
            runs.add(ticket(daemon.post("/hook?id=H")));
        }
        return runs;
    }

    void move(Path from, Path to) {
        try {
            Files.move(from, to);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void assertWaiting(RunningDaemon daemon, List<Long> runs, String reason) {
        eventually(() -> {
            for (long run : runs) {
                JsonNode now = daemon.run(run);
                assertThat(now.get("state").asString()).isEqualTo("waiting");
                assertThat(now.get("reason").asString()).isEqualTo(reason);
            }
        });
    }

    void assertRan(RunningDaemon daemon, List<Long> runs) throws Exception {
        place.touch("go");
        for (long run : runs) {
            assertThat(daemon.over(run).get("state").asString()).isEqualTo("succeeded");
        }
        assertThat(lines(place.work().resolve("ran")))
                .containsExactlyElementsOf(
                        runs.stream().map(run -> "old " + run).toList());
    }

    String health() throws Exception {
        return place.client("daemon", "health").err();
    }
}
