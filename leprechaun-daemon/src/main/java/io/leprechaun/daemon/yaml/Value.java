package io.leprechaun.daemon.yaml;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A value of a YAML file, as it is written: a scalar keeps its text, whatever type YAML would give it. Immutable. */
public sealed interface Value {
    /** Returns its beginning. */
    Place place();

    /** Returns the source from its beginning to the end of that line. */
    Line source();

    /** Returns its kind, for messages: {@code a list}. */
    String kind();

    /**
     * The rest of a line of the file, cut off where that is very long. It becomes a text only when it is asked for,
     * because a file may hold very many values.
     */
    final class Line {
        /** An empty line. */
        static final Line NONE = new Line(new int[0], 0);

        private static final int LONGEST = 200;

        private final int[] characters;
        private final int from;

        /** Creates the rest of a line from an index into the characters of a file. */
        Line(int[] characters, int from) {
            this.characters = characters;
            this.from = from;
        }

        @Override
        public String toString() {
            int to = from;
            while (to < characters.length && to - from < LONGEST && characters[to] != '\n' && characters[to] != '\r') {
                to++;
            }
            return new String(characters, from, to - from);
        }
    }

    /**
     * A text.
     *
     * @param text the text, with quotes and escapes resolved; {@code on}, {@code 12:30}, {@code 0755} stay text
     * @param form the style in which it is written
     * @param marked whether a lone {@code !} stands before it, which YAML takes for a tag
     * @param lines the number of lines over which it is written, from 1
     * @param commented whether a comment follows it on its last line
     */
    record Scalar(Place place, String text, ScalarForm form, boolean marked, int lines, boolean commented, Line source)
            implements Value {
        /** The style in which a scalar is written. */
        public enum ScalarForm {
            /** Without quotes. */
            PLAIN,
            /** In single or double quotes. */
            QUOTED,
            /** After {@code |} or {@code >}. */
            BLOCK
        }

        /** Returns whether no text at all is written. */
        public boolean isAbsent() {
            return form == ScalarForm.PLAIN && text.isEmpty();
        }

        @Override
        public String kind() {
            return "a text";
        }
    }

    /** A list. */
    record Items(Place place, List<Value> values, Line source) implements Value {
        public Items {
            values = List.copyOf(values);
        }

        @Override
        public String kind() {
            return "a list";
        }
    }

    /**
     * Keys and their values.
     *
     * @param entries in the order of the file
     */
    record Mapping(Place place, Map<String, Entry> entries, Line source) implements Value {
        public Mapping {
            entries = Collections.unmodifiableMap(new LinkedHashMap<>(entries));
        }

        /** Returns a map below this one; empty when the key is absent, or its value is not a map. */
        public Optional<Mapping> section(String key) {
            return Optional.ofNullable(entries.get(key))
                    .map(Entry::value)
                    .filter(Mapping.class::isInstance)
                    .map(Mapping.class::cast);
        }

        @Override
        public String kind() {
            return "a map";
        }
    }

    /** A value that was refused, and has its problem already: readers pass over it. */
    record RefusedValue(Place place) implements Value {
        @Override
        public Line source() {
            return Line.NONE;
        }

        @Override
        public String kind() {
            return "a refused value";
        }
    }

    /**
     * One key with its value.
     *
     * @param key the place of the key
     */
    record Entry(Place key, Value value) {}
}
