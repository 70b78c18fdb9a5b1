package io.leprechaun.daemon.run;

import io.leprechaun.daemon.units.LocalTimes;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Optional;

/**
 * The pause of a recipe: its runs that become due do not start. Immutable.
 *
 * @param at the instant at which it began
 * @param until the instant at which it ends by itself; empty: not before a user resumes the recipe
 * @param by the user who set it last
 * @param reason the reason that this user gave
 */
public record Pause(Instant at, Optional<Instant> until, String by, Optional<String> reason) {
    /**
     * Returns whether the pause is not over yet. Its beginning is not compared: a clock that is set back must not end
     * it.
     */
    public boolean holds(Instant now) {
        return until.isEmpty() || now.isBefore(until.get());
    }

    /**
     * Returns the pause as a sentence, with its end in local time: {@code paused until 2026-11-27 09:00:00 by root:
     * upgrade}.
     */
    public String sentence(ZoneId zone) {
        return "paused" + bounds(zone);
    }

    /**
     * Returns its end in local time, its author and the reason given: {@code until 2026-11-27 09:00:00 by root:
     * upgrade}.
     */
    public String bounds(ZoneId zone) {
        return until.map(at -> " until " + LocalTimes.format(at, zone)).orElse("")
                + " by " + by
                + reason.map(why -> ": " + why).orElse("");
    }
}
