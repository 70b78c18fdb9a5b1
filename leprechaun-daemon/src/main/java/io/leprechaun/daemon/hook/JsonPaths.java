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
import java.util.function.Function;
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
 * The values at some paths of a JSON text ({@link Source.JsonField} defines both), collected in one pass. It takes at
 * most a few times the memory of the text, whatever the text holds. An ambiguous text is refused: one with a name twice
 * in an object, or with more text after its end.
 */
final class JsonPaths {
    /** The deepest nesting of objects and lists. */
    static final int DEEPEST = 500;
    /** The largest number of digits of a number. */
    static final int LONGEST_NUMBER = 1000;

    private static final int LONGEST_INDEX = 6;

    /** The factory of parsers. It keeps no table of names, because a text may hold very many. */
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .disable(TokenStreamFactory.Feature.CANONICALIZE_PROPERTY_NAMES)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(DEEPEST)
                    .maxNumberLength(LONGEST_NUMBER)
                    .build())
            .build();

    private final JsonParser parser;
    private final Map<String, Lookup> places = new HashMap<>();
    private final JsonNames names = new JsonNames();
    /** The requested objects and lists, one after the other. One inside another is stored once. */
    private final JsonText text = new JsonText();

    /** A requested path, and the value that was found there. */
    private static final class Lookup {
        private final String path;
        /** The way to the value that was found. */
        private @Nullable String found;

        private @Nullable String scalar;
        private int from;
        private int to;

        Lookup(String path) {
            this.path = path;
        }
    }

    /**
     * A path that leads into the value being read.
     *
     * @param way the path so far, with {@link #END} for each dot that ends a name. Of two ways the greater one has the
     *     longer name where they part
     */
    private record Trail(Lookup place, String way) {
        private static final char END = '\0';

        /** Returns the part of the path for the child of an object; empty: the path continues with another child. */
        Optional<String> named(String name) {
            int end = way.length() + name.length();
            boolean fits = place.path.startsWith(name, way.length()) && (isWhole(end) || place.path.charAt(end) == '.');
            return fits ? Optional.of(name) : Optional.empty();
        }

        boolean isWhole(int end) {
            return end == place.path.length();
        }

        /** Returns the part of the path for the child of a list; empty: the path continues with another child. */
        Optional<String> numbered(int index) {
            int dot = place.path.indexOf('.', way.length());
            int end = dot < 0 ? place.path.length() : dot;
            if (end == way.length() || end - way.length() > LONGEST_INDEX) {
                return Optional.empty();
            }
            String part = place.path.substring(way.length(), end);
            boolean fits = part.chars().allMatch(c -> c >= '0' && c <= '9') && Integer.parseInt(part) == index;
            return fits ? Optional.of(part) : Optional.empty();
        }
    }

    private JsonPaths(JsonParser parser, Set<String> paths) {
        this.parser = parser;
        paths.forEach(path -> places.put(path, new Lookup(path)));
    }

    /**
     * Reads a text to its end, and closes it.
     *
     * @param paths the paths that {@link #value} may be asked for
     * @throws UnreadableException when it is not UTF-8 or not JSON, is nested too deep, or holds too long a number
     * @throws UncheckedIOException when the stream fails
     */
    static JsonPaths read(InputStream utf8, Set<String> paths) {
        // This decoder refuses bytes that are not UTF-8.
        var reader = new InputStreamReader(utf8, StandardCharsets.UTF_8.newDecoder());
        try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), reader)) {
            var read = new JsonPaths(parser, paths);
            read.document();
            return read;
        } catch (JacksonIOException e) {
            if (e.getCause() instanceof CharacterCodingException) {
                throw new UnreadableException("the body is not UTF-8");
            }
            throw new UncheckedIOException("cannot read the body", e.getCause());
        } catch (StreamConstraintsException e) {
            throw new UnreadableException("the body is nested more than " + DEEPEST
                    + " deep, or contains a name or a number that is too" + " long");
        } catch (JacksonException e) {
            var at = e.getLocation();
            throw new UnreadableException(
                    "the body is not JSON: error at line " + at.getLineNr() + ", column " + at.getColumnNr());
        }
    }

    /** Returns the value at a path; empty where there is none, and for {@code null}. */
    Optional<String> value(String path) {
        Lookup place = places.get(path);
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
                places.values().stream().map(place -> new Trail(place, "")).toList());
        if (parser.nextToken() != null) {
            throw new UnreadableException("the body is not JSON: text after its end");
        }
    }

    /**
     * Reads the value that begins with a token.
     *
     * @param here the paths that end at it
     * @param inside the paths that lead into it
     */
    private void value(JsonToken token, List<Lookup> here, List<Trail> inside) {
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
        for (Lookup place : here) {
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
            child(parser.nextToken(), inside, trail -> trail.named(name));
        }
        if (names.end(before)) {
            throw new UnreadableException("the body is not JSON: duplicate name in an object");
        }
    }

    private void list(List<Trail> inside) {
        int index = 0;
        for (JsonToken token = parser.nextToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
            int number = index++;
            child(token, inside, trail -> trail.numbered(number));
        }
    }

    /** @param named returns the child's name as the path of a trail spells it; empty: the trail leads elsewhere */
    private void child(JsonToken token, List<Trail> inside, Function<Trail, Optional<String>> named) {
        if (inside.isEmpty()) {
            value(token, List.of(), List.of());
            return;
        }
        var here = new ArrayList<Lookup>();
        var below = new ArrayList<Trail>();
        for (Trail trail : inside) {
            Optional<String> name = named.apply(trail);
            if (name.isEmpty()) {
                continue;
            }
            Lookup place = trail.place();
            String way = trail.way() + name.get();
            if (!trail.isWhole(way.length())) {
                below.add(new Trail(place, way + Trail.END));
            } else if (place.found == null || way.compareTo(place.found) > 0) {
                place.found = way;
                place.scalar = null;
                place.to = place.from;
                here.add(place);
            }
        }
        value(token, here, below);
    }
}
