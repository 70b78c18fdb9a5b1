package io.leprechaun.daemon.keys;

/**
 * The written form of a value. Immutable.
 *
 * @param schema a JSON Schema; {@code "@"} in the place of properties stands for the keys below
 * @param values the same in words, a cell of a table in Markdown; empty: the keys below describe it
 * @param range the least and the greatest value where the schema cannot express them; empty: it can
 */
public record Shape(String schema, String values, String range) {
    /** Returns a form that its schema describes wholly. */
    public static Shape of(String schema, String values) {
        return new Shape(schema, values, "");
    }

    /** Returns the form of one such value, or a list of them. */
    public Shape listed() {
        return new Shape(
                "{\"anyOf\": [" + schema + ", {\"type\": \"array\", \"items\": " + schema + ", \"minItems\": 1}]}",
                values + "; or a list",
                range);
    }

    /** Returns the form of such a value, or a word in its place. */
    Shape or(String word) {
        return new Shape(
                "{\"anyOf\": [" + schema + ", {\"const\": \"" + word + "\"}]}", values + "; `" + word + "`", range);
    }
}
