package io.leprechaun.daemon.run;

import java.time.Instant;
import java.util.Optional;

/**
 * That a recipe is held back: what becomes due for it does not run. Immutable.
 *
 * @param at since when
 * @param until when it is over by itself; empty: not before somebody resumes the recipe
 * @param by the user who said so last
 * @param reason what that user gave as one
 */
public record Pause(Instant at, Optional<Instant> until, String by, Optional<String> reason) {
    /** Whether it is not over yet. That it has begun is not asked: a clock that is set back must not end it. */
    public boolean holds(Instant now) {
        return until.isEmpty() || now.isBefore(until.get());
    }
}
