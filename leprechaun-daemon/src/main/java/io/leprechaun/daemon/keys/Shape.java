package io.leprechaun.daemon.keys;

/**
 * The form of a value in writing. Immutable.
 *
 * @param schema a JSON Schema; {@code "@"} in the place of properties stands for the keys below
 * @param values the same for people, a cell of a table in Markdown; empty: the keys below say it
 * @param range the least and the greatest value where the schema cannot say it; empty: it can
 */
public record Shape(String schema, String values, String range) {
    /** A form whose schema says all. */
    public static Shape of(String schema, String values) {
        return new Shape(schema, values, "");
    }

    /** One such value, or a list of them. */
    public Shape listed() {
        return new Shape(
                "{\"anyOf\": [" + schema + ", {\"type\": \"array\", \"items\": " + schema + ", \"minItems\": 1}]}",
                values + "; or a list",
                range);
    }

    /** Such a value, or a word in its place. */
    Shape or(String word) {
        return new Shape(
                "{\"anyOf\": [" + schema + ", {\"const\": \"" + word + "\"}]}", values + "; `" + word + "`", range);
    }
}
