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
 * What a signature covers: the body, and what a service puts around it.
 *
 * @param before what stands before the body
 * @param after what stands behind it
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

    /** A piece of the text. */
    private sealed interface Part {
        record TextPart(String text) implements Part {}

        record HeaderPart(String name) implements Part {}
    }

    /**
     * The text that a recipe describes, {@code v0:{header:X-Slack-Request-Timestamp}:{body}} for example.
     *
     * @throws IllegalArgumentException when it is none
     */
    static SignedText parse(String text) {
        int body = text.indexOf(PLACE_OF_BODY);
        if (body < 0 || text.indexOf(PLACE_OF_BODY, body + 1) >= 0) {
            throw new IllegalArgumentException("say once where the body stands: v0:{header:X-Timestamp}:{body}");
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
                    "invalid '" + text + "': {body} and {header:NAME} are allowed between braces");
        }
        return new Part.TextPart(text);
    }

    /** Whether it is the body alone. */
    boolean isBody() {
        return equals(BODY);
    }

    /** The header that holds the time of the signing: the first one with {@code timestamp} in its name. */
    Optional<String> timeHeader() {
        return headers().stream()
                .filter(name -> name.toLowerCase(Locale.ROOT).contains("timestamp"))
                .findFirst();
    }

    /** The first header of the text that a delivery does not have. */
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

    /** The bytes before the body. */
    byte[] before(Delivery delivery) {
        return bytes(before, delivery);
    }

    /** The bytes behind the body. */
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
