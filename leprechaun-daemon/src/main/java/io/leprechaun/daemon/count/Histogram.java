package io.leprechaun.daemon.count;

import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;

/** A histogram of durations with fixed buckets. Thread-safe. */
public final class Histogram {
    /** The upper bounds of the buckets, inclusive, in nanoseconds. */
    private final long[] bounds;

    /** The number of durations in each bucket; the last one is for longer ones. */
    private final LongAdder[] buckets;

    private final LongAdder nanos = new LongAdder();

    /**
     * Creates an empty histogram.
     *
     * @param seconds the upper bounds of the buckets in seconds, ascending
     */
    public Histogram(double... seconds) {
        bounds = new long[seconds.length];
        buckets = new LongAdder[seconds.length + 1];
        for (int i = 0; i < buckets.length; i++) {
            buckets[i] = new LongAdder();
            if (i < seconds.length) {
                bounds[i] = Math.round(seconds[i] * 1e9);
            }
        }
    }

    /** Counts a duration; a negative one, where the clock was set back, counts as zero. */
    public void add(Duration took) {
        add(Math.max(0, took.toSeconds() > Integer.MAX_VALUE ? Long.MAX_VALUE / 1024 : took.toNanos()));
    }

    /** Counts a duration in nanoseconds. */
    public void add(long took) {
        int bucket = 0;
        while (bucket < bounds.length && took > bounds[bucket]) {
            bucket++;
        }
        buckets[bucket].increment();
        nanos.add(took);
    }

    /** A reader of the cumulative buckets. */
    @FunctionalInterface
    public interface BucketReader {
        /**
         * Takes one bucket.
         *
         * @param bound the upper bound in seconds; infinity for the last one
         * @param count the number of durations up to it
         */
        void take(double bound, long count);
    }

    /**
     * Passes each bucket to a reader, in ascending order.
     *
     * @return the sum of all durations in seconds
     */
    public double read(BucketReader reader) {
        double sum = nanos.sum() / 1e9;
        long count = 0;
        for (int i = 0; i < buckets.length; i++) {
            count += buckets[i].sum();
            reader.take(i < bounds.length ? bounds[i] / 1e9 : Double.POSITIVE_INFINITY, count);
        }
        return sum;
    }
}
