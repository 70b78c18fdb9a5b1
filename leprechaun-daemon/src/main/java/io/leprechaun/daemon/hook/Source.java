package io.leprechaun.daemon.hook;

import io.leprechaun.daemon.yaml.MappingReader;
import java.util.List;
import java.util.Optional;

/** Where in a delivery a value stands. */
sealed interface Source {
    /** The keys by which a recipe names one. */
    List<String> KEYS = List.of("json", "form", "query", "header");

    /**
     * The value; empty where there is none.
     *
     * @throws UnreadableException when what should hold it cannot be read
     */
    Optional<String> find(Delivery delivery);

    /**
     * A place in the body as JSON: names and, in lists, numbers from 0 with dots between them, {@code commits.0.id} for example. A text is its characters, a number its digits as they
     * stand, an object or a list its JSON; null is no value. A name with dots in it is found too; where a path can be read in two ways, the
     * longer name goes first, from the outside.
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

    /** The source that a map names by one of {@link #KEYS}; noted when there is none, or more than one. */
    static Optional<Source> read(MappingReader fields) {
        Optional<Source> json = fields.text("json").map(JsonField::new);
        Optional<Source> form = fields.text("form").map(FormField::new);
        Optional<Source> query = fields.text("query").map(Query::new);
        Optional<Source> header = fields.read("header", Source::headerName).map(HeaderField::new);
        if (KEYS.stream().filter(fields::has).count() != 1) {
            fields.wrong("say once where the value stands: json, form, query or header");
            return Optional.empty();
        }
        return json.or(() -> form).or(() -> query).or(() -> header);
    }

    /** @throws IllegalArgumentException when the text is no header's name (RFC 9110, 5.1) */
    static String headerName(String text) {
        if (!text.matches("[A-Za-z0-9!#$%&'*+.^_`|~-]{1,128}")) {
            throw new IllegalArgumentException("'" + text + "' is no header's name; write X-GitHub-Event for example");
        }
        return text;
    }
}
