package io.leprechaun.daemon.hook;

import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.exc.JacksonIOException;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.json.JsonFactory;

/**
 * The values at some paths of a JSON text ({@link Source.Json} defines both), collected in one pass. It takes a few times the memory of the text at most,
 * whatever that holds. An ambiguous text is refused: one with a name twice in an object, or with more text behind its end.
 */
final class JsonPaths {
    /** How deep objects and lists may be nested. */
    static final int DEEPEST = 500;
    /** How many digits a number may have. */
    static final int LONGEST_NUMBER = 1000;

    private static final int LONGEST_INDEX = 6;

    /** Keeps no table of names, of which a text may hold very many. */
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .disable(TokenStreamFactory.Feature.CANONICALIZE_PROPERTY_NAMES)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(DEEPEST)
                    .maxNumberLength(LONGEST_NUMBER)
                    .build())
            .build();

    private final JsonParser parser;
    private final Map<String, Place> places = new HashMap<>();
    private final JsonNames names = new JsonNames();
    /** The objects and lists that are asked for, one behind the other; one inside another stands there once. */
    private final JsonText text = new JsonText();

    /** A path that is asked for, and what was found there. */
    private static final class Place {
        private final String path;
        /** Where in the path the name of the value begins that was found: one further out, with dots in it, goes first. */
        private int foundAt = Integer.MAX_VALUE;

        private @Nullable String scalar;
        private int from;
        private int to;

        Place(String path) {
            this.path = path;
        }
    }

    /**
     * A path that leads into what is being read.
     *
     * @param at where in the path the next name begins
     */
    private record Trail(Place place, int at) {
        /** The end of the next name. */
        int end() {
            int dot = place.path.indexOf('.', at);
            return dot < 0 ? place.path.length() : dot;
        }

        boolean isNamed(String name, int end) {
            return end - at == name.length() && place.path.startsWith(name, at);
        }

        boolean isNumbered(int index, int end) {
            String path = place.path;
            boolean isIndex = end > at
                    && end - at <= LONGEST_INDEX
                    && path.substring(at, end).chars().allMatch(c -> c >= '0' && c <= '9');
            return isIndex && Integer.parseInt(path, at, end, 10) == index;
        }
    }

    private JsonPaths(JsonParser parser, Set<String> paths) {
        this.parser = parser;
        paths.forEach(path -> places.put(path, new Place(path)));
    }

    /**
     * Reads a text to its end, and closes it.
     *
     * @param paths those that {@link #value} may be asked for
     * @throws UnreadableException when it is not UTF-8 or not JSON, is nested too deep, or holds too long a number
     * @throws UncheckedIOException when the stream fails
     */
    static JsonPaths read(InputStream utf8, Set<String> paths) {
        // This decoder refuses what is not UTF-8.
        var reader = new InputStreamReader(utf8, StandardCharsets.UTF_8.newDecoder());
        try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), reader)) {
            var read = new JsonPaths(parser, paths);
            read.document();
            return read;
        } catch (JacksonIOException e) {
            if (e.getCause() instanceof CharacterCodingException) {
                throw new UnreadableException("the body is not UTF-8");
            }
            throw new UncheckedIOException("the body cannot be read", e.getCause());
        } catch (StreamConstraintsException e) {
            throw new UnreadableException(
                    "the body is nested more than " + DEEPEST + " deep, or holds a name or a number that is too long");
        } catch (JacksonException e) {
            var at = e.getLocation();
            throw new UnreadableException(
                    "the body is not JSON: it breaks at line " + at.getLineNr() + ", column " + at.getColumnNr());
        }
    }

    /** The value at a path; empty where there is none, and for {@code null}. */
    Optional<String> value(String path) {
        Place place = places.get(path);
        if (place == null) {
            throw new IllegalArgumentException("the text was not read for the path " + path);
        }
        return place.to > place.from
                ? Optional.of(text.between(place.from, place.to))
                : Optional.ofNullable(place.scalar);
    }

    private void document() {
        JsonToken first = parser.nextToken();
        if (first == null) {
            throw new UnreadableException("the body is empty: send JSON");
        }
        value(
                first,
                List.of(),
                places.values().stream().map(place -> new Trail(place, 0)).toList());
        if (parser.nextToken() != null) {
            throw new UnreadableException("the body is not JSON: more text follows its end");
        }
    }

    /**
     * Reads the value that begins with a token.
     *
     * @param here the paths that end at it
     * @param inside the paths that lead into it
     */
    private void value(JsonToken token, List<Place> here, List<Trail> inside) {
        if (token.isScalarValue()) {
            text.scalar(token, parser);
            if (!here.isEmpty() && token != JsonToken.VALUE_NULL) {
                String scalar = parser.getString();
                here.forEach(place -> place.scalar = scalar);
            }
            return;
        }
        boolean kept = !here.isEmpty();
        int from = text.start(token, kept);
        if (token == JsonToken.START_OBJECT) {
            object(inside);
        } else {
            list(inside);
        }
        int to = text.end(token, kept);
        for (Place place : here) {
            place.from = from;
            place.to = to;
        }
    }

    private void object(List<Trail> inside) {
        int before = names.begin();
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = parser.currentName();
            names.add(name);
            text.name(name);
            child(parser.nextToken(), inside, (trail, end) -> trail.isNamed(name, end));
        }
        if (names.end(before)) {
            throw new UnreadableException("the body is not JSON: an object holds a name twice");
        }
    }

    private void list(List<Trail> inside) {
        int index = 0;
        for (JsonToken token = parser.nextToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
            int number = index++;
            child(token, inside, (trail, end) -> trail.isNumbered(number, end));
        }
    }

    /** Whether a trail's path, from its next name to an end, is the child's name. */
    @FunctionalInterface
    private interface Fit {
        boolean test(Trail trail, int end);
    }

    private void child(JsonToken token, List<Trail> inside, Fit fit) {
        if (inside.isEmpty()) {
            value(token, List.of(), List.of());
            return;
        }
        var here = new ArrayList<Place>();
        var below = new ArrayList<Trail>();
        for (Trail trail : inside) {
            Place place = trail.place();
            int length = place.path.length();
            if (fit.test(trail, length)) {
                if (trail.at() < place.foundAt) {
                    place.foundAt = trail.at();
                    place.scalar = null;
                    place.to = place.from;
                    here.add(place);
                }
            } else if (trail.end() < length && fit.test(trail, trail.end())) {
                below.add(new Trail(place, trail.end() + 1));
            }
        }
        value(token, here, below);
    }
}
