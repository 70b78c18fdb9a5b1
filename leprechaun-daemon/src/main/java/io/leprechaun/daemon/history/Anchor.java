package io.leprechaun.daemon.history;

import io.leprechaun.daemon.recipe.RecipeName;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * The instant from which a recipe's intervals are counted.
 *
 * @param every the length of the intervals, in whole seconds
 * @param at the instant; never due itself
 */
public record Anchor(Duration every, Instant at) {
    /** Returns the instant from which a recipe's intervals of a length are counted; empty: none was kept for them. */
    public static Optional<Instant> of(Map<RecipeName, Anchor> kept, RecipeName recipe, Duration length) {
        return Optional.ofNullable(kept.get(recipe)).flatMap(anchor -> anchor.of(length));
    }

    /** Returns the instant from which intervals of a length are counted; empty for a length other than the kept one. */
    public Optional<Instant> of(Duration length) {
        return Optional.of(at).filter(_ -> every.equals(length));
    }
}
