package io.leprechaun.daemon.count;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.ObjLongConsumer;

/**
 * Counters by labels. Their number is limited: when there are {@value #MOST}, new labels are counted together with an
 * empty first label. Thread-safe.
 */
public final class LabelledCounts {
    static final int MOST = 20_000;

    private final ConcurrentMap<List<String>, LongAdder> counts = new ConcurrentHashMap<>();

    /** Counts once. */
    public void add(String... labels) {
        add(1, labels);
    }

    /** Counts several times. */
    public void add(long times, String... labels) {
        var key = List.of(labels);
        LongAdder known = counts.get(key);
        if (known == null) {
            known = counts.computeIfAbsent(bounded(key), _ -> new LongAdder());
        }
        known.add(times);
    }

    private List<String> bounded(List<String> key) {
        if (counts.size() < MOST) {
            return key;
        }
        var rest = new ArrayList<>(key);
        rest.set(0, "");
        return List.copyOf(rest);
    }

    /** Passes the labels of each counter with its value to a reader, in any order. */
    public void forEach(ObjLongConsumer<List<String>> reader) {
        counts.forEach((labels, count) -> reader.accept(labels, count.sum()));
    }
}
