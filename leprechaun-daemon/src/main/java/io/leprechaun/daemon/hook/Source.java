package io.leprechaun.daemon.hook;

import io.leprechaun.daemon.yaml.MappingReader;
import java.util.List;
import java.util.Optional;

/** The place of a value in a delivery. */
sealed interface Source {
    /** The keys by which a recipe names a source. */
    List<String> KEYS = List.of("json", "form", "query", "header");

    /**
     * Returns the value; empty where there is none.
     *
     * @throws UnreadableException when its container cannot be read
     */
    Optional<String> find(Delivery delivery);

    /**
     * A place in the body as JSON: names and, in lists, numbers from 0, separated by dots, {@code commits.0.id} for
     * example. A text is read as its characters, a number as its digits as they stand, an object or a list as its JSON;
     * null is not a value. A name with dots in it is found too. Where a path can be read in two ways, the longer name
     * goes first, from the outside.
     */
    record JsonField(String path) implements Source {
        @Override
        public Optional<String> find(Delivery delivery) {
            return delivery.json(path);
        }

        @Override
        public String toString() {
            return "json " + path;
        }
    }

    /** A field of a form. */
    record FormField(String name) implements Source {
        @Override
        public Optional<String> find(Delivery delivery) {
            return delivery.form(name);
        }

        @Override
        public String toString() {
            return "form " + name;
        }
    }

    /** A name in the query. */
    record Query(String name) implements Source {
        @Override
        public Optional<String> find(Delivery delivery) {
            return delivery.query(name);
        }

        @Override
        public String toString() {
            return "query " + name;
        }
    }

    /** A header. */
    record HeaderField(String name) implements Source {
        @Override
        public Optional<String> find(Delivery delivery) {
            return delivery.header(name);
        }

        @Override
        public String toString() {
            return "header " + name;
        }
    }

    /**
     * Reads the source that a map names by one of {@link #KEYS}; notes an error when there is none, or more than one.
     */
    static Optional<Source> read(MappingReader fields) {
        Optional<Source> json = fields.text("json").map(JsonField::new);
        Optional<Source> form = fields.text("form").map(FormField::new);
        Optional<Source> query = fields.text("query").map(Query::new);
        Optional<Source> header = fields.read("header", Source::headerName).map(HeaderField::new);
        if (KEYS.stream().filter(fields::has).count() != 1) {
            fields.wrong("missing or ambiguous source; use one of json, form, query or header");
            return Optional.empty();
        }
        return json.or(() -> form).or(() -> query).or(() -> header);
    }

    /** @throws IllegalArgumentException when the text is not a header's name (RFC 9110, 5.1) */
    static String headerName(String text) {
        if (!text.matches("[A-Za-z0-9!#$%&'*+.^_`|~-]{1,128}")) {
            throw new IllegalArgumentException("invalid header name '" + text + "': use a name such as X-GitHub-Event");
        }
        return text;
    }
}
