package io.leprechaun.daemon.recipe;

import java.time.Duration;
import java.util.Optional;

/**
 * How a recipe's runs are admitted and ended.
 *
 * @param enabled false: nothing makes it due
 * @param overlap empty: {@code skip} for what a schedule triggers, {@code queue} for hooks and by hand
 * @param priority the higher starts first, 0 by default, -1000 to 1000
 * @param timeout after which the whole run is ended; empty: never
 * @param grace from TERM to KILL, 0 to 1 hour
 */
public record Policy(
        boolean enabled,
        Optional<Overlap> overlap,
        int priority,
        Optional<Duration> timeout,
        Duration grace,
        OnStop onStop) {}
