package io.leprechaun.daemon.recipe;

import io.leprechaun.daemon.settings.HistorySettings;
import io.leprechaun.daemon.settings.notify.NotifyRules;
import java.time.Duration;
import java.util.Optional;

/**
 * The limits of a recipe's runs.
 *
 * @param timeout the time after which an attempt is ended; empty: never
 * @param grace the time from TERM to KILL, and the time that the steps that handle an end have together, 0 to 1 hour
 * @param history the settings for the records that are kept of runs
 * @param telling the rules for notices of runs
 */
public record Bounds(
        Optional<Duration> timeout,
        Duration grace,
        Linger linger,
        Expect expect,
        HistorySettings history,
        NotifyRules telling) {
    /** Returns the same bounds with other limits of time, another history and other notices. */
    public Bounds with(Optional<Duration> otherTimeout, Duration otherGrace, HistorySettings kept, NotifyRules told) {
        return new Bounds(otherTimeout, otherGrace, linger, expect, kept, told);
    }
}
