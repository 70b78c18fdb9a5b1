package io.leprechaun.cli;

import io.leprechaun.api.Problem;
import io.leprechaun.api.ProblemException;
import io.leprechaun.api.text.Printable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The two settings from which the client finds the daemon's socket: {@code socket:} and {@code state:}. A YAML parser
 * would double the client's start time, so only unindented lines with a plain or quoted scalar are read. Tags, anchors,
 * block scalars and a document in braces count as not set. A relative path is relative to the file.
 *
 * @param socket the daemon's socket in the settings
 * @param state the state folder in the settings
 */
record SettingsLines(@Nullable Path socket, @Nullable Path state) {
    static final SettingsLines NONE = new SettingsLines(null, null);

    private static final long SIZE_LIMIT = 1 << 20;

    /**
     * Reads a settings file.
     *
     * @param asked whether the user named the file: then an unreadable file is an error, else it counts as empty
     * @throws ProblemException (usage) when a file that the user named cannot be read
     */
    static SettingsLines read(Path file, boolean asked) {
        try {
            if (Files.size(file) > SIZE_LIMIT) {
                throw new IOException("larger than 1 MiB");
            }
            return parse(new String(Files.readAllBytes(file), StandardCharsets.UTF_8), file);
        } catch (IOException e) {
            if (!asked) {
                return NONE;
            }
            String reason = Files.notExists(file) ? "no such file" : Printable.of(String.valueOf(e.getMessage()));
            throw new ProblemException(
                    Problem.usage("cannot read the settings " + Printable.of(file.toString()) + ": " + reason));
        }
    }

    static SettingsLines parse(String text, Path file) {
        Path socket = null;
        Path state = null;
        for (String line : text.split("\n", -1)) {
            if (line.startsWith("socket:")) {
                socket = path(line.substring("socket:".length()), file).orElse(null);
            } else if (line.startsWith("state:")) {
                state = path(line.substring("state:".length()), file).orElse(null);
            }
        }
        return new SettingsLines(socket, state);
    }

    private static Optional<Path> path(String rest, Path file) {
        return rest.startsWith(" ") || rest.startsWith("\t")
                ? scalar(rest.strip()).map(file::resolveSibling)
                : Optional.empty();
    }

    private static Optional<String> scalar(String text) {
        if (text.startsWith("'") || text.startsWith("\"")) {
            int end = text.indexOf(text.charAt(0), 1);
            return end > 1 ? Optional.of(text.substring(1, end)) : Optional.empty();
        }
        int comment = text.startsWith("#") ? 0 : text.indexOf(" #");
        String plain = (comment < 0 ? text : text.substring(0, comment)).strip();
        boolean scalar = !plain.isEmpty()
                && !plain.equals("~")
                && !plain.equals("null")
                && "!&*|>{[%@`".indexOf(plain.charAt(0)) < 0;
        return scalar ? Optional.of(plain) : Optional.empty();
    }
}
