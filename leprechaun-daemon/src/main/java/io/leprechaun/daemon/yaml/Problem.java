package io.leprechaun.daemon.yaml;

import java.nio.file.Path;
import java.util.Locale;

/**
 * One error in a file, or one warning about it.
 *
 * @param line from 1
 * @param column from 1, in characters
 * @param message one sentence that begins with the key's path: the problem, and the allowed values
 */
public record Problem(Path file, int line, int column, Severity severity, String message) {
    /** The severity of a problem, which decides on the use of the file. */
    public enum Severity {
        /** An error: the file is not used. */
        ERROR,
        /** A warning: the file is used, and probably does not do what its author meant. */
        WARNING;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Returns whether it is an error, so that the file is not used. */
    public boolean isError() {
        return severity == Severity.ERROR;
    }

    /** Returns a text for a narrow column: {@code file:line:column: message}, without the file's folder. */
    public String brief() {
        return file.getFileName() + ":" + line + ":" + column + ": " + message;
    }

    /** Returns {@code file:line:column: message}. */
    @Override
    public String toString() {
        return file + ":" + line + ":" + column + ": " + message;
    }
}
