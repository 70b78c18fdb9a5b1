package io.leprechaun.bench;

import java.io.IOException;
import java.util.Map;

/** The process manager pm2 of the npm registry, with a home of its own. */
final class Pm2 {
    private Pm2() {}

    static Map<String, String> environment(Lab lab) throws IOException {
        return Map.of("PM2_HOME", lab.folder("pm2").toString(), "PM2_DISABLE_VERSION_CHECK", "true");
    }
}
