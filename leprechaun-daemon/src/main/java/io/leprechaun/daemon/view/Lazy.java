package io.leprechaun.daemon.view;

import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;

/** Things that come to be while they are looked at, each time anew, so that many of them need little room. */
public final class Lazy {
    private Lazy() {}

    /** What becomes of each. */
    public static <T, R> Iterable<R> map(Iterable<T> all, Function<T, R> function) {
        return () ->
                StreamSupport.stream(all.spliterator(), false).map(function).iterator();
    }

    /** All of several. */
    public static <T> Iterable<T> flat(List<Iterable<T>> parts) {
        return () -> parts.stream()
                .flatMap(part -> StreamSupport.stream(part.spliterator(), false))
                .iterator();
    }

    /** What keys stand for, asked for so many at a time. */
    public static <K, T> Iterable<T> pages(List<K> keys, int size, Function<List<K>, List<T>> load) {
        return () -> IntStream.iterate(0, start -> start < keys.size(), start -> start + size)
                .mapToObj(start -> load.apply(keys.subList(start, Math.min(keys.size(), start + size))))
                .flatMap(List::stream)
                .iterator();
    }
}
