package io.leprechaun.daemon.hook;

import io.leprechaun.daemon.body.Body;
import io.leprechaun.daemon.body.Pairs;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A request that a sender sent to a hook. Its body is read as JSON or as a form on demand, and once. Not thread-safe.
 */
public final class Delivery {
    private static final String FORM = "application/x-www-form-urlencoded";
    /** The beginning of a body that is JSON and not a form, whatever its type: curl sends every body as a form. */
    private static final Pattern JSON = Pattern.compile("[ \\t\\r\\n]*+[{\\[]");
    /** The character sets whose texts never look like UTF-8. */
    private static final Pattern WIDE = Pattern.compile("charset=\"?(utf-?(?:16|32)(?:[bl]e)?)");

    private final String method;
    private final Map<String, List<String>> headers;
    private final String rawQuery;
    private final Body body;
    private final InetAddress from;
    private final Instant at;
    private Supplier<Set<String>> paths = Set::of;
    private @Nullable JsonPaths json;
    private @Nullable Pairs form;
    private @Nullable Pairs query;

    /**
     * Creates a delivery.
     *
     * @param method the method of HTTP, in capitals
     * @param headers the headers by their names in small letters, each with its values in order, one character a byte
     * @param rawQuery the query after the {@code ?}, undecoded, one character a byte; empty: no query
     * @param from the sender's address, or the one that a trusted proxy reports
     * @param at the time of arrival
     */
    public Delivery(
            String method,
            Map<String, List<String>> headers,
            String rawQuery,
            Body body,
            InetAddress from,
            Instant at) {
        this.method = method;
        this.headers = Map.copyOf(headers);
        this.rawQuery = rawQuery;
        this.body = body;
        this.from = from;
        this.at = at;
    }

    String method() {
        return method;
    }

    Body body() {
        return body;
    }

    InetAddress from() {
        return from;
    }

    Instant at() {
        return at;
    }

    /** Returns the first value of a header as sent, one character a byte. */
    Optional<String> rawHeader(String name) {
        return headers.getOrDefault(name.toLowerCase(Locale.ROOT), List.of()).stream()
                .findFirst();
    }

    /** Returns the first value of a header. */
    Optional<String> header(String name) {
        return rawHeader(name)
                .map(value -> Texts.utf8(value.getBytes(StandardCharsets.ISO_8859_1), "the header " + name));
    }

    /** Returns the first value of a name in the query. */
    Optional<String> query(String name) {
        if (query == null) {
            query = Pairs.of(rawQuery, "the query");
        }
        return value(query, name);
    }

    private static Optional<String> value(Pairs pairs, String name) {
        try {
            return pairs.value(name);
        } catch (IllegalArgumentException e) {
            throw new UnreadableException(String.valueOf(e.getMessage()));
        }
    }

    /**
     * Returns the first value of a field of the body, where that is a form by its type and not JSON by its beginning.
     */
    Optional<String> form(String name) {
        if (form == null) {
            requireReadable();
            String text = isForm() ? new String(Texts.withoutMark(bytes()), StandardCharsets.ISO_8859_1) : "";
            form = Pairs.of(JSON.matcher(text).lookingAt() ? "" : text, "the form");
        }
        return value(form, name);
    }

    /** @throws UncheckedIOException when its file cannot be read */
    private byte[] bytes() {
        try {
            return body.bytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Checks that the body is plain text. A compressed body, or one in another form, would otherwise be reported as an
     * error in the text.
     *
     * @throws UnsupportedException when it is not
     */
    private void requireReadable() {
        rawHeader("content-encoding")
                .map(String::strip)
                .filter(encoding -> !encoding.isEmpty() && !encoding.equalsIgnoreCase("identity"))
                .ifPresent(encoding -> {
                    throw new UnsupportedException("the body is encoded as " + SenderText.of(encoding)
                            + " (Content-Encoding): send it without an encoding");
                });
        String type = rawHeader("content-type").orElse("").toLowerCase(Locale.ROOT);
        if (type.startsWith("multipart/")) {
            throw new UnsupportedException("the body is " + SenderText.of(type.split(";", -1)[0].strip())
                    + ": send application/json or " + FORM);
        }
        Matcher charset = WIDE.matcher(type);
        if (charset.find()) {
            throw new UnsupportedException("the body is in " + charset.group(1) + ": send it in UTF-8");
        }
    }

    private boolean isForm() {
        return rawHeader("content-type")
                .filter(type -> type.split(";", -1)[0].strip().equalsIgnoreCase(FORM))
                .isPresent();
    }

    /**
     * Sets the paths that {@link #json} will be asked for: the body is read for all of them at once. Most bodies are
     * never read as JSON, so the paths are listed only then.
     */
    void willAsk(Supplier<Set<String>> jsonPaths) {
        paths = jsonPaths;
        json = null;
    }

    /**
     * Returns the value at a path of the body as JSON. For a form it reads the field {@code payload}, in which GitHub
     * sends JSON.
     */
    Optional<String> json(String path) {
        if (json == null) {
            byte @Nullable [] text = form("payload")
                    .map(payload -> payload.getBytes(StandardCharsets.UTF_8))
                    .orElse(null);
            try (InputStream in = text == null ? body.open() : new ByteArrayInputStream(text)) {
                json = JsonPaths.read(Texts.withoutMark(in), paths.get());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return json.value(path);
    }
}
