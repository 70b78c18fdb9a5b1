package io.leprechaun.daemon.config;

import java.util.Optional;

/** How much of what a run prints is kept. */
public final class OutputCap {
    /** Unless something else is asked for: 16 MiB. */
    public static final long DEFAULT = 16 << 20;

    private static final long SMALLEST = 64 << 10;

    private OutputCap() {}

    /** What the section {@code history} says, in bytes. */
    public static Optional<Long> read(Fields fields) {
        return fields.section("history").flatMap(history -> {
            Optional<Long> output = history.size("output", SMALLEST, Long.MAX_VALUE);
            history.notYet("keep");
            history.done();
            return output;
        });
    }
}
