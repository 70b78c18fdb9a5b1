package io.leprechaun.daemon.run;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Where the counting of a recipe's intervals begins.
 *
 * @param every their length, in whole seconds
 * @param at never due itself
 */
public record Anchor(Duration every, Instant at) {
    /** Where it begins for intervals of a length; empty for another than it was kept for. */
    public Optional<Instant> of(Duration length) {
        return Optional.of(at).filter(_ -> every.equals(length));
    }
}
