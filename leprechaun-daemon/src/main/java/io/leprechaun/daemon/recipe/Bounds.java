package io.leprechaun.daemon.recipe;

import io.leprechaun.daemon.settings.HistorySettings;
import io.leprechaun.daemon.settings.NotifyRules;
import java.time.Duration;
import java.util.Optional;

/**
 * What a recipe's runs are held to.
 *
 * @param timeout after which an attempt is ended; empty: never
 * @param grace from TERM to KILL, and what the steps that handle an end have together, 0 to 1 hour
 * @param history how much is kept of what runs leave
 * @param telling what people are told of them
 */
public record Bounds(
        Optional<Duration> timeout,
        Duration grace,
        Linger linger,
        Expect expect,
        HistorySettings history,
        NotifyRules telling) {
    /** The same with other limits of time, another history and other notices. */
    public Bounds with(Optional<Duration> otherTimeout, Duration otherGrace, HistorySettings kept, NotifyRules told) {
        return new Bounds(otherTimeout, otherGrace, linger, expect, kept, told);
    }
}
