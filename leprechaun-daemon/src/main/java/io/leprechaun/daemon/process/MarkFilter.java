package io.leprechaun.daemon.process;

import java.util.OptionalInt;
import java.util.Set;

/**
 * Which marks are meant.
 *
 * @param store of this store
 * @param runs of these runs, all their attempts
 * @param step of the pipeline that begins with this step; empty: of any
 */
public record MarkFilter(String store, Set<Long> runs, OptionalInt step) {
    public MarkFilter {
        runs = Set.copyOf(runs);
    }

    /** Everything of a run. */
    public static MarkFilter run(Mark mark) {
        return new MarkFilter(mark.store(), Set.of(mark.run()), OptionalInt.empty());
    }

    /** Everything of one pipeline of a run. */
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
