package io.leprechaun.daemon.history;

import io.leprechaun.daemon.recipe.RecipeName;
import io.leprechaun.daemon.run.RunState;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * Which runs to list.
 *
 * @param recipe of this recipe only
 * @param states in one of these states only; empty: in any
 * @param since accepted at or after
 * @param until accepted before
 * @param limit at most so many, the newest, 1 to 100,000
 */
public record RunFilter(
        Optional<RecipeName> recipe,
        Set<RunState> states,
        Optional<Instant> since,
        Optional<Instant> until,
        int limit) {
    public RunFilter {
        states = Set.copyOf(states);
        if (limit < 1 || limit > 100_000) {
            throw new IllegalArgumentException("not a number of runs: " + limit);
        }
    }

    /** The newest runs of whatever kind. */
    public static RunFilter newest(int limit) {
        return new RunFilter(Optional.empty(), Set.of(), Optional.empty(), Optional.empty(), limit);
    }

    /** Of these, those of one recipe. */
    public RunFilter of(RecipeName name) {
        return new RunFilter(Optional.of(name), states, since, until, limit);
    }

    /** Of these, those in one of some states. */
    public RunFilter in(Set<RunState> some) {
        return new RunFilter(recipe, some, since, until, limit);
    }

    /** Of these, those that were accepted in a stretch of time. */
    public RunFilter between(Optional<Instant> from, Optional<Instant> to) {
        return new RunFilter(recipe, states, from, to, limit);
    }
}
