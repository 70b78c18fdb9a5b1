package io.leprechaun.daemon.notify;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What the past of a recipe adds to how one of its runs ended.
 *
 * @param standing whether it is the first failure or one of many, in sentences
 * @param usual how long its last successes took, in the median; empty: nobody knows
 * @param changes what is not as it was when the recipe last succeeded, the likeliest cause first
 */
record RunContext(List<String> standing, Optional<Duration> usual, List<Difference> changes) {
    /** Nothing is known. */
    static final RunContext NONE = new RunContext(List.of(), Optional.empty(), List.of());

    /**
     * Something that was changed.
     *
     * @param lines what is gone after {@code -}, what is new after {@code +}; may be empty
     */
    record Difference(String sentence, List<String> lines) {
        Difference {
            lines = List.copyOf(lines);
        }
    }

    RunContext {
        standing = List.copyOf(standing);
        changes = List.copyOf(changes);
    }
}
