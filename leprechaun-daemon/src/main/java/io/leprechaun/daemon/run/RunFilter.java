package io.leprechaun.daemon.run;

import io.leprechaun.daemon.recipe.RecipeName;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * Which runs to list.
 *
 * @param recipe of this recipe only
 * @param states in one of these states only; empty: in any
 * @param since accepted at or after
 * @param limit at most so many, the newest, 1 to 100,000
 */
public record RunFilter(Optional<RecipeName> recipe, Set<RunState> states, Optional<Instant> since, int limit) {
    public RunFilter {
        states = Set.copyOf(states);
        if (limit < 1 || limit > 100_000) {
            throw new IllegalArgumentException("not a number of runs: " + limit);
        }
    }
}
