package io.leprechaun.daemon.process;

import java.util.OptionalInt;
import java.util.Set;

/**
 * A set of marks.
 *
 * @param store the identity of their store
 * @param runs the numbers of their runs, with all attempts
 * @param step the first step of their pipeline; empty: any
 */
public record MarkFilter(String store, Set<Long> runs, OptionalInt step) {
    public MarkFilter {
        runs = Set.copyOf(runs);
    }

    /** Returns a filter for all attempts and steps of a run. */
    public static MarkFilter run(Mark mark) {
        return new MarkFilter(mark.store(), Set.of(mark.run()), OptionalInt.empty());
    }

    /** Returns a filter for one pipeline of a run, in all attempts. */
    public static MarkFilter pipeline(Mark mark) {
        return new MarkFilter(mark.store(), Set.of(mark.run()), OptionalInt.of(mark.step()));
    }

    boolean covers(Mark mark) {
        return store.equals(mark.store())
                && runs.contains(mark.run())
                && (step.isEmpty() || step.getAsInt() == mark.step());
    }

    boolean covers(long tag) {
        if (step.isPresent()) {
            return runs.stream().anyMatch(run -> new Mark(store, run, 1, step.getAsInt()).tag() == tag);
        }
        return runs.stream().anyMatch(run -> Mark.tag(store, run) == Mark.withoutStep(tag));
    }
}
