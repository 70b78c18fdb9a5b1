package io.leprechaun.daemon.config;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a YAML file says, as it is written: a scalar keeps its text, whatever YAML would take it for. Immutable. */
public sealed interface Value {
    /** Where it begins. */
    Place place();

    /** The source from where it begins to the end of that line, cut off where it is very long: for telling people how to mend it. */
    String line();

    /** What it is, for people. */
    String kind();

    /**
     * A text.
     *
     * @param text quotes and escapes are resolved; {@code on}, {@code 12:30}, {@code 0755} stay text
     * @param form how it is written
     * @param marked whether a lone {@code !} stands before it, which YAML takes for a tag
     * @param lines over how many lines it is written, from 1
     * @param commented whether a comment follows it on its last line
     */
    record Scalar(Place place, String text, Form form, boolean marked, int lines, boolean commented, String line)
            implements Value {
        /** How a scalar is written. */
        public enum Form {
            /** Bare. */
            PLAIN,
            /** In single or double quotes. */
            QUOTED,
            /** After {@code |} or {@code >}. */
            BLOCK
        }

        /** Whether nothing at all stands there. */
        public boolean isAbsent() {
            return form == Form.PLAIN && text.isEmpty();
        }

        @Override
        public String kind() {
            return "a text";
        }
    }

    /** A list. */
    record Items(Place place, List<Value> values, String line) implements Value {
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
    record Mapping(Place place, Map<String, Entry> entries, String line) implements Value {
        public Mapping {
            entries = Collections.unmodifiableMap(new LinkedHashMap<>(entries));
        }

        /** A map below this one. */
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

    /** Something that was refused, and has its problem already: readers pass over it. */
    record Refused(Place place) implements Value {
        @Override
        public String line() {
            return "";
        }

        @Override
        public String kind() {
            return "something refused";
        }
    }

    /**
     * One key with its value.
     *
     * @param key where the key stands
     */
    record Entry(Place key, Value value) {}
}
