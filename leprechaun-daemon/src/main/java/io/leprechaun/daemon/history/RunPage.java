package io.leprechaun.daemon.history;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.LongSupplier;

/**
 * A part of a list of runs.
 *
 * @param ids the numbers of runs, newest first
 * @param next the number below which the list goes on; empty: it is complete
 */
public record RunPage(List<Long> ids, OptionalLong next) {
    /** The number of runs that are searched at once where no index helps. */
    private static final long AT_ONCE = 10_000;

    /** The time for such a search, in nanoseconds: a list of what is rare may end early, and is continued. */
    private static final long PATIENCE = 1_000_000_000;

    public RunPage {
        ids = List.copyOf(ids);
    }

    /** Returns the page of a list whose numbers were all found. */
    public static RunPage of(List<Long> ids, int limit) {
        return new RunPage(ids, ids.size() < limit ? OptionalLong.empty() : OptionalLong.of(ids.getLast()));
    }

    /** Returns the page of a list by a kind of cause: it looks at runs from the newest on, until its time is over. */
    static RunPage search(RunStore store, RunFilter filter, LongSupplier nanoTime) {
        long begun = nanoTime.getAsLong();
        long first = filter.numbers().from();
        long below = Math.min(
                filter.numbers().below(),
                store.ids(RunFilter.newest(1)).stream().findFirst().orElse(0L) + 1);
        var found = new ArrayList<Long>();
        while (below > first) {
            long from = Math.max(first, below - AT_ONCE);
            found.addAll(
                    store.ids(filter.among(new RunFilter.Numbers(from, below)).atMost(filter.limit() - found.size())));
            if (found.size() == filter.limit()) {
                return of(found, filter.limit());
            }
            below = from;
            if (nanoTime.getAsLong() - begun >= PATIENCE) {
                return new RunPage(found, below > first ? OptionalLong.of(below) : OptionalLong.empty());
            }
        }
        return new RunPage(found, OptionalLong.empty());
    }
}
