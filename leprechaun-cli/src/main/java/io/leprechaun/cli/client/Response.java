package io.leprechaun.cli.client;

import java.io.IOException;
import java.io.InputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * An answer of the daemon whose body has not been read yet. Closing it closes the connection.
 *
 * @param status the HTTP status, 200 to 599
 * @param headers the headers by their names in lower case
 * @param body the body, which ends with the answer; reading throws {@link BrokenAnswerException} when the connection
 *     ends before
 */
public record Response(int status, Map<String, String> headers, InputStream body) implements AutoCloseable {
    private static final String NOTE = "leprechaun-note";

    /** Returns whether the daemon carried out the command. */
    public boolean ok() {
        return status < 300;
    }

    /** Returns a header's value. */
    public Optional<String> header(String name) {
        return Optional.ofNullable(headers.get(name.toLowerCase(Locale.ROOT)));
    }

    /** Returns the client's exit code, 0 to 255; empty when the daemon does not set it. */
    public OptionalInt exitCode() {
        String value = headers.getOrDefault("leprechaun-exit", "").strip();
        return value.matches("[0-9]{1,2}|1[0-9]{2}|2[0-4][0-9]|25[0-5]")
                ? OptionalInt.of(Integer.parseInt(value))
                : OptionalInt.empty();
    }

    /** Returns the sentence for users about the body, available when the whole body has been read. */
    public Optional<String> note() {
        return header(NOTE)
                .or(() -> body instanceof ResponseBody read
                        ? Optional.ofNullable(read.trailers().get(NOTE))
                        : Optional.empty())
                .map(note -> URLDecoder.decode(note, StandardCharsets.UTF_8));
    }

    /** Returns whether the path exists but requires POST. */
    boolean wantsPost() {
        return status == 405
                && header("Allow").stream()
                        .anyMatch(allow -> allow.toUpperCase(Locale.ROOT).contains("POST"));
    }

    @Override
    public void close() throws IOException {
        body.close();
    }
}
