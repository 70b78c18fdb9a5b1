package io.leprechaun.daemon.keys;

import io.leprechaun.daemon.yaml.MappingReader;
import io.leprechaun.daemon.yaml.Value;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The type of a key's values. Immutable. Its written form is made only when it is asked for, because the daemon never
 * needs it.
 *
 * @param reading the reader of a value, which notes the errors in it
 * @param form its written form
 * @param written the text of a value, as users write it
 * @param below the keys below it; empty: it has none
 */
public record Type<T>(
        Reading<T> reading, Supplier<Shape> form, Function<T, String> written, Optional<Supplier<KeyTable<?>>> below) {
    /** A reader of the value of a key; empty when it is absent, or invalid and therefore noted. */
    @FunctionalInterface
    public interface Reading<T> {
        /** Returns the value of a key of a map. */
        Optional<T> read(MappingReader fields, String key);
    }

    /** Returns a type without keys below. */
    public static <T> Type<T> of(Reading<T> reading, Supplier<Shape> form) {
        return new Type<>(reading, form, String::valueOf, Optional.empty());
    }

    /** Returns the type of a text that is parsed. */
    public static <T> Type<T> parsed(MappingReader.Parse<T> parse, Supplier<Shape> form) {
        return of((fields, key) -> fields.read(key, parse), form);
    }

    /** Returns the type of a list of texts, or a single one; a list that is read is never empty. */
    public static <T> Type<List<T>> list(MappingReader.Parse<T> parse, Supplier<Shape> form) {
        return listed((fields, key) -> fields.list(key, parse), () -> form.get().listed());
    }

    /** Returns the type of a list with a reader of its own; an empty list counts as absent. */
    public static <T> Type<List<T>> listed(Lists<T> reading, Supplier<Shape> form) {
        return of((fields, key) -> Optional.of(reading.read(fields, key)).filter(all -> !all.isEmpty()), form);
    }

    /** A reader of a list; the list is empty when the key is absent or no value is valid. */
    @FunctionalInterface
    public interface Lists<T> {
        /** Returns the values of a key of a map. */
        List<T> read(MappingReader fields, String key);
    }

    /** Returns the type of a value that only its user understands; it is read as it is written. */
    public static Type<Value> asItStands(Supplier<Shape> form) {
        return of(MappingReader::value, form);
    }

    /** Returns the same type with another text of a value. */
    public Type<T> written(Function<T, String> text) {
        return new Type<>(reading, form, text, below);
    }

    /** Returns the same type with keys below it, for which a schema's {@code "@"} stands. */
    public Type<T> with(Supplier<KeyTable<?>> keys) {
        return new Type<>(reading, form, written, Optional.of(keys));
    }

    /** Returns the type of a parsed text or {@code none}, which is an empty value. */
    public static <T> Type<Optional<T>> orNone(
            MappingReader.Parse<T> parse, Supplier<Shape> form, Function<T, String> written) {
        Type<Optional<T>> type = of(
                (fields, key) -> fields.unlessNone(key, parse), () -> form.get().or("none"));
        return type.written(value -> value.map(written).orElse("none"));
    }
}
