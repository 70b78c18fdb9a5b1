package io.leprechaun.daemon.recipe;

import io.leprechaun.daemon.units.Regex;
import java.time.Duration;
import java.util.Optional;

/**
 * The conditions that a run has to meet to succeed, besides the success of its steps.
 *
 * @param min the shortest time that a successful run takes
 * @param max the longest time that a successful run takes
 * @param output the pattern that a line of its output has to match
 */
public record Expect(Optional<Duration> min, Optional<Duration> max, Optional<Regex> output) {
    /** No conditions. */
    public static final Expect NOTHING = new Expect(Optional.empty(), Optional.empty(), Optional.empty());
}
