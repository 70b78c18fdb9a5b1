package io.leprechaun.daemon.history;

import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/**
 * The silence of a recipe: its trouble is known to a user, or its notices are not wanted. Its notices are held back,
 * whatever the settings say. Immutable.
 *
 * @param at the start of the silence
 * @param until the instant at which it ends by itself; empty: when the recipe succeeds
 * @param by the user who asked for it last
 * @param reason the reason that this user gave
 */
public record Mute(Extent kind, Instant at, Optional<Instant> until, String by, Optional<String> reason) {
    /** The notices that are held back. */
    public enum Extent {
        /** Those of trouble, which is known. The recovery is notified and ends the silence. */
        ACK,
        /** All. */
        SNOOZE;

        /** Returns its name for users and programs: {@code ack}. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Returns whether the silence has not ended yet. */
    public boolean holds(Instant now) {
        return until.isEmpty() || now.isBefore(until.get());
    }
}
