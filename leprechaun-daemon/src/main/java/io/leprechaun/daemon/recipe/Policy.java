package io.leprechaun.daemon.recipe;

import java.util.List;
import java.util.Optional;

/**
 * How a recipe's runs are admitted, repeated and, when the daemon stops, let go.
 *
 * @param enabled false: nothing makes it due
 * @param overlap empty: {@code skip} for what a schedule triggers, {@code queue} for hooks and by hand
 * @param priority the higher starts first, 0 by default, -1000 to 1000
 * @param locks what a run holds while it works
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

    /** The same with other locks. */
    public Policy with(List<Lock> others) {
        return new Policy(enabled, overlap, priority, others, timing, retry, catchUp, onStop);
    }

    /** The same with a priority that is not above one. */
    public Policy atMost(int highest) {
        return new Policy(enabled, overlap, Math.min(priority, highest), locks, timing, retry, catchUp, onStop);
    }
}
