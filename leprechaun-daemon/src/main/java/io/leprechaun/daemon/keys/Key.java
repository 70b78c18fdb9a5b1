package io.leprechaun.daemon.keys;

import io.leprechaun.daemon.yaml.MappingReader;
import java.util.Optional;

/**
 * A key of a recipe or a setting: one row of the table of keys. Readers take bounds and default from it. The schemas,
 * the manual pages, the tables of the documentation and the shipped settings are generated from it. Immutable.
 *
 * @param name the name as it is written
 * @param description its meaning, a sentence
 * @param preset the value that holds where it is absent; empty: {@code fallback} describes it
 * @param fallback the same in words; empty: there is nothing to describe
 * @param example a value as YAML; empty: the default serves
 * @param inForce whether the shipped settings set it to the example, and not in a comment
 */
public record Key<T>(
        String name,
        Type<T> type,
        String description,
        Optional<T> preset,
        String fallback,
        String example,
        boolean inForce) {
    /** Returns a key of a type, without a meaning, a default or an example yet. */
    public static <T> Key<T> of(String name, Type<T> type) {
        return new Key<>(name, type, "", Optional.empty(), "", "", false);
    }

    /** Returns the same with its meaning, a sentence. */
    public Key<T> says(String sentence) {
        return new Key<>(name, type, sentence, preset, fallback, example, inForce);
    }

    /** Returns the same with the value that holds where it is absent. */
    public Key<T> usually(T value) {
        return new Key<>(name, type, description, Optional.of(value), fallback, example, inForce);
    }

    /** Returns the same with words for the value that holds where it is absent. */
    public Key<T> unless(String words) {
        return new Key<>(name, type, description, preset, words, example, inForce);
    }

    /** Returns the same with an example, as YAML. */
    public Key<T> example(String yaml) {
        return new Key<>(name, type, description, preset, fallback, yaml, inForce);
    }

    /** Returns the same with a value that the shipped settings set, as YAML. */
    public Key<T> shipped(String yaml) {
        return new Key<>(name, type, description, preset, fallback, yaml, true);
    }

    /** Returns the same, which the shipped settings set to its default. */
    public Key<T> shipped() {
        return new Key<>(name, type, description, preset, fallback, example, true);
    }

    /** Returns its value; empty when it is absent, or invalid and therefore noted. */
    public Optional<T> read(MappingReader fields) {
        return type.reading().read(fields, name);
    }

    /** Returns its value; a missing key is noted. */
    public Optional<T> need(MappingReader fields) {
        if (!fields.has(name)) {
            fields.wrong("`" + name + "` is missing; add it");
        }
        return read(fields);
    }

    /** Returns its value, or another one where it is absent or invalid. */
    public T or(MappingReader fields, T usual) {
        return read(fields).orElse(usual);
    }

    /** Returns its value, or its own default where it is absent or invalid. */
    public T value(MappingReader fields) {
        return read(fields).orElseGet(this::usual);
    }

    /**
     * Returns the value that holds where it is absent.
     *
     * @throws IllegalStateException when it has no default
     */
    public T usual() {
        return preset.orElseThrow(() -> new IllegalStateException(name + " has no default"));
    }

    /** Returns a value as users write it. */
    public String written(T value) {
        return type.written().apply(value);
    }
}
