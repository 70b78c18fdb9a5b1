package io.leprechaun.daemon.recipe;

import java.util.List;
import java.util.Optional;

/**
 * The rules by which a recipe's runs are admitted and repeated, and by which they end when the daemon stops.
 *
 * @param enabled false: nothing makes the recipe due
 * @param overlap the overlap policy; empty: {@code skip} for schedules, {@code queue} for hooks and by hand
 * @param priority the priority: the higher starts first, 0 by default, -1000 to 1000
 * @param locks the locks that a run holds while it works
 */
public record Policy(
        boolean enabled,
        Optional<Overlap> overlap,
        int priority,
        List<Lock> locks,
        Timing timing,
        Retry retry,
        CatchUp catchUp,
        OnStop onStop) {
    public Policy {
        locks = List.copyOf(locks);
    }

    /** Returns the same policy with other locks. */
    public Policy with(List<Lock> others) {
        return new Policy(enabled, overlap, priority, others, timing, retry, catchUp, onStop);
    }

    /** Returns the same policy with a priority that is not above a limit. */
    public Policy atMost(int highest) {
        return new Policy(enabled, overlap, Math.min(priority, highest), locks, timing, retry, catchUp, onStop);
    }
}
