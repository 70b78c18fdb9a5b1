package io.leprechaun.daemon.history;

import io.leprechaun.daemon.recipe.RecipeName;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * Where the counting of a recipe's intervals begins.
 *
 * @param every their length, in whole seconds
 * @param at never due itself
 */
public record Anchor(Duration every, Instant at) {
    /** Where it begins for a recipe's intervals of a length; empty where none was kept for them. */
    public static Optional<Instant> of(Map<RecipeName, Anchor> kept, RecipeName recipe, Duration length) {
        return Optional.ofNullable(kept.get(recipe)).flatMap(anchor -> anchor.of(length));
    }

    /** Where it begins for intervals of a length; empty for another than it was kept for. */
    public Optional<Instant> of(Duration length) {
        return Optional.of(at).filter(_ -> every.equals(length));
    }
}
