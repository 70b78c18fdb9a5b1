package io.leprechaun.daemon.view;

import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;

/** Iterables computed on each iteration, so that long lists need little memory. */
public final class Lazy {
    private Lazy() {}

    /** Returns the results of a function for all elements. */
    public static <T, R> Iterable<R> map(Iterable<T> all, Function<T, R> function) {
        return () ->
                StreamSupport.stream(all.spliterator(), false).map(function).iterator();
    }

    /** Returns the elements of several iterables. */
    public static <T> Iterable<T> flat(List<Iterable<T>> parts) {
        return () -> parts.stream()
                .flatMap(part -> StreamSupport.stream(part.spliterator(), false))
                .iterator();
    }

    /** Returns the values of keys, loaded in pages of this size. */
    public static <K, T> Iterable<T> pages(List<K> keys, int size, Function<List<K>, List<T>> load) {
        return () -> IntStream.iterate(0, start -> start < keys.size(), start -> start + size)
                .mapToObj(start -> load.apply(keys.subList(start, Math.min(keys.size(), start + size))))
                .flatMap(List::stream)
                .iterator();
    }
}
