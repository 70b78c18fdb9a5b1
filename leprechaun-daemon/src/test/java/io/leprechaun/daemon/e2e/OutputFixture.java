package io.leprechaun.daemon.e2e;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

/** The base of the tests of output. */
abstract class OutputFixture {
    static final long MIB = 1 << 20;

    @RegisterExtension
    final Installation place;

    OutputFixture(Installation place) {
        this.place = place;
    }

    static String text(JsonNode node, String key) {
        return node.get(key).asString();
    }

    Path log(long run, int step) {
        return place.state().resolve("output/%d/%d/1-%d.log".formatted(run / 1000, run, step));
    }

    /**
     * Returns the space that a file occupies, in bytes. A daemon in this JVM may reap the program that measures it, so
     * its exit code is not read.
     */
    static long occupied(Path file) throws Exception {
        Process stat = new ProcessBuilder("stat", "-c", "%b", file.toString()).start();
        try (var out = stat.getInputStream()) {
            String blocks = new String(out.readAllBytes(), StandardCharsets.UTF_8).strip();
            stat.waitFor();
            return blocks.isEmpty() ? 0 : 512 * Long.parseLong(blocks);
        }
    }
}
