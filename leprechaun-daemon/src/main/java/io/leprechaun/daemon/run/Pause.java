package io.leprechaun.daemon.run;

import io.leprechaun.daemon.units.LocalTimes;
import java.time.Instant;
import java.time.ZoneId;
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

    /** It in a sentence, its end in local time: {@code paused until 2026-11-27 09:00:00 by root: upgrade}. */
    public String sentence(ZoneId zone) {
        return "paused" + bounds(zone);
    }

    /** Its end in local time, its author and the reason given: {@code  until 2026-11-27 09:00:00 by root: upgrade}. */
    public String bounds(ZoneId zone) {
        return until.map(at -> " until " + LocalTimes.format(at, zone)).orElse("")
                + " by " + by
                + reason.map(why -> ": " + why).orElse("");
    }
}
