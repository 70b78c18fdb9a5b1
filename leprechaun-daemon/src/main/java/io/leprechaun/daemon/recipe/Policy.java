package io.leprechaun.daemon.recipe;

import java.util.Optional;

/**
 * How a recipe's runs are admitted, repeated and, when the daemon stops, let go.
 *
 * @param enabled false: nothing makes it due
 * @param overlap empty: {@code skip} for what a schedule triggers, {@code queue} for hooks and by hand
 * @param priority the higher starts first, 0 by default, -1000 to 1000
 */
public record Policy(
        boolean enabled, Optional<Overlap> overlap, int priority, Retry retry, CatchUp catchUp, OnStop onStop) {}
