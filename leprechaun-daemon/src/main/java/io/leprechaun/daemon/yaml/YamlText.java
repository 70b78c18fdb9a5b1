package io.leprechaun.daemon.yaml;

import io.leprechaun.daemon.posix.User;
import io.leprechaun.daemon.trust.NotRegularException;
import io.leprechaun.daemon.trust.Trust;
import io.leprechaun.daemon.trust.UntrustedException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import org.yaml.snakeyaml.reader.StreamReader;

/**
 * The text of a YAML file that is small enough, UTF-8 and free of control characters.
 *
 * @param text the content, without a byte order mark
 */
public record YamlText(Path file, String text) {
    /** The largest file that is read, in bytes. */
    public static final int LARGEST = 256 * 1024;

    /** The character in the place of bytes that are not characters. */
    private static final char REPLACEMENT = '\uFFFD';

    /**
     * Reads a file. One that is missing, not a regular file, too large or not to be trusted is noted, and nothing of it
     * is parsed.
     */
    public static Optional<YamlText> read(Path file, Trust trust, Problems problems) {
        return bytes(file, trust, problems).flatMap(bytes -> decode(file, bytes, problems));
    }

    /**
     * Returns the first bytes of a file, at most {@link #LARGEST} and one; empty when it cannot be read or trusted,
     * which is noted.
     */
    public static Optional<byte[]> bytes(Path file, Trust trust, Problems problems) {
        Place place = Place.of(file);
        try {
            Trust.Content content = trust.read(file, LARGEST + 1);
            content.warning().ifPresent(sentence -> problems.warn(place, sentence));
            return Optional.of(content.bytes());
        } catch (NotRegularException e) {
            problems.error(place, "not a regular file: remove it, or use the path of a YAML file");
        } catch (NoSuchFileException e) {
            problems.error(place, missing(file));
        } catch (AccessDeniedException e) {
            String user = User.current().name();
            problems.error(
                    place,
                    "the user " + user + " cannot read the file: share it with a group of " + user + " by `chgrp GROUP "
                            + file + " && chmod g+r " + file + "`");
        } catch (UntrustedException e) {
            problems.passing(place, String.valueOf(e.getMessage())); // a folder may be closed any time
        } catch (IOException e) {
            problems.error(place, "cannot read the file (" + e.getMessage() + "): check its folder and its disk");
        }
        return Optional.empty();
    }

    private static String missing(Path file) {
        if (file.toString().indexOf(REPLACEMENT) >= 0) {
            return "the path of the file is not UTF-8, so the file cannot be opened: rename the file or folder";
        }
        return Files.isSymbolicLink(file)
                ? "broken symbolic link: remove it, or create its target"
                : "the file does not exist: create it, or use another path";
    }

    /**
     * Decodes the bytes that {@link #bytes} has read; empty when they are too many, not UTF-8 or hold a control
     * character, which is noted.
     */
    public static Optional<YamlText> decode(Path file, byte[] bytes, Problems problems) {
        if (bytes.length > LARGEST) {
            problems.error(Place.of(file), "the file is larger than 256 KiB; move long scripts to separate files");
            return Optional.empty();
        }
        var in = ByteBuffer.wrap(bytes);
        var decoded = CharBuffer.allocate(bytes.length);
        CoderResult result = StandardCharsets.UTF_8.newDecoder().decode(in, decoded, true);
        String text = decoded.flip().toString();
        if (result.isError()) {
            String before = text.substring(text.lastIndexOf('\n') + 1);
            int line = 1 + (int) text.chars().filter(c -> c == '\n').count();
            problems.error(
                    new Place(file, line, before.codePointCount(0, before.length()) + 1, ""),
                    "invalid UTF-8: byte 0x%02X; save the file as UTF-8, for example by `iconv -f latin1 -t utf-8`"
                            .formatted(in.get()));
            return Optional.empty();
        }
        if (text.startsWith("\uFEFF")) {
            text = text.substring(1);
        }
        return printable(file, text, problems) ? Optional.of(new YamlText(file, text)) : Optional.empty();
    }

    private static boolean printable(Path file, String text, Problems problems) {
        int line = 1;
        int column = 1;
        for (int c : text.codePoints().toArray()) {
            if (!StreamReader.isPrintable(c)) {
                Place place = new Place(file, line, column, "");
                problems.error(
                        place,
                        "the control character U+%04X is not allowed; remove it, or use an escape in double quotes"
                                .formatted(c));
                return false;
            }
            column = c == '\n' ? 1 : column + 1;
            line += c == '\n' ? 1 : 0;
        }
        return true;
    }
}
