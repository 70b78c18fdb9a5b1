package io.leprechaun.bench;

/** Elapsed time by the monotonic clock. */
record Stopwatch(long began) {
    static Stopwatch start() {
        return new Stopwatch(System.nanoTime());
    }

    double seconds() {
        return (System.nanoTime() - began) / 1e9;
    }
}
