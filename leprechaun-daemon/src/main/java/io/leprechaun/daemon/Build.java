package io.leprechaun.daemon;

import io.leprechaun.api.Commit;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Properties;

/** The data that the build wrote beside the classes, and into the tree. */
final class Build {
    private Build() {}

    /** Returns the version of the Java runtime. */
    static String java() {
        return System.getProperty("java.version", "unknown");
    }

    /** Returns the daemon's version. */
    static String version() {
        try (InputStream in = Build.class.getResourceAsStream("version.properties")) {
            var properties = new Properties();
            properties.load(in);
            return properties.getProperty("version");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns the commit from which the tree was built, if the build knew it. */
    static Optional<Commit> commit() {
        return Optional.ofNullable(System.getProperty("leprechaun.home")).flatMap(home -> {
            try {
                return Commit.parse(Files.readString(Path.of(home).resolve(Commit.FILE)));
            } catch (IOException _) {
                return Optional.empty();
            }
        });
    }
}
