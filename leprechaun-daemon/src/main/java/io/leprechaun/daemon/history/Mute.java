package io.leprechaun.daemon.history;

import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/**
 * That somebody knows about a recipe, or does not want to hear of it: people are not told, whatever the settings say. Immutable.
 *
 * @param at since when
 * @param until when it is over by itself; empty: when the recipe succeeds
 * @param by the user who said so last
 * @param reason what that user gave as one
 */
public record Mute(Extent kind, Instant at, Optional<Instant> until, String by, Optional<String> reason) {
    /** How silent. */
    public enum Extent {
        /** Trouble is known: it is not told, but the recovery is, and ends it. */
        ACK,
        /** Nothing is told. */
        SNOOZE;

        /** What people and programs call it: {@code ack}. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Whether it is not over yet. */
    public boolean holds(Instant now) {
        return until.isEmpty() || now.isBefore(until.get());
    }
}
