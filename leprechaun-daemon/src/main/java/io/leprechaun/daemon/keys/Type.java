package io.leprechaun.daemon.keys;

import io.leprechaun.daemon.yaml.MappingReader;
import io.leprechaun.daemon.yaml.Value;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * What may stand behind a key. Immutable; its form in writing is made when it is asked for, because the daemon never asks.
 *
 * @param reading how it is read; what is wrong with it is noted there
 * @param form its form in writing
 * @param written a value as people write it
 * @param below the keys below it; empty: it has none
 */
public record Type<T>(
        Reading<T> reading, Supplier<Shape> form, Function<T, String> written, Optional<Supplier<KeyTable<?>>> below) {
    /** Reads the value of a key; empty when it is absent, or wrong and therefore noted. */
    @FunctionalInterface
    public interface Reading<T> {
        /** The value of a key of a map. */
        Optional<T> read(MappingReader fields, String key);
    }

    /** A type without keys below. */
    public static <T> Type<T> of(Reading<T> reading, Supplier<Shape> form) {
        return new Type<>(reading, form, String::valueOf, Optional.empty());
    }

    /** The meaning of a text. */
    public static <T> Type<T> parsed(MappingReader.Parse<T> parse, Supplier<Shape> form) {
        return of((fields, key) -> fields.read(key, parse), form);
    }

    /** A list of texts, or a single one; never empty where it is read. */
    public static <T> Type<List<T>> list(MappingReader.Parse<T> parse, Supplier<Shape> form) {
        return listed((fields, key) -> fields.list(key, parse), () -> form.get().listed());
    }

    /** A list that a reader of its own reads; empty where that finds none. */
    public static <T> Type<List<T>> listed(Lists<T> reading, Supplier<Shape> form) {
        return of((fields, key) -> Optional.of(reading.read(fields, key)).filter(all -> !all.isEmpty()), form);
    }

    /** Reads a list; an empty one when the key is absent or all is wrong. */
    @FunctionalInterface
    public interface Lists<T> {
        /** The values of a key of a map. */
        List<T> read(MappingReader fields, String key);
    }

    /** A value that only its reader understands; read as it stands. */
    public static Type<Value> asItStands(Supplier<Shape> form) {
        return of(MappingReader::value, form);
    }

    /** The same type with another way of writing a value. */
    public Type<T> written(Function<T, String> text) {
        return new Type<>(reading, form, text, below);
    }

    /** The same type with keys below it, which a schema's {@code "@"} stands for. */
    public Type<T> with(Supplier<KeyTable<?>> keys) {
        return new Type<>(reading, form, written, Optional.of(keys));
    }

    /** This, or {@code none}, which is an empty value. */
    public static <T> Type<Optional<T>> orNone(
            MappingReader.Parse<T> parse, Supplier<Shape> form, Function<T, String> written) {
        Type<Optional<T>> type = of(
                (fields, key) -> fields.unlessNone(key, parse), () -> form.get().or("none"));
        return type.written(value -> value.map(written).orElse("none"));
    }
}
