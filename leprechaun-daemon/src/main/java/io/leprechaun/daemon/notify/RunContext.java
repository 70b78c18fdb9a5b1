package io.leprechaun.daemon.notify;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The past of a recipe, for the notice of one of its runs.
 *
 * @param standing sentences on the failures in a row: the first one, one of many, or the recovery from them
 * @param usual the median duration of its last successes; empty: unknown
 * @param changes the changes since the recipe last succeeded, the likeliest cause first
 */
record RunContext(List<String> standing, Optional<Duration> usual, List<Difference> changes) {
    /** The context of a run whose past is unknown. */
    static final RunContext NONE = new RunContext(List.of(), Optional.empty(), List.of());

    /**
     * A change since the last success.
     *
     * @param lines the removed lines after {@code -}, the new ones after {@code +}; may be empty
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
