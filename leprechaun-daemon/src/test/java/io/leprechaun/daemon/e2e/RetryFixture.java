package io.leprechaun.daemon.e2e;

import java.util.List;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

/** The base of the tests of retries. */
abstract class RetryFixture {
    @RegisterExtension
    final Installation place;

    RetryFixture(Installation place) {
        this.place = place;
    }

    static String text(JsonNode node, String key) {
        return node.get(key).asString();
    }

    List<String> lines(String file) {
        return Installation.lines(place.work().resolve(file));
    }
}
