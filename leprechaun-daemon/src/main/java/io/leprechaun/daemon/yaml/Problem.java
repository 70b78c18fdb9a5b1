package io.leprechaun.daemon.yaml;

import java.nio.file.Path;
import java.util.Locale;

/**
 * One thing that is wrong, or suspicious, in a file.
 *
 * @param line from 1
 * @param column from 1, in characters
 * @param message one sentence that begins with the key's path: what is wrong, and what is allowed instead
 */
public record Problem(Path file, int line, int column, Severity severity, String message) {
    /** Whether a file with the problem is used. */
    public enum Severity {
        /** The file is not used. */
        ERROR,
        /** The file is used, and probably does not do what its author meant. */
        WARNING;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Whether it keeps the file from being used. */
    public boolean isError() {
        return severity == Severity.ERROR;
    }

    /** For a narrow column: {@code file:line:column: message}, without the file's folder. */
    public String brief() {
        return file.getFileName() + ":" + line + ":" + column + ": " + message;
    }

    /** {@code file:line:column: message}. */
    @Override
    public String toString() {
        return file + ":" + line + ":" + column + ": " + message;
    }
}
