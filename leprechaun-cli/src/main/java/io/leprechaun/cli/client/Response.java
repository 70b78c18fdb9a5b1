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
 * An answer of the daemon whose body is still to be read. Closing it closes the connection.
 *
 * @param status 200 to 599
 * @param headers by their names in lower case
 * @param body ends where the answer does; breaks with {@link BrokenAnswerException} when the connection ends before
 */
public record Response(int status, Map<String, String> headers, InputStream body) implements AutoCloseable {
    /** Whether the daemon did what was asked. */
    public boolean ok() {
        return status < 300;
    }

    /** A header's value. */
    public Optional<String> header(String name) {
        return Optional.ofNullable(headers.get(name.toLowerCase(Locale.ROOT)));
    }

    /** What the daemon wants the client to exit with, 0 to 255; empty when it does not say. */
    public OptionalInt exitCode() {
        String value = headers.getOrDefault("leprechaun-exit", "").strip();
        return value.matches("[0-9]{1,2}|1[0-9]{2}|2[0-4][0-9]|25[0-5]")
                ? OptionalInt.of(Integer.parseInt(value))
                : OptionalInt.empty();
    }

    /** One sentence for people about what was read, known once all of it was. */
    public Optional<String> note() {
        return body instanceof ResponseBody read
                ? Optional.ofNullable(read.trailers().get("leprechaun-note"))
                        .map(note -> URLDecoder.decode(note, StandardCharsets.UTF_8))
                : Optional.empty();
    }

    /** Whether the path is there but wants to be sent with POST. */
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
