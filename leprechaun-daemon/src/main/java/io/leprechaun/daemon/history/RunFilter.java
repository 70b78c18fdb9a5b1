package io.leprechaun.daemon.history;

import io.leprechaun.daemon.recipe.RecipeName;
import io.leprechaun.daemon.recipe.TriggerKind;
import io.leprechaun.daemon.run.RunState;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * The selection of runs for a list.
 *
 * @param recipe the only recipe whose runs are listed; empty: all
 * @param states the only states that are listed; empty: any
 * @param trigger the only kind of cause that is listed; empty: any. No index has it: {@link RunStore#page} bounds the
 *     search
 * @param since the earliest time of acceptance, inclusive
 * @param until the latest time of acceptance, exclusive
 * @param numbers the numbers of the runs that are searched
 * @param limit the maximum number of runs, the newest, 1 to 100,000
 */
public record RunFilter(
        Optional<RecipeName> recipe,
        Set<RunState> states,
        Optional<TriggerKind> trigger,
        Optional<Instant> since,
        Optional<Instant> until,
        Numbers numbers,
        int limit) {
    /** The largest limit. */
    public static final int MOST = 100_000;

    /**
     * A range of numbers of runs.
     *
     * @param from the lowest number
     * @param below the number above the highest one
     */
    public record Numbers(long from, long below) {
        /** All numbers. */
        public static final Numbers ALL = new Numbers(0, Long.MAX_VALUE);
    }

    public RunFilter {
        states = Set.copyOf(states);
        if (limit < 1 || limit > MOST) {
            throw new IllegalArgumentException("invalid number of runs: " + limit);
        }
    }

    /** Returns a filter for the newest runs of any kind. */
    public static RunFilter newest(int limit) {
        return new RunFilter(
                Optional.empty(), Set.of(), Optional.empty(), Optional.empty(), Optional.empty(), Numbers.ALL, limit);
    }

    /** Returns this filter with another limit. */
    public RunFilter atMost(int runs) {
        return new RunFilter(recipe, states, trigger, since, until, numbers, runs);
    }

    /** Returns this filter for one recipe. */
    public RunFilter of(RecipeName name) {
        return new RunFilter(Optional.of(name), states, trigger, since, until, numbers, limit);
    }

    /** Returns this filter for some states. */
    public RunFilter in(Set<RunState> some) {
        return new RunFilter(recipe, some, trigger, since, until, numbers, limit);
    }

    /** Returns this filter for one kind of cause. */
    public RunFilter by(TriggerKind kind) {
        return new RunFilter(recipe, states, Optional.of(kind), since, until, numbers, limit);
    }

    /** Returns this filter for runs that were accepted in a stretch of time. */
    public RunFilter between(Optional<Instant> from, Optional<Instant> to) {
        return new RunFilter(recipe, states, trigger, from, to, numbers, limit);
    }

    /** Returns this filter for runs with some numbers. */
    public RunFilter among(Numbers some) {
        return new RunFilter(recipe, states, trigger, since, until, some, limit);
    }
}
