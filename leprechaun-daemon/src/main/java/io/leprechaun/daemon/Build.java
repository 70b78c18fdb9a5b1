package io.leprechaun.daemon;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/** What the build wrote beside the classes. */
final class Build {
    private Build() {}

    /** The version of the Java runtime. */
    static String java() {
        return System.getProperty("java.version", "unknown");
    }

    /** The daemon's version. */
    static String version() {
        try (InputStream in = Build.class.getResourceAsStream("version.properties")) {
            var properties = new Properties();
            properties.load(in);
            return properties.getProperty("version");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
