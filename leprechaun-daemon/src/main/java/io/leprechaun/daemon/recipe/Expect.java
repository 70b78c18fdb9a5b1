package io.leprechaun.daemon.recipe;

import io.leprechaun.daemon.units.Regex;
import java.time.Duration;
import java.util.Optional;

/**
 * What a run must be like to have succeeded, besides that its steps have.
 *
 * @param min the shortest time that it takes when it does what it should
 * @param max the longest
 * @param output what stands in a line of its output
 */
public record Expect(Optional<Duration> min, Optional<Duration> max, Optional<Regex> output) {
    /** Nothing. */
    public static final Expect NOTHING = new Expect(Optional.empty(), Optional.empty(), Optional.empty());
}
