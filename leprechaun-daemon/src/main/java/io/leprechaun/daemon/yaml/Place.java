package io.leprechaun.daemon.yaml;

import java.nio.file.Path;

/**
 * The position of a value or a key in a file.
 *
 * @param line from 1
 * @param column from 1, in characters
 * @param path the keys that lead there, {@code agents.cron.workers.max} or {@code steps[2]} (items count from 1);
 *     empty: the file itself
 */
public record Place(Path file, int line, int column, String path) {
    /** Returns the place of a file as a whole. */
    public static Place of(Path file) {
        return new Place(file, 1, 1, "");
    }

    /** Returns the same position with another path of keys. */
    Place named(String newPath) {
        return new Place(file, line, column, newPath);
    }
}
