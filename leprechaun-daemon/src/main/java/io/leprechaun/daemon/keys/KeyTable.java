package io.leprechaun.daemon.keys;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * The keys of one map, in the order of the documentation. Filled while the class that holds it is loaded, and never
 * after.
 *
 * @param <R> the type of the object that holds the values, from which they are shown
 */
public final class KeyTable<R> {
    private final List<Row<R>> rows = new ArrayList<>();

    /**
     * A key, and its values that are shown.
     *
     * @param value its value as text; empty: it is not shown
     * @param below the values by the names below it
     */
    public record Row<R>(Key<?> key, Function<R, String> value, Function<R, Map<String, String>> below) {}

    /** Adds a key that is not shown by itself. */
    public <T> Key<T> add(Key<T> key) {
        return addText(key, _ -> "");
    }

    /** Adds a key whose value is always shown. */
    public <T> Key<T> add(Key<T> key, Function<R, T> value) {
        return addText(key, all -> key.written(value.apply(all)));
    }

    /** Adds a key whose value is shown where it has one. */
    public <T> Key<T> addIfAny(Key<T> key, Function<R, Optional<T>> value) {
        return addText(key, all -> value.apply(all).map(key::written).orElse(""));
    }

    /** Adds a key with words for its value; empty words: it is not shown. */
    public <T> Key<T> addText(Key<T> key, Function<R, String> value) {
        rows.add(new Row<>(key, value, _ -> Map.of()));
        return key;
    }

    /** Adds a key with names below it, each of which is shown by itself. */
    public <T> Key<T> addAll(Key<T> key, Function<R, Map<String, String>> below) {
        rows.add(new Row<>(key, _ -> "", below));
        return key;
    }

    /** Adds the keys of another table. */
    public void addAll(KeyTable<?> other) {
        other.keys().forEach(this::add);
    }

    /** Returns the rows, in their order. */
    public List<Row<R>> rows() {
        return List.copyOf(rows);
    }

    /** Returns the keys, in their order. */
    public List<Key<?>> keys() {
        var keys = new ArrayList<Key<?>>();
        rows.forEach(row -> keys.add(row.key()));
        return keys;
    }

    /** Returns the names of the keys, in their order. */
    public String[] names() {
        return keys().stream().map(Key::name).toArray(String[]::new);
    }
}
