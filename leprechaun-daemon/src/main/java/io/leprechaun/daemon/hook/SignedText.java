package io.leprechaun.daemon.hook;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The text that a signature covers: the body, and the text that a service puts around it.
 *
 * @param before the parts before the body
 * @param after the parts after the body
 */
record SignedText(List<Part> before, List<Part> after) {
    /** The body alone. */
    static final SignedText BODY = new SignedText(List.of(), List.of());

    private static final String PLACE_OF_BODY = "{body}";
    private static final Pattern HEADER = Pattern.compile("\\{header:([^}]*)}");

    SignedText {
        before = List.copyOf(before);
        after = List.copyOf(after);
    }

    /** A part of the text. */
    private sealed interface Part {
        record TextPart(String text) implements Part {}

        record HeaderPart(String name) implements Part {}
    }

    /**
     * Returns the text that a recipe describes, {@code v0:{header:X-Slack-Request-Timestamp}:{body}} for example.
     *
     * @throws IllegalArgumentException when the description is invalid
     */
    static SignedText parse(String text) {
        int body = text.indexOf(PLACE_OF_BODY);
        if (body < 0 || text.indexOf(PLACE_OF_BODY, body + 1) >= 0) {
            throw new IllegalArgumentException(
                    "missing or duplicate {body}; use it once, as in v0:{header:X-Timestamp}:{body}");
        }
        return new SignedText(parts(text.substring(0, body)), parts(text.substring(body + PLACE_OF_BODY.length())));
    }

    private static List<Part> parts(String text) {
        var parts = new ArrayList<Part>();
        Matcher header = HEADER.matcher(text);
        int end = 0;
        while (header.find()) {
            parts.add(literal(text.substring(end, header.start())));
            parts.add(new Part.HeaderPart(Source.headerName(header.group(1))));
            end = header.end();
        }
        parts.add(literal(text.substring(end)));
        return parts;
    }

    private static Part literal(String text) {
        if (text.contains("{") || text.contains("}")) {
            throw new IllegalArgumentException(
                    "invalid text '" + text + "': use only {body} and {header:NAME} in braces");
        }
        return new Part.TextPart(text);
    }

    /** Returns whether it is the body alone. */
    boolean isBody() {
        return equals(BODY);
    }

    /** Returns the header that holds the time of the signing: the first one with {@code timestamp} in its name. */
    Optional<String> timeHeader() {
        return headers().stream()
                .filter(name -> name.toLowerCase(Locale.ROOT).contains("timestamp"))
                .findFirst();
    }

    /** Returns the first header of the text that a delivery does not have. */
    Optional<String> missing(Delivery delivery) {
        Predicate<String> there = name -> delivery.rawHeader(name).isPresent();
        return headers().stream().filter(there.negate()).findFirst();
    }

    private List<String> headers() {
        return Stream.concat(before.stream(), after.stream())
                .filter(Part.HeaderPart.class::isInstance)
                .map(part -> ((Part.HeaderPart) part).name())
                .toList();
    }

    /** Returns the bytes before the body. */
    byte[] before(Delivery delivery) {
        return bytes(before, delivery);
    }

    /** Returns the bytes after the body. */
    byte[] after(Delivery delivery) {
        return bytes(after, delivery);
    }

    private static byte[] bytes(List<Part> parts, Delivery delivery) {
        var bytes = new ByteArrayOutputStream();
        for (Part part : parts) {
            bytes.writeBytes(
                    switch (part) {
                        case Part.TextPart text -> text.text().getBytes(StandardCharsets.UTF_8);
                        case Part.HeaderPart header ->
                            delivery.rawHeader(header.name()).orElse("").getBytes(StandardCharsets.ISO_8859_1);
                    });
        }
        return bytes.toByteArray();
    }
}
