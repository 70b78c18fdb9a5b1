package io.leprechaun.cli;

import io.leprechaun.api.Commit;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Properties;

/** The version that the build wrote beside the classes, and the commit that it wrote into the tree. */
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

    /** Returns the commit that the tree was built from, if the build knew it. */
    static Optional<Commit> commit(Optional<Path> tree) {
        return tree.flatMap(root -> {
            try {
                return Commit.parse(Files.readString(root.resolve(Commit.FILE)));
            } catch (IOException _) {
                return Optional.empty();
            }
        });
    }
}
