package io.leprechaun.cli;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;

/** The version that the build wrote beside the classes. */
final class Version {
    private Version() {}

    static String current() throws IOException {
        var properties = new Properties();
        try (InputStream in = Version.class.getResourceAsStream("version.properties")) {
            if (in != null) {
                properties.load(in);
            }
        }
        return properties.getProperty("version", "unknown");
    }
}
